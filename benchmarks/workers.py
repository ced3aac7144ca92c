"""Six trainings with one process and with two: how much faster two are, workers' start included.

One process has all cores, as ``zoo.train`` has; each of two has half of them. Small models of short windows
are what walks, searches and sweeps train by the dozen. Read the ratio, on a machine with nothing else to do.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import zoo
from zoo.train.items import Item, run_items

CASES = {
    "hrnn_lob, 3,000 simulated snapshots": ("hrnn_lob", {"simulate": {"snapshots": 3000}}, {"epochs": 2}),
    "lstm_stateless, 61 windows": ("lstm_stateless", None, {"epochs": 40}),
}


def seconds(name: str, data: object, options: dict[str, object], workers: int) -> float:
    text = zoo.load(name).to_yaml()
    # The first one of a process traces and imports; so does the first one of each worker.
    items = [Item("fit", text, options, seed) for seed in range(6)]
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        results = list(run_items(items, data, folder, workers=workers))
        took = time.perf_counter() - started
    assert all(result.error is None for _, result in results), results
    return took


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    for title, case in CASES.items():
        for _ in range(rounds):
            one, two = seconds(*case, workers=1), seconds(*case, workers=2)
            print(f"{title}: 1 worker {one:.1f} s, 2 workers {two:.1f} s, ratio {one / two:.2f}", flush=True)


if __name__ == "__main__":
    main()
