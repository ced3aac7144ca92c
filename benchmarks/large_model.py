"""The largest model of keras.applications: how fast its spec is read, and built beside Keras itself.

    python benchmarks/large_model.py

Prints processor seconds, the best of three, all in one process and in turns; no weights are downloaded.
"""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras

import zoo
from zoo.build.lift import from_keras

NAME = "NASNetLarge"
ROUNDS = 3


def _seconds(make: Callable[[], Any]) -> float:
    gc.collect()
    start = time.process_time()
    made = make()
    spent = time.process_time() - start
    del made
    keras.backend.clear_session()
    return spent


def main() -> None:
    by_keras = getattr(keras.applications, NAME)
    text = from_keras(by_keras(weights=None)).to_yaml()
    spec = zoo.loads(text)
    steps: dict[str, Callable[[], Any]] = {
        "validate": lambda: zoo.check_text(text),
        "Keras": lambda: by_keras(weights=None),
        "build": lambda: zoo.build(spec),
    }
    rounds = [{name: _seconds(make) for name, make in steps.items()} for _ in range(ROUNDS)]
    best = {name: min(spent[name] for spent in rounds) for name in steps}
    print(f"{NAME}: a spec of {len(text.splitlines()):,} lines, {len(spec.graph.layers):,} layers")
    print(f"validate: {best['validate']:.2f} s")
    ratio = best["build"] / best["Keras"]
    print(f"build: {best['build']:.2f} s, Keras itself {best['Keras']:.2f} s: {ratio:.2f} times")


if __name__ == "__main__":
    main()
