"""R's predict() on 10,000 windows of ``hrnn_lob`` beside Python's, and beside reticulate's conversion.

Both go through the same compiled model, in one process, in turns, with one thread; the results are compared
before the clock runs. Python begins with the array that the model reads, R with its own array of doubles, so
R's time has the conversion both ways. What counts is the processor's time of a call, the best of the rounds.
Read the ratio; the bar is 1.15.

keras3 for R sends arrays through reticulate: its conversion alone, of a tenth of the windows, times ten, is
set beside. Debian's reticulate 1.28 refuses NumPy 2 and is measured by the lists that are left to its users;
give a Python with NumPy 1 (see r_values.py) to measure arrays. The R package of this checkout goes
into a library of its own.

    python benchmarks/r_predict.py [PYTHON_WITH_NUMPY_1]
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from r_values import RETICULATE

WINDOWS = 10_000
ROUNDS = 5
BAR = 1.15


def seconds(call: Callable[[], Any]) -> float:
    start = time.process_time()
    call()
    return time.process_time() - start


def measured() -> tuple[float, float, tuple[int, ...], tuple[int, ...]]:
    """Seconds in Python and in R; the shapes of what goes in and comes out."""
    import zoo
    from r_bridge import host, install
    from r_bridge.to_r import to_r
    from zoo.train.trained import Trained

    run = Trained.untrained(zoo.load("hrnn_lob"), seed=1)
    shape = (WINDOWS, *next(iter(run.spec.inputs.values())).shape)
    x = np.random.default_rng(1).normal(size=shape).astype(np.float32)
    fast = run.predictor(threads=1)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["R_LIBS"] = folder
        install.install()
        rinterface = host.start()
        bundle = run.save(Path(folder) / "hrnn_lob.zoo")
        rinterface.evalr("library(speczoo)")
        rinterface.globalenv["x"] = to_r(x)
        rinterface.evalr(f"p <- zoo_predictor(zoo_open('{bundle}'), threads = 1)")
    wanted = fast.predict(x)
    made = np.array(rinterface.evalr("as.vector(predict(p, x))")).reshape(wanted.shape, order="F")
    np.testing.assert_allclose(made, wanted, atol=1e-5)
    rounds = [
        (seconds(lambda: fast.predict(x)), seconds(lambda: rinterface.evalr("y <- predict(p, x)")))
        for _ in range(ROUNDS)
    ]
    python, in_r = (min(times) for times in zip(*rounds, strict=True))
    return python, in_r, shape, wanted.shape


def reticulate(python: str, shape: tuple[int, ...], result: tuple[int, ...]) -> tuple[float, str]:
    """Seconds of the conversion both ways, and how."""
    share = 10
    lines = (f"float32 1 {' '.join(map(str, (WINDOWS // share, *dims[1:])))}" for dims in (shape, result))
    environment = {**os.environ, "RETICULATE_PYTHON": python}
    environment.pop("PYTHONPATH", None)
    ran = subprocess.run(
        ["Rscript", "-e", RETICULATE],
        input="\n".join(lines), capture_output=True, text=True, check=True, env=environment, cwd="/",
    )  # fmt: skip
    there, back = (line.split() for line in ran.stdout.splitlines())
    return (float(there[0]) + float(back[1])) * share / 1000, there[2]


def main(python: str) -> None:
    """Measure, and print the table."""
    ours, in_r, shape, result = measured()
    converted, way = reticulate(python, shape, result)
    print(f"{WINDOWS:,} windows of {' × '.join(map(str, shape[1:]))}; ratios to Python, then seconds")
    print(f"{'Python, predictor':34}{1:8.2f}{ours:10.3f}")
    print(f"{'R, zoo_predictor()':34}{in_r / ours:8.2f}{in_r:10.3f}   bar {BAR}")
    print(
        f"{f'R, reticulate ({way}) and predictor':34}{(ours + converted) / ours:8.2f}{ours + converted:10.3f}"
    )


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else sys.executable)
