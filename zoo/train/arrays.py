"""Arrays a user gives → arrays the model takes, or an error that says which one, where and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np

from zoo.errors import TrainError
from zoo.train.names import by_name


class InputLike(Protocol):
    """What is asked of a spec's input: its shape without the batch, and its dtype."""

    @property
    def shape(self) -> tuple[int | None, ...]:
        """Without the batch; None is an unknown size."""

    @property
    def dtype(self) -> str:
        """A NumPy dtype's name."""


_AXES = {1: ("feature",), 2: ("time", "feature"), 3: ("time", "feature", "channel")}


def check_inputs(
    x: Any, inputs: Mapping[str, InputLike], vocabularies: Mapping[str, int] | None = None
) -> dict[str, np.ndarray]:
    """``x`` by input name, of the inputs' dtypes and shapes, finite, all of one length.

    Args:
        x: an array, a list in the spec's order, or a map by input name.
        inputs: the spec's.
        vocabularies: for inputs of word numbers, how many words there are.

    Raises:
        TrainError: codes ``train.input_count``, ``train.input_name``, ``train.dtype``, ``train.shape``,
            ``train.not_finite``, ``train.empty``, ``train.length``, ``train.vocabulary``.
    """
    ranks = [len(item.shape) + 1 for item in inputs.values()]
    given = by_name(x, list(inputs), "input", ranks)
    checked = {name: _check_input(value, inputs[name], name) for name, value in given.items()}
    first, *others = checked
    for name in others:
        if len(checked[name]) != len(checked[first]):
            raise TrainError(
                f"input `{name}` has {len(checked[name])} samples, input `{first}` has {len(checked[first])}",
                help="every input needs the same number of samples, one after another in the same order",
                code="train.length",
            )
    for name, size in (vocabularies or {}).items():
        _check_vocabulary(checked[name], size, f"input `{name}`")
    return checked


def _check_vocabulary(array: np.ndarray, size: int, where: str) -> None:
    """Word numbers that the embedding does not have: Keras stops without a reason, or reads another word."""
    wrong = (array < 0) | (array >= size)
    if wrong.any():
        place = [int(number) for number in np.argwhere(wrong)[0]]
        raise TrainError(
            f"{where} has {int(wrong.sum())} word numbers outside 0 to {size - 1}, the first "
            f"({int(array[tuple(place)])}) at {place}",
            help=f"number the words from 0 to {size - 1}, or give the Embedding a larger input_dim",
            code="train.vocabulary",
            data={"count": int(wrong.sum()), "position": place},
        )


def to_array(value: Any, where: str) -> np.ndarray:
    """A numeric array, without a copy where there need be none.

    Raises:
        TrainError: text, objects, or rows of unequal length.
    """
    try:
        array = np.asarray(value)
    except ValueError:
        array = np.empty(0, dtype=object)
    if array.dtype.kind in "biuf":
        return array
    if array.dtype.kind == "O":
        try:
            return np.asarray(value, dtype=np.float64)
        except (TypeError, ValueError):
            found = "rows of unequal length, or things that are not numbers"
    else:
        found = {"U": "text", "S": "text", "M": "dates", "m": "durations", "c": "complex numbers"}.get(
            array.dtype.kind, str(array.dtype)
        )
    raise TrainError(
        f"{where} must hold numbers, received {found}",
        help="turn it into a numeric array first, labels into whole numbers from 0",
        code="train.dtype",
    )


def check_finite(array: np.ndarray, where: str) -> None:
    """Refuse NaN and infinite values, saying how many and where the first is.

    Raises:
        TrainError: code ``train.not_finite``; ``data`` holds ``count`` and the 0-based ``position``.
    """
    # The sum is finite in every ordinary case, and needs no second array as long as the first.
    with np.errstate(over="ignore", invalid="ignore"):
        if array.dtype.kind != "f" or np.isfinite(array.sum(dtype=np.float64)):
            return
    bad = ~np.isfinite(array)
    count = int(bad.sum())
    if not count:
        return
    position = tuple(int(i) for i in np.unravel_index(int(bad.argmax()), array.shape))
    value = array[position]
    said = "value that is" if count == 1 else "values that are"
    raise TrainError(
        f"{where} has {count} {said} NaN or infinite, "
        f"the first ({value}) at [{', '.join(map(str, position))}]",
        help="drop or fill these samples first; positions count from 0",
        code="train.not_finite",
        data={"count": count, "position": list(position)},
    )


