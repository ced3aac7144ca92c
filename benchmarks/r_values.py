"""Arrays between R and Python: our bridge, rpy2's own numpy2ri, and reticulate.

To Python, the end is the array that a model reads: C order, of the input's type, known to hold no NA (ours
always looks; the others are followed by ``np.isfinite(x).all()``). To R, it is an R array of doubles. Every
result is compared with the same numbers made by NumPy before the clock runs. Each method has a process of its
own; what counts is the processor's time for a call, the best of three rounds. Read the ratios.

Debian's reticulate 1.28 refuses NumPy 2, so it needs a Python of its own, with NumPy 1:

    python -m venv /tmp/numpy1 && /tmp/numpy1/bin/pip install 'numpy<2'
    python benchmarks/r_values.py /tmp/numpy1/bin/python

Without one it is measured by what is left to its users: vectors that cross as lists.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from math import prod
from typing import Any

SIZES = (10**4, 10**5, 10**6, 10**7)
TYPES = ("float32", "float64")
CALLS = {10**4: 200, 10**5: 30, 10**6: 5, 10**7: 1}


def shapes(size: int) -> list[tuple[int, ...]]:
    return [(size // 40, 40), (size // 400, 20, 20), (size // 400, 10, 20, 2)]


def cases() -> Iterator[tuple[tuple[int, ...], str]]:
    for size in SIZES:
        for shape in shapes(size):
            for dtype in TYPES:
                yield shape, dtype


def expected(shape: tuple[int, ...], dtype: str) -> Any:
    """The array in C order; R's own is ``array((0:(n - 1) %% 997) / 4, shape)``."""
    import numpy as np

    values = (np.arange(prod(shape)) % 997 / 4).reshape(shape, order="F")
    return np.ascontiguousarray(values, dtype)


def best(call: Callable[[], Any], calls: int) -> float:
    """Milliseconds of the processor for a call, R's garbage collection included."""
    found: list[float] = []
    while len(found) < 3 and sum(found) * calls < 1:
        start = time.process_time()
        for _ in range(calls):
            call()
        found.append((time.process_time() - start) / calls)
    return min(found) * 1000


def within_python(to_python: Callable[[Any, str], Any], to_r: Callable[[Any], Any], evaluate: Any) -> Any:
    import numpy as np

    same = evaluate("function(a, b) identical(dim(a), dim(b)) && all(a == b)")
    found = []
    for shape, dtype in cases():
        dims = ", ".join(map(str, shape))
        in_r = evaluate(f"array((0:({prod(shape)} - 1) %% 997) / 4, c({dims}))")
        wanted = expected(shape, dtype)
        made = to_python(in_r, dtype)
        assert made.dtype == dtype and made.flags.c_contiguous and np.array_equal(made, wanted)
        assert same(to_r(wanted), in_r)[0]
        calls = CALLS[prod(shape)]
        found.append((best(partial(to_python, in_r, dtype), calls), best(partial(to_r, wanted), calls)))
    return found


def ours() -> Any:
    from r_bridge import host
    from r_bridge.tensors import tensor
    from r_bridge.to_r import to_r

    rinterface = host.start()
    return within_python(lambda value, dtype: tensor(value, "x", dtype), to_r, rinterface.evalr)


def numpy2ri() -> Any:
    import numpy as np
    import rpy2.rinterface as rinterface
    import rpy2.robjects as objects
    from rpy2.robjects import numpy2ri as rules

    with (objects.default_converter + rules.converter).context() as converter:
        return within_python(
            lambda value, dtype: without_na(np.ascontiguousarray(converter.rpy2py(value), dtype)),
            converter.py2rpy,
            rinterface.evalr,
        )


def without_na(values: Any) -> Any:
    import numpy as np

    assert np.isfinite(values).all()
    return values


