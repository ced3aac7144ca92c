"""Peak memory of training windows over 1,000,000 snapshots × 40 columns, windows of 100.

Run: python benchmarks/window_memory.py [ROWS]
Materialised float32 windows would take ROWS × 100 × 40 × 4 bytes (16 GB for a million rows).
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from zoo import data
from zoo.data.orderbook import Book

LENGTH, LEVELS, BATCH = 100, 10, 64
RECIPE = {
    "kind": "orderbook",
    "features": {"levels": LEVELS, "prices": "relative_bps", "sizes": "log"},
    "window": {"length": LENGTH},
    "label": {"horizon": 50},
}


def say(what: str, began: float) -> None:
    """Peak resident memory so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what:58} peak {peak:7,.0f} MB  {time.perf_counter() - began:6.1f} s", flush=True)


def random_book(rows: int) -> Book:
    """A book with the shape of a real one and no meaning; the simulator would take minutes."""
    rng = np.random.default_rng(0)
    mid = 100_000 + np.cumsum(rng.integers(-1, 2, rows))
    block = np.empty((rows, 4 * LEVELS))
    for level in range(LEVELS):
        block[:, 4 * level] = (mid + 1 + level) / 100
        block[:, 4 * level + 2] = (mid - 1 - level) / 100
        block[:, 4 * level + 1] = rng.integers(1, 1000, rows)
        block[:, 4 * level + 3] = rng.integers(1, 1000, rows)
    codes = np.zeros(rows, np.int32)
    fields = [block[:, place::4] for place in range(4)]
    return Book(np.arange(rows) * 1_000_000, *fields, session=codes, symbol=codes, name="random book")


def main(rows: int) -> None:
    """Prepare, then gather one epoch of batches; then the same from a CSV file of a tenth of the rows."""
    began = time.perf_counter()
    say("Python, NumPy", began)
    book = random_book(rows)
    say(f"book: {rows:,} × {4 * LEVELS} float64 = {rows * 4 * LEVELS * 8 / 2**20:,.0f} MB", began)
    ready = data.prepare(RECIPE, book, input_shapes={"book": (LENGTH, 4 * LEVELS, 1)}, outputs={"move": 3})
    say("prepared (features, scaler, labels, split)", began)
    x = ready.train.x["book"]
    order = np.random.default_rng(1).permutation(len(x))
    total = 0.0
    for start in range(0, len(order), BATCH):
        total += float(x[order[start : start + BATCH]][0, -1, 0, 0])
    say(f"one shuffled epoch: {len(x):,} windows in batches of {BATCH}", began)
    windows = len(x) + len(ready.val) + len(ready.test)
    print(f"windows copied out at once would be {windows * LENGTH * 4 * LEVELS * 4 / 2**30:,.1f} GB")
    del x, ready
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "book.csv"
        book.take(slice(0, rows // 10)).to_frame().to_csv(file, index=False)
        size = file.stat().st_size / 2**20
        began = time.perf_counter()
        again = data.orderbook.read(file)
        print(f"reading {len(again):,} rows of CSV ({size:,.0f} MB): {time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