def axes(shape: tuple[int | None, ...], *, time: bool = True) -> str:
    """A shape as people say it: ``(batch, time=100, feature=20, 1)``."""
    names = _AXES.get(len(shape), ()) if time else ()
    parts = ["batch"]
    for i, size in enumerate(shape):
        text = "any" if size is None else str(size)
        last_one = size == 1 and i == len(shape) - 1 and len(shape) > 2
        parts.append(f"{names[i]}={text}" if names and not last_one else text)
    return f"({', '.join(parts)})"


def fits(received: tuple[int, ...], expected: tuple[int | None, ...]) -> bool:
    """Is ``received`` the shape ``expected``, where None is any size?"""
    return len(received) == len(expected) and all(
        e is None or r == e for r, e in zip(received, expected, strict=True)
    )


def _check_input(value: Any, declared: InputLike, name: str) -> np.ndarray:
    where = f"input `{name}`"
    array = to_array(value, where)
    expected = tuple(declared.shape)
    if array.ndim == len(expected) + 1 and len(array) == 0:
        raise TrainError(f"{where} is empty", help="give at least one sample", code="train.empty")
    if not fits(array.shape[1:], expected) or array.ndim == 0:
        whole = "int" in str(declared.dtype)
        shown = axes(expected, time=not whole)
        raise TrainError(
            f"{where}: expected {shown}, received {_plain(array.shape)}",
            help=_shape_help(array.shape, expected),
            code="train.shape",
            data={"expected": [None, *expected], "received": list(array.shape)},
        )
    check_finite(array, where)
    return _cast(array, np.dtype(str(declared.dtype)), where)


def _cast(array: np.ndarray, dtype: np.dtype[Any], where: str) -> np.ndarray:
    if array.dtype == dtype:
        return array
    with np.errstate(over="ignore", invalid="ignore"):
        cast = array.astype(dtype)
    if dtype.kind in "iu" and not np.array_equal(cast, array):
        raise TrainError(
            f"{where} must hold whole numbers ({dtype}), received fractions or numbers out of range",
            help="codes and tokens are whole numbers; scale nothing here",
            code="train.dtype",
        )
    if dtype.kind == "f" and array.dtype.kind == "f":
        check_finite(cast, f"{where} (as {dtype})")
    return cast


def _plain(shape: tuple[int, ...]) -> str:
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"


def _shape_help(received: tuple[int, ...], expected: tuple[int | None, ...]) -> str:
    inner = received[1:]
    if fits(received, expected):
        return "this is one sample: add the batch axis, `x[None]`"
    if expected and expected[-1] == 1 and fits(inner, expected[:-1]):
        return "add the last axis: `x[..., None]`"
    if inner and inner[-1] == 1 and fits(inner[:-1], expected):
        return "drop the last axis: `x[..., 0]`"
    if len(inner) == len(expected):
        for i in range(len(expected)):
            for j in range(i + 1, len(expected)):
                swapped = list(inner)
                swapped[i], swapped[j] = swapped[j], swapped[i]
                if fits(tuple(swapped), expected):
                    return f"axes {i + 1} and {j + 1} look swapped: `np.swapaxes(x, {i + 1}, {j + 1})`"
        wrong = [i for i in range(len(expected)) if expected[i] is not None and expected[i] != inner[i]]
        names = _AXES.get(len(expected), ())
        said = [
            f"{names[i] if names else f'axis {i + 1}'} should be {expected[i]}, not {inner[i]}" for i in wrong
        ]
        return "; ".join(said)
    return f"the model takes {len(expected) + 1} axes, the batch first; this has {len(received)}"
