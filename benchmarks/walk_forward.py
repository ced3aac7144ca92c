"""A walk beside one continuous training of the same number of batches, in one process: what its steps cost.

The walk of the LSTM tutorial: 44 steps that end in a prediction each, 2,970 batches of one window, and those
batches in one call of Keras's ``fit``. Both build their model and trace it. Read the ratio, on a machine with
nothing else to do; the project's aim is below 3.
"""

from __future__ import annotations

import os
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np

import zoo
from zoo.train import sources
from zoo.train.batches import Batches
from zoo.train.engine import run_fit
from zoo.train.trained import Trained

WINDOWS, EPOCHS = 45, 3
SOURCE = {"toy": "pairs", "samples": WINDOWS + 14, "delta": 0.9, "sigma": 0.1, "lookback": 15, "seed": 7}


def walk_seconds(name: str) -> float:
    started = time.perf_counter()
    walk = zoo.walk_forward(name, SOURCE, first=1, step=1, refit="warm", epochs=EPOCHS, verbose=0)
    took = time.perf_counter() - started
    assert len(walk.losses) == EPOCHS * sum(range(1, WINDOWS))
    return took


def fit_seconds(name: str) -> float:
    started = time.perf_counter()
    spec = zoo.load(name)
    run = Trained.untrained(spec, seed=7)
    split = {"by": "time", "train": 1.0, "val": 0.0, "test": 0.0}
    part = sources.sample_of(sources.prepare(spec, SOURCE, run.tasks, split=split).train, run.tasks)
    rows = np.concatenate([np.arange(step) for step in range(1, WINDOWS)])
    batches = Batches(part.x, part.y, 1, rows=np.tile(rows, EPOCHS))
    assert len(batches) == EPOCHS * sum(range(1, WINDOWS))
    run_fit(run.model, batches, epochs=1)
    return time.perf_counter() - started


def main() -> None:
    for name in ("lstm_stateless", "lstm_stacked_stateful"):
        fitted, walked = fit_seconds(name), walk_seconds(name)
        print(f"{name}: fit {fitted:.1f} s, walk {walked:.1f} s, ratio {walked / fitted:.2f}", flush=True)


if __name__ == "__main__":
    main()