RETICULATE = """
library(reticulate)
py <- py_run_string("
import numpy as np
def without_na(x):
    assert np.isfinite(x).all()
    return x
def c_order(x, dtype): return without_na(np.ascontiguousarray(x, dtype))
def from_list(x, dims, dtype):
    return without_na(np.ascontiguousarray(np.array(x, dtype).reshape(dims, order='F')))
def to_list(x): return x.ravel(order='F').tolist()
def expected(dims, dtype):
    n = int(np.prod(dims))
    return np.ascontiguousarray((np.arange(n) % 997 / 4).reshape(dims, order='F'), dtype)
def same(a, b): return bool(a.dtype == b.dtype and a.flags.c_contiguous and np.array_equal(a, b))
", convert = FALSE)
numpy1 <- !inherits(try(r_to_py(matrix(0)), silent = TRUE), "try-error")
best <- function(call, calls) {
  one <- function(i) system.time(for (k in seq_len(calls)) call(), gcFirst = FALSE)
  min(vapply(1:3, function(i) sum(one(i)[c("user.self", "sys.self")]), 0)) / calls * 1000
}
for (line in readLines(file("stdin"))) {
  fields <- strsplit(line, " ")[[1]]
  dtype <- fields[[1]]; calls <- as.integer(fields[[2]]); dims <- as.integer(fields[-(1:2)])
  x <- array((0:(prod(dims) - 1) %% 997) / 4, dims)
  wanted <- py$expected(as.list(dims), dtype)
  if (numpy1) {
    to_python <- function() py$c_order(r_to_py(x), dtype)
    to_r <- function() py_to_r(wanted)
  } else {
    to_python <- function() py$from_list(as.vector(x), as.list(dims), dtype)
    to_r <- function() array(py_to_r(py$to_list(wanted)), dims)
  }
  stopifnot(py_to_r(py$same(to_python(), wanted)), identical(dim(to_r()), dims), all(to_r() == x))
  cat(best(to_python, calls), best(to_r, calls), if (numpy1) "arrays" else "lists", "\\n")
}
"""


def reticulate(python: str) -> tuple[Any, str]:
    lines = []
    for shape, dtype in cases():
        lines.append(" ".join(map(str, (dtype, CALLS[prod(shape)], *shape))))
    environment = {**os.environ, "RETICULATE_PYTHON": python}
    environment.pop("PYTHONPATH", None)
    ran = subprocess.run(
        ["Rscript", "-e", RETICULATE],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        check=True,
        env=environment,
        cwd="/",
    )
    rows = [line.split() for line in ran.stdout.splitlines()]
    return [(float(row[0]), float(row[1])) for row in rows], rows[0][2]


def measured(name: str) -> Any:
    ran = subprocess.run(
        [sys.executable, __file__, "--one", name], capture_output=True, text=True, check=True
    )
    return json.loads(ran.stdout.splitlines()[-1])


def main(python: str) -> None:
    """Measure each method, and print the table."""
    own, rpy2 = measured("ours"), measured("numpy2ri")
    theirs, way = reticulate(python)
    print(f"how many times as long as ours; then our milliseconds. reticulate: {way}")
    heads = "".join(f"{name:>12}" for name in ("numpy2ri", "reticulate", "ours, ms"))
    print(f"{'':38}{'R to Python':>36}{'Python to R':>36}\n{'':38}{heads}{heads}")
    for (shape, dtype), mine, second, third in zip(cases(), own, rpy2, theirs, strict=True):
        label = f"{prod(shape):>10,} {' x '.join(map(str, shape)):18} {dtype}"
        row = "".join(
            f"{second[way] / mine[way]:12.1f}{third[way] / mine[way]:12.1f}{mine[way]:12.3f}"
            for way in (0, 1)
        )
        print(f"{label:38}{row}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps({"ours": ours, "numpy2ri": numpy2ri}[sys.argv[2]]()))
    else:
        main(sys.argv[1] if len(sys.argv) > 1 else sys.executable)
