"""The first and the later training steps of hrnn_lob: ours, plain Keras folded by hand, plain Keras as it is.

Each runs in a process of its own, after TensorFlow has started (a warm start): building the model, the first
step, which traces and compiles the graph, and the median of later steps. Read the ratios, not the seconds.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

STEPS, TIME, FEATURES, UNITS = 20, 100, 20, 32


def ours() -> Any:
    """The zoo's own build."""
    import zoo

    return zoo.build(zoo.load("hrnn_lob"))


def folded_by_hand() -> Any:
    """What an expert writes: time folded into the batch around the first LSTM."""
    import keras

    book = keras.Input((TIME, FEATURES, 1))
    rows = keras.ops.reshape(book, (-1, FEATURES, 1))
    codes = keras.ops.reshape(keras.layers.LSTM(UNITS)(rows), (-1, TIME, UNITS))
    return _compiled(book, codes)


def stock() -> Any:
    """Keras's own TimeDistributed, which unrolls the time axis in Python."""
    import keras

    book = keras.Input((TIME, FEATURES, 1))
    return _compiled(book, keras.layers.TimeDistributed(keras.layers.LSTM(UNITS))(book))


def _compiled(book: Any, codes: Any) -> Any:
    import keras

    window = keras.layers.LSTM(UNITS)(codes)
    model = keras.Model(book, keras.layers.Dense(3, activation="softmax")(window))
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


MODELS: dict[str, Callable[[], Any]] = {"zoo": ours, "folded by hand": folded_by_hand, "plain Keras": stock}


def measure(name: str, batch: int) -> dict[str, float]:
    """Seconds to build, to take the first step, and to take a later one (the median of twenty)."""
    import keras
    import numpy as np

    generator = np.random.default_rng(0)
    x = generator.normal(size=(batch, TIME, FEATURES, 1)).astype("float32")
    y = generator.integers(0, 3, size=batch)
    # A warm start: the backend itself has run before the clock does.
    keras.ops.convert_to_numpy(keras.ops.matmul(np.ones((2, 2), "float32"), np.ones((2, 2), "float32")))
    began = time.perf_counter()
    model = MODELS[name]()
    built = time.perf_counter()
    model.train_on_batch(x, y)
    first = time.perf_counter()
    later = []
    for _ in range(STEPS):
        start = time.perf_counter()
        model.train_on_batch(x, y)
        later.append(time.perf_counter() - start)
    return {"build": built - began, "first step": first - built, "later step": float(np.median(later))}


def main(batch: int) -> None:
    """Measure every model, and print the table."""
    print(f"hrnn_lob, batch of {batch}; seconds")
    print(f"{'':16}{'build':>10}{'first step':>12}{'later step':>12}")
    found: dict[str, dict[str, float]] = {}
    for name in MODELS:
        command = [sys.executable, __file__, "--one", name, str(batch)]
        ran = subprocess.run(command, capture_output=True, text=True, check=True)
        found[name] = json.loads(ran.stdout.splitlines()[-1])
        print(f"{name:16}" + "".join(f"{found[name][key]:{width}.3f}" for key, width in
              (("build", 10), ("first step", 12), ("later step", 12))), flush=True)  # fmt: skip
    ratio = found["zoo"]["later step"] / found["folded by hand"]["later step"]
    print(f"a later step of ours takes {ratio:.2f} of one folded by hand")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(sys.argv[2], int(sys.argv[3]))))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 64)
