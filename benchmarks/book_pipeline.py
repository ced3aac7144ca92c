"""Features, labels, scaler and windows of 1,000,000 snapshots, beside the same written in plain pandas.

    python benchmarks/book_pipeline.py [ROWS]

Each row is a process of its own: seconds (of processor time, the same on a busy machine) and peak memory are
of its work alone, less the 305 MB of the book and what Python and its libraries take. The ratio is to plain
pandas in the same run, which sees the same numbers and must come to the same features and classes. Windows
are gathered in batches of 64, one epoch.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from typing import Any

import numpy as np
import pandas as pd
from window_memory import random_book

from zoo import data
from zoo.data.orderbook import Book

LENGTH, LEVELS, HORIZON, BATCH = 100, 10, 50, 64
EXTRA = ["spread", "imbalance", "order_flow_imbalance"]
FEATURES = 4 * LEVELS + len(EXTRA)
RECIPE: dict[str, Any] = {
    "kind": "orderbook",
    "features": {"levels": LEVELS, "prices": "relative_bps", "sizes": "log", "extra": EXTRA},
    "window": {"length": LENGTH},
    "label": {"horizon": HORIZON},
    "split": {"train": 0.7, "val": 0.15, "test": 0.15},
}
RUNS: dict[str, dict[str, Any] | None] = {
    "plain pandas": None,
    "zoo": {},
    "zoo, five horizons": {"label": {"horizon": [10, 20, 30, 50, 100]}},
    "zoo, a label for each step": {"label": {"horizon": HORIZON, "per_step": True}},
    "zoo, sampled by volume": {"sample": {"by": "volume", "every": 5_000}},
    "zoo, rolling sessions": {"scale": {"method": "rolling_sessions"}},
}


def in_pandas(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """(row, feature) scaled float32, and (row,) classes, -1 where there is none: what a notebook does."""
    mid = (frame["ask_price_1"] + frame["bid_price_1"]) / 2
    made = pd.DataFrame(index=frame.index)
    for name in frame.columns:
        price = name.startswith(("ask_price", "bid_price"))
        made[name] = (frame[name] / mid - 1) * 1e4 if price else np.log1p(frame[name])
    made["spread"] = (frame["ask_price_1"] - frame["bid_price_1"]) / mid * 1e4
    bid, ask, qb, qa = (frame[name] for name in ("bid_price_1", "ask_price_1", "bid_size_1", "ask_size_1"))
    made["imbalance"] = (qb - qa) / (qb + qa)
    flow = qb.where(bid >= bid.shift(), 0) - qb.shift().where(bid <= bid.shift(), 0)
    flow -= qa.where(ask <= ask.shift(), 0) - qa.shift().where(ask >= ask.shift(), 0)
    flow.iloc[0] = 0
    made["order_flow_imbalance"] = np.sign(flow) * np.log1p(flow.abs())
    change = mid.rolling(HORIZON).mean().shift(-HORIZON) / mid - 1
    cut = round(0.7 * len(frame))
    train = made.iloc[:cut]
    made = (made - train.mean()) / train.std(ddof=0)
    alpha = change.iloc[: cut - HORIZON].abs().mean() / 2
    classes = np.select([change.isna(), change < -alpha, change > alpha], [-1, 0, 2], 1)
    return made.to_numpy(np.float32), classes


def gather(count: int, take: Any) -> None:
    """One shuffled epoch of the training windows."""
    order = np.random.default_rng(1).permutation(count)
    for start in range(0, count, BATCH):
        take(order[start : start + BATCH])


def work(name: str, book: Book) -> dict[str, float]:
    """One run: seconds until the parts are there, and of one epoch of batches."""
    more = RUNS[name]
    if more is None:
        frame = book.to_frame().drop(columns="time_ns")
        before, began = peak(), time.process_time()
        values, _ = in_pandas(frame)
        ready = time.process_time() - began
        windows = np.lib.stride_tricks.sliding_window_view(values, LENGTH, axis=0)
        count = round(0.7 * len(frame)) - HORIZON - LENGTH + 1
        gather(count, lambda rows: windows[rows].transpose(0, 2, 1).copy())
    else:
        if "scale" in more:
            session = (np.arange(len(book)) // (len(book) // 10)).astype(np.int32)
            book = Book(**{**vars(book), "session": session, "sessions": tuple(map(str, range(11)))})
        horizons = more.get("label", {}).get("horizon")
        outputs = [f"move_{item}" for item in horizons] if isinstance(horizons, list) else ["move"]
        steps = (LENGTH,) if more.get("label", {}).get("per_step") else ()
        before, began = peak(), time.process_time()
        parts = data.prepare(
            RECIPE | more,
            book,
            input_shapes={"book": (LENGTH, FEATURES)},
            outputs=dict.fromkeys(outputs, 3),
            output_shapes=dict.fromkeys(outputs, (*steps, 3)),
        )
        ready = time.process_time() - began
        x = parts.train.x["book"]
        gather(len(x), x.__getitem__)
    return {
        "ready": ready,
        "epoch": time.process_time() - began - ready,
        "peak": peak() - before,
    }


def peak() -> float:
    """Megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def check() -> None:
    """Both ways come to the same numbers and classes, on fewer rows."""
    book = random_book(20_000)
    values, classes = in_pandas(book.to_frame().drop(columns="time_ns"))
    parts = data.prepare(RECIPE, book, input_shapes={"book": (LENGTH, FEATURES)}, outputs={"move": 3})
    assert parts.train.values is not None
    np.testing.assert_allclose(parts.train.values, values, rtol=1e-3, atol=1e-3)
    for part in (parts.train, parts.val, parts.test):
        np.testing.assert_array_equal(part.y["move"], classes[part.rows])


def main(rows: int) -> None:
    """The table."""
    check()
    print(f"{rows:,} snapshots × {FEATURES} features, windows of {LENGTH}\n")
    print(f"{'':30}{'prepared':>12}{'ratio':>7}{'epoch':>12}{'ratio':>7}{'peak':>12}{'ratio':>7}")
    base: dict[str, float] = {}
    for name in RUNS:
        call = [sys.executable, __file__, str(rows), name]
        done = subprocess.run(call, stdout=subprocess.PIPE, text=True, check=True)
        found = json.loads(done.stdout)
        base = base or found
        shown = f"{name:30}"
        for key, unit in (("ready", "s"), ("epoch", "s"), ("peak", "MB")):
            shown += f"{found[key]:9,.{1 if unit == 's' else 0}f} {unit:2}{found[key] / base[key]:7.2f}"
        print(shown, flush=True)


if __name__ == "__main__":
    snapshots = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    if len(sys.argv) > 2:
        print(json.dumps(work(sys.argv[2], random_book(snapshots))))
    else:
        main(snapshots)
