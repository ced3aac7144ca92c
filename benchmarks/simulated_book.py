"""What simple models reach on the simulated book: the table its frozen parameters were fixed against.

Run: python benchmarks/simulated_book.py [SNAPSHOTS] [SEED…]
Forward label, horizon 50, threshold mean |l| / 2, split 70/15/15 with purge; macro-F1 / MCC on the test part.
"""

from __future__ import annotations

import sys
import time

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, matthews_corrcoef
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from zoo import data
from zoo.data import Part

LENGTH = 100
RECIPE = {
    "kind": "orderbook",
    "features": {"levels": 5, "prices": "relative_bps", "sizes": "log"},
    "window": {"length": LENGTH},
    "label": {"kind": "forward", "horizon": 50, "threshold": "half_mean_abs"},
}


def averages(part: Part, length: int) -> NDArray[np.float64]:
    """(sample, feature) mean of each window's last ``length`` rows."""
    assert part.values is not None
    total = np.cumsum(np.vstack([np.zeros((1, part.values.shape[1])), part.values]), axis=0)
    mean: NDArray[np.float64] = (total[part.rows + 1] - total[part.rows + 1 - length]) / length
    return mean


def scores(truth: NDArray[np.int64], guess: NDArray[np.int64]) -> str:
    """Macro-F1 / MCC."""
    return f"{f1_score(truth, guess, average='macro'):.3f}/{matthews_corrcoef(truth, guess):.3f}"


def rows_of(part: Part) -> dict[str, NDArray[np.float64]]:
    """The inputs of each logistic regression."""
    assert part.last is not None and part.hidden is not None
    short, long = averages(part, 20), averages(part, LENGTH)
    return {
        "logistic, last snapshot": part.last.astype(np.float64),
        "logistic, mean of 20": short,
        f"logistic, mean of {LENGTH}": long,
        f"logistic, last + means of 20 and {LENGTH}": np.hstack([part.last, short, long]),
        "oracle: logistic on the hidden pressure": part.hidden,
    }


def main(snapshots: int, seed: int) -> None:
    """Print the table of one simulated book."""
    began = time.perf_counter()
    book = data.orderbook.simulate(snapshots=snapshots, seed=seed)
    seconds = time.perf_counter() - began
    ready = data.prepare(RECIPE, book, input_shapes={"book": (LENGTH, 20)}, outputs={"direction": 3})
    truth, learn = ready.test.y["direction"], ready.train.y["direction"]
    assert ready.test.persistence is not None
    shares = np.bincount(truth, minlength=3) / len(truth)
    print(f"{ready.about}; simulated in {seconds:.1f} s; test part down/stationary/up {shares.round(2)}")
    majority = np.full(len(truth), np.bincount(learn).argmax())
    print(f"  {'majority':48} {scores(truth, majority)}")
    print(f"  {'persistence':48} {scores(truth, ready.test.persistence)}")
    fit, score = rows_of(ready.train), rows_of(ready.test)
    for name, inputs in fit.items():
        model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=500)).fit(inputs, learn)
        print(f"  {name:48} {scores(truth, model.predict(score[name]))}")


if __name__ == "__main__":
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    for number in [int(text) for text in sys.argv[2:]] or [7, 8, 9]:
        main(size, number)
