"""The shape of R data against a model's input, said in R's words: dim, aperm, array."""

from __future__ import annotations

import numpy as np

from r_bridge.errors import RValueError

Shape = tuple[int | None, ...]


def check_dimensions(array: np.ndarray, shape: Shape, where: str) -> np.ndarray:
    """The array, when its dimensions are samples followed by ``shape``.

    A vector for an input of one number per sample, and a missing last dimension of size one, are taken.

    Raises:
        RValueError: other dimensions; the help line has the R expression that mends the usual mistakes.
    """
    found = array.shape
    if len(found) == len(shape) + 1 and _fits(found[1:], shape):
        return array
    if shape and shape[-1] == 1 and len(found) == len(shape) and _fits(found[1:], shape[:-1]):
        return array[..., None]
    raise RValueError(
        f"`{where}` has dimensions {_times(found)}; the model wants n x {_times(shape)}",
        help=_mend(found, shape, where),
        code="value.dimensions",
        data={"found": list(found), "expected": [-1 if size is None else size for size in shape]},
    )


def _fits(found: tuple[int, ...], shape: Shape) -> bool:
    return len(found) == len(shape) and all(
        want is None or have == want for have, want in zip(found, shape, strict=True)
    )


def _times(shape: Shape) -> str:
    return " x ".join("any" if size is None else str(size) for size in shape)


def _is_one_sample(found: tuple[int, ...], shape: Shape) -> bool:
    # R drops dimensions of size one where it cuts a sample out.
    return _fits(found, shape) or (
        len(found) < len(shape) and _fits(found, tuple(s for s in shape if s != 1))
    )


def _one_sample(found: tuple[int, ...], shape: Shape, where: str) -> str:
    # The array it came from is another one: from the sample itself nothing can be cut out so.
    kept = f"where it was cut out of an array `a`, a[1{', ' * len(shape)}, drop = FALSE] keeps its dimension"
    if len(shape) == 1:
        return f"this is one sample: matrix({where}, 1); {kept.replace('an array', 'a matrix')}"
    left = iter(found)
    sizes = found if len(found) == len(shape) else tuple(1 if size == 1 else next(left) for size in shape)
    made = f"array({where}, c(1, {', '.join(map(str, sizes))}))"
    return f"this is one sample: {made}; {kept}"


def _mend(found: tuple[int, ...], shape: Shape, where: str) -> str:
    if _is_one_sample(found, shape):
        return _one_sample(found, shape, where)
    if shape and shape[-1] == 1 and _fits(found[1:], shape[:-1]):
        return f"add a last dimension of size 1: array({where}, c(dim({where}), 1))"
    if len(found) == len(shape) + 2 and found[-1] == 1 and _fits(found[1:-1], shape):
        return f"drop the last dimension: array({where}, dim({where})[1:{len(found) - 1}])"
    if len(found) == len(shape) + 1:
        for first in range(len(shape)):
            for second in range(first + 1, len(shape)):
                order = list(range(1, len(found) + 1))
                order[first + 1], order[second + 1] = order[second + 1], order[first + 1]
                if _fits(tuple(found[place - 1] for place in order[1:]), shape):
                    return f"two dimensions look swapped: aperm({where}, c({', '.join(map(str, order))}))"
    if len(found) == len(shape) == 2 and _fits(found[1:], shape[1:]):
        cut = f"zoo_windows({where}, lookback = {shape[0] or 20})"
        return f"each sample is {_times(shape)}; {cut} cuts a series into them"
    return f"the first dimension counts the samples; each sample is {_times(shape)}"
