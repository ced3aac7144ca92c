"""Ten million snapshots from disk through training and scoring: memory stays, time grows in proportion.

A book is written as Parquet, row group by row group, then put on disk in columns (`data.store`), prepared,
trained on for one whole epoch, judged, and scored from its first window to its last into another Parquet
file. Windows are of 100 snapshots, one every 10: each snapshot is in ten of them. Then the same for books
of other levels, and for windows of other lengths, one every snapshot. Each line is a process of its own.

`held` is the peak of anonymous memory, which a process cannot give back, beside what it held when a book of
4,000 snapshots had been trained on. `RSS` is the peak of all of it, pages of mapped files included, which
stay as long as nobody else needs the memory. Where a control group can be made (root on Linux), each process
may have LIMIT megabytes in all, mapped pages included, and would be killed beyond; elsewhere RSS grows until
there is no more.

Seconds are the processor's, of all threads, so that what else runs on the machine does not count; `wall` is
the clock's, all stages together. Below each table its seconds are divided by those of its first line. What
does not grow with the size (reading, starting) is in them; it is not in `a further one`, what each further
snapshot, level or step of a window costs between the last two lines, divided by the same of the first two:
1 is in proportion. Training leaves out the first step, which compiles; preparing goes from the stored book to
it.

Run: python benchmarks/ten_million.py [SNAPSHOTS] (ten minutes and 15 GB of disk for ten million)
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from memory import anonymous, limited, watched
from stored_book import spec, write

LIMIT = 2_000  # megabytes
STAGES = ("store", "prepare", "train", "score")


def one(file: str, store: str, levels: int, length: int, stride: int) -> None:
    """All stages on one file: seconds and megabytes, as JSON."""
    import keras

    import zoo

    class Clock(keras.callbacks.Callback):
        """When the first step had ended, and when training had."""

        def __init__(self) -> None:
            super().__init__()
            self.called, self.begun, self.ended = time.process_time(), 0.0, 0.0

        def on_train_begin(self, logs: Any = None) -> None:
            """Keras calls this before the first step."""
            self.prepared = time.process_time() - self.called

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            """Keras calls this after each step."""
            self.begun = self.begun or time.process_time()
            self.ended = time.process_time()

    asked = {"levels": levels, "length": length, "stride": stride, "batch": 1024}
    zoo.train(spec("null", **asked), zoo.data.orderbook.simulate(4_000, levels), verbose=0)
    before, peak = anonymous(), watched()
    wall, began = time.perf_counter(), time.process_time()
    rows = len(zoo.data.orderbook.read(file, levels=levels, store=store))
    stored = time.process_time() - began
    clock = Clock()
    run = zoo.train(spec(store, **asked), file, callbacks=[clock], verbose=0)
    began = time.process_time()
    lines = run.predict_file(Path(file).with_name("scored.parquet"), file)
    scored = time.process_time() - began
    seconds = [stored, clock.prepared, clock.ended - clock.begun, scored]
    print(
        json.dumps(
            {
                "rows": rows,
                "windows": lines,
                "trained": len(run.prepared.train),
                "seconds": dict(zip(STAGES, seconds, strict=True)),
                "wall": time.perf_counter() - wall,
                "held": peak() - before,
                "rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            }
        )
    )


def measured(rows: int, levels: int, length: int, stride: int) -> dict[str, Any]:
    """A line of the table."""
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        file = Path(folder) / "book.parquet"
        write(file, rows, levels)
        given = [str(file), str(Path(folder) / "kept"), *map(str, (levels, length, stride))]
        command = [sys.executable, __file__, "--one", *given]
        with limited(LIMIT) as enter:
            ran = subprocess.run(command, capture_output=True, text=True, preexec_fn=enter)
    if ran.returncode:
        raise SystemExit(f"{rows:,} snapshots ended with status {ran.returncode}\n{ran.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    shown = "".join(f"{found['seconds'][stage]:>10.1f}" for stage in STAGES)
    sizes = f"{rows:>12,}{levels:>8}{length:>8}{found['windows']:>12,}"
    print(f"{sizes}{shown}{found['wall']:>10.1f}{found['held']:>10,}{found['rss']:>10,}", flush=True)
    return found


def growth(what: str, sizes: Sequence[int], lines: Sequence[dict[str, Any]]) -> None:
    """Each stage's seconds beside those of the first line, and what a further one costs."""
    # a few snapshots are trained on in one step, which is left out: never nothing, for it divides
    seconds = np.array([[max(line["seconds"][stage], 1e-3) for stage in STAGES] for line in lines])
    for size, row in zip(sizes[1:], seconds[1:] / seconds[0], strict=True):
        _ratios(f"{what} ×{size / sizes[0]:.2f}", row)
    each = np.diff(seconds, axis=0) / np.diff(sizes)[:, None]
    _ratios("a further one", each[-1] / each[0])
    print(flush=True)


def _ratios(what: str, row: np.ndarray) -> None:
    print(f"{what:>40}" + "".join(f"{f'×{number:.2f}':>10}" for number in row))


def main(rows: int) -> None:
    """Three tables, each with its ratios."""
    with limited(LIMIT) as enter:
        held = "may have" if enter else "has no limit, for want of a control group; it would have"
        print(f"each process {held} {LIMIT:,} MB in all, mapped pages included")
    heads = "".join(f"{f'{stage}, s':>10}" for stage in STAGES)
    heads += "".join(f"{head:>10}" for head in ("wall, s", "held, MB", "RSS, MB"))
    print(f"{'snapshots':>12}{'levels':>8}{'window':>8}{'windows':>12}{heads}")
    sizes = [rows // 10, rows // 3, rows]
    growth("snapshots", sizes, [measured(size, 10, 100, 10) for size in sizes])
    few = max(20_000, rows // 40)
    levels = [5, 10, 20]
    growth("levels", levels, [measured(few, level, 50, 1) for level in levels])
    lengths = [25, 50, 100]
    growth("window length", lengths, [measured(few, 10, length, 1) for length in lengths])


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2], sys.argv[3], *map(int, sys.argv[4:]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000)
