"""An order book in memory and on disk (`data.store`): memory and seconds from Parquet to a trained model.

Anonymous memory is what a process cannot give back; pages of a mapped file can be dropped by the system at
any time, and count for nothing here. TensorFlow's own share is told first and taken off. Each line is a
process of its own. Read the last column: what is held beside the size of the book, 64-bit numbers.

Run: python benchmarks/stored_book.py [SNAPSHOTS …]
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from memory import anonymous, watched

import zoo

LEVELS, PIECE = 10, 250_000
SPEC = """
spec: 1
name: stored
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
training: {{epochs: 1, batch_size: {batch}, seed: 1}}
"""


def spec(store: str, levels: int = LEVELS, length: int = 100, stride: int = 20, batch: int = 512) -> zoo.Spec:
    """A small model of windows of a book."""
    return zoo.loads(
        SPEC.format(
            store=store, levels=levels, features=4 * levels, length=length, stride=stride, batch=batch
        )
    )


def write(file: Path, rows: int, levels: int = LEVELS) -> None:
    """A book with the shape of a real one and no meaning, a row group at a time."""
    import pyarrow
    from pyarrow import parquet

    rng = np.random.default_rng(0)
    writer, mid = None, 100_000
    for start in range(0, rows, PIECE):
        count = min(PIECE, rows - start)
        walk = mid + np.cumsum(rng.integers(-1, 2, count))
        mid = int(walk[-1])
        columns = {"time_ns": (start + np.arange(count)) * 1_000_000}
        for level in range(levels):
            columns[f"ask_price_{level + 1}"] = (walk + 1 + level) / 100
            columns[f"ask_size_{level + 1}"] = rng.integers(1, 1000, count).astype(float)
            columns[f"bid_price_{level + 1}"] = (walk - 1 - level) / 100
            columns[f"bid_size_{level + 1}"] = rng.integers(1, 1000, count).astype(float)
        table = pyarrow.table(columns)
        writer = writer or parquet.ParquetWriter(file, table.schema)
        writer.write_table(table)
    writer.close()


def one(file: str, store: str) -> None:
    """Train on a file; print what TensorFlow takes, the peak and the seconds."""
    small = spec(store="null")
    zoo.train(small, zoo.data.orderbook.simulate(4_000, LEVELS), verbose=0)
    before, peak = anonymous(), watched()
    began = time.perf_counter()
    zoo.train(spec(store=store), file, verbose=0)
    print(before, peak(), time.perf_counter() - began)


def main(sizes: list[int]) -> None:
    """Three lines a size: in memory, put on disk, found on disk."""
    print(f"{'snapshots':>12}{'':>18}{'seconds':>10}{'before, MB':>12}{'peak, MB':>12}{'held / book':>13}")
    for rows in sizes:
        with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
            file = Path(folder) / "book.parquet"
            write(file, rows)
            kept = str(Path(folder) / "kept")
            for what, store in (("in memory", "null"), ("put on disk", kept), ("found on disk", kept)):
                ran = subprocess.run(
                    [sys.executable, __file__, "--one", str(file), store],
                    capture_output=True,
                    text=True,
                    check=True,
                )
                before, peak, seconds = map(float, ran.stdout.split()[-3:])
                share = (peak - before) / (rows * 4 * LEVELS * 8 / 2**20)
                line = f"{rows:>12,}{what:>18}{seconds:>10.1f}{before:>12.0f}{peak:>12.0f}{share:>13.2f}"
                print(line, flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(*sys.argv[2:])
    else:
        main([int(text) for text in sys.argv[1:]] or [1_000_000, 4_000_000])
