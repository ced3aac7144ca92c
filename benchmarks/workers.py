"""Six trainings with one process and with two: how much faster two are, workers' start included.

One process has all cores, as ``zoo.train`` has; each of two has half of them. Small models of short windows
are what walks, searches and sweeps train by the dozen. Read the ratio, on a machine with nothing else to do.
"""

from __future__ import annotations

import sys
import tempfile
import time

import zoo
from zoo.build.tensorflow_start import load_keras_quietly
from zoo.train.work.items import Item, run_items

CASES = {
    "hrnn_lob, windows of 20": ("hrnn_lob", {"window": 20}, {"simulate": {"snapshots": 6000}}, {"epochs": 2}),
    "lstm_stateless, 61 windows": ("lstm_stateless", {}, None, {"epochs": 60}),
}


def seconds(
    name: str, params: dict[str, int], data: object, options: dict[str, object], workers: int
) -> float:
    text = zoo.load(name, **params).to_yaml()
    items = [Item("fit", text, options, seed) for seed in range(6)]
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        results = list(run_items(items, data, folder, workers=workers))
        took = time.perf_counter() - started
    assert all(result.error is None for _, result in results), results
    return took


def main() -> None:
    load_keras_quietly()
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    for title, case in CASES.items():
        for _ in range(rounds):
            one, two = seconds(*case, workers=1), seconds(*case, workers=2)
            print(f"{title}: 1 worker {one:.1f} s, 2 workers {two:.1f} s, ratio {one / two:.2f}", flush=True)


if __name__ == "__main__":
    main()
