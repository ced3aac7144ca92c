"""Ten million snapshots from disk through training and scoring: memory stays, time grows in proportion.

A book is written as Parquet, row group by row group, then put on disk in columns (`data.store`), prepared,
trained on for one whole epoch, judged, and scored from its first window to its last into another Parquet
file. Windows are of 100 snapshots, one every 10: each snapshot is in ten of them. Then the same for books
of other levels, and for windows of other lengths, one every snapshot. Each line is a process of its own.

`held` is the peak of anonymous memory, which a process cannot give back, beside what it held when a book of
4,000 snapshots had been trained on. `RSS` is the peak of all of it: pages of mapped files count there as long
as nobody else needs the memory, so it grows until there is no more. Seconds are the processor's, of all
threads, so that what else runs on the machine does not count; `wall` is the clock's, all stages together. A
slope is that of seconds over size, both as logarithms: 1 is in proportion; below 1, what does not grow with
the size still shows. Training leaves out the first step, which compiles; preparing goes from the stored book
to it.

Run: python benchmarks/ten_million.py [SNAPSHOTS] (ten minutes and 15 GB of disk for ten million)
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from stored_book import anonymous, write

SPEC = """
spec: 1
name: ten_million
inputs: {{book: {{shape: [{length}, {features}]}}}}
graph:
  code: [book, Conv1D: {{filters: 4, kernel_size: 5, strides: 5}}, Flatten]
  move: [code, Dense: {{units: 3, activation: softmax}}]
outputs: {{move: {{loss: sparse_categorical_crossentropy}}}}
data:
  kind: orderbook
  store: {store}
  features: {{levels: {levels}, prices: relative_bps, sizes: log}}
  window: {{length: {length}, stride: {stride}}}
  label: {{horizon: 50}}
training: {{epochs: 1, batch_size: 1024, seed: 1}}
"""
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

    asked = {"levels": levels, "features": 4 * levels, "length": length, "stride": stride}
    small = zoo.loads(SPEC.format(store="null", **asked))
    zoo.train(small, zoo.data.orderbook.simulate(4_000, levels), verbose=0)
    before, peak = anonymous(), [0]

    def watch() -> None:
        while True:
            peak[0] = max(peak[0], anonymous())
            time.sleep(0.02)

    threading.Thread(target=watch, daemon=True).start()
    wall, began = time.perf_counter(), time.process_time()
    rows = len(zoo.data.orderbook.read(file, levels=levels, store=store))
    stored = time.process_time() - began
    clock = Clock()
    run = zoo.train(zoo.loads(SPEC.format(store=store, **asked)), file, callbacks=[clock], verbose=0)
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
                "held": peak[0] - before,
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
        ran = subprocess.run(
            [sys.executable, __file__, "--one", *given], capture_output=True, text=True, check=True
        )
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    shown = "".join(f"{found['seconds'][stage]:>10.1f}" for stage in STAGES)
    sizes = f"{rows:>12,}{levels:>8}{length:>8}{found['windows']:>12,}"
    print(f"{sizes}{shown}{found['wall']:>10.1f}{found['held']:>10,}{found['rss']:>10,}", flush=True)
    return found


def slopes(what: str, sizes: Sequence[float], lines: Sequence[dict[str, Any]]) -> None:
    """How each stage's seconds grow with the size."""
    told = []
    for stage in (*STAGES, "all"):
        seconds = [
            sum(line["seconds"].values()) if stage == "all" else line["seconds"][stage] for line in lines
        ]
        told.append(f"{stage} {np.polyfit(np.log(sizes), np.log(seconds), 1)[0]:.2f}")
    held = [line["held"] for line in lines]
    print(
        f"  seconds over {what}: slopes {', '.join(told)}; held {held[0]:,} → {held[-1]:,} MB\n", flush=True
    )


def main(rows: int) -> None:
    """Three tables, each with its slopes."""
    heads = "".join(f"{f'{stage}, s':>10}" for stage in STAGES)
    heads += "".join(f"{head:>10}" for head in ("wall, s", "held, MB", "RSS, MB"))
    print(f"{'snapshots':>12}{'levels':>8}{'window':>8}{'windows':>12}{heads}")
    sizes = [rows // 10, rows // 3, rows]
    slopes("snapshots", sizes, [measured(size, 10, 100, 10) for size in sizes])
    few = max(20_000, rows // 40)
    levels = [5, 10, 20]
    slopes("levels", levels, [measured(few, level, 50, 1) for level in levels])
    lengths = [25, 50, 100]
    slopes("window length", lengths, [measured(few, 10, length, 1) for length in lengths])


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2], sys.argv[3], *map(int, sys.argv[4:]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000)
