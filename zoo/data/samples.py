"""One array for each input and output, of its shape, and nothing in it that is no number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoo.data.shapes import show
from zoo.errors import DataError

Arrays = dict[str, NDArray[Any]]


def inputs_of(value: Any, shapes: Mapping[str, Sequence[int | None]]) -> Arrays:
    """The arrays of the inputs, by name; numbers with a fraction become float32."""
    named = _by_name(value, list(shapes), "input")
    return {name: _input(name, np.asarray(named[name]), tuple(shapes[name])) for name in shapes}


def _by_name(value: Any, names: list[str], what: str) -> dict[str, Any]:
    expected = ", ".join(f"`{name}`" for name in names)
    if isinstance(value, Mapping):
        given = dict(value)
        if set(given) != set(names):
            raise DataError(
                f"the spec's {what}s are {expected}; received "
                + (", ".join(f"`{name}`" for name in given) or "none"),
                help=f"give one array for each of {expected}",
                code="data.arrays",
            )
        return given
    many = isinstance(value, list | tuple) and len(names) > 1
    items = list(value) if many else [value]
    if len(items) != len(names):
        raise DataError(
            f"the spec has {len(names)} {what}s ({expected}); received {len(items)} array"
            + ("" if len(items) == 1 else "s"),
            help="give a map by name, or a list in that order",
            code="data.arrays",
        )
    return dict(zip(names, items, strict=True))


def _input(name: str, array: NDArray[Any], shape: tuple[int | None, ...]) -> NDArray[Any]:
    if array.dtype.kind not in "fiub":
        raise DataError(
            f"input `{name}` holds {array.dtype}, not numbers",
            help="give an array of numbers; text needs an index for each word first",
            code="data.arrays",
        )
    sample = array.shape[1:]
    fits = len(sample) == len(shape) and all(
        want in (None, got) for want, got in zip(shape, sample, strict=False)
    )
    if array.ndim == 0 or not fits:
        squeezed = tuple(size for size in shape if size != 1)
        if array.ndim and squeezed == tuple(size for size in sample if size != 1) and None not in shape:
            array = array.reshape(len(array), *(size for size in shape if size is not None))
        else:
            raise DataError(
                f"input `{name}` has shape {show(shape)} for a sample; received samples of {show(sample)}",
                help="the first axis counts the samples; the others are those of the spec's input",
                code="data.arrays",
            )
    if array.dtype.kind == "f":
        _check_finite(f"input `{name}`", array)
        return array.astype(np.float32, copy=False)
    return array


def _check_finite(what: str, array: NDArray[Any]) -> None:
    # A sum is NaN or infinite as soon as one number is, and needs no mask the size of the data.
    with np.errstate(over="ignore", invalid="ignore"):
        clean = np.isfinite(array.sum(dtype=np.float64))
    if clean:
        return
    bad = np.argwhere(~np.isfinite(array))
    if len(bad):
        place = ", ".join(str(int(i)) for i in bad[0])
        raise DataError(
            f"{what} has {len(bad):,} missing or infinite numbers, the first at [{place}] (counted from 0)",
            help="fill or leave out those samples",
            code="data.missing",
            data={"position": [int(i) for i in bad[0]]},
        )


def targets_of(
    value: Any, outputs: Mapping[str, int | None], levels: Sequence[str] = ()
) -> tuple[Arrays, list[str]]:
    """The targets by output name, and the names of the classes when they came as text."""
    named = _by_name(value, list(outputs), "output")
    found: Arrays = {}
    names = list(levels)
    for name, classes in outputs.items():
        column = np.asarray(named[name])
        if column.dtype.kind in "OUS":
            column, names = _coded(name, column, names)
        if column.ndim == 0:
            raise DataError(
                f"output `{name}` received one number, not one a sample",
                help="give an array",
                code="data.arrays",
            )
        if column.dtype.kind == "f":
            _check_finite(f"output `{name}`", column)
        found[name] = _target(name, column, classes)
    return found, names


def _coded(name: str, column: NDArray[Any], levels: list[str]) -> tuple[NDArray[Any], list[str]]:
    text = column.astype(str)
    names = levels or sorted(set(text.ravel().tolist()))
    unknown = sorted(set(text.ravel().tolist()) - set(names))
    if unknown:
        raise DataError(
            f"output `{name}` has the class `{unknown[0]}`, unknown in training",
            help=f"the classes are: {', '.join(names)}",
            code="data.arrays",
        )
    return np.searchsorted(np.array(names), text).astype(np.int64), names


def _target(name: str, column: NDArray[Any], classes: int | None) -> NDArray[Any]:
    one_each = column.ndim == 1 or column.shape[1:] == (1,)
    if classes is None or classes < 2 or not one_each:
        return column.astype(np.float32) if column.dtype.kind == "f" else column
    codes = column.reshape(-1)
    bad = np.flatnonzero((codes < 0) | (codes >= classes) | (codes != np.floor(codes)))
    if len(bad):
        raise DataError(
            f"output `{name}` has {classes} classes, numbered 0 to {classes - 1}; sample {int(bad[0])} "
            f"(counted from 0) has {codes[bad[0]].item()!r}",
            help="number the classes from 0",
            code="data.arrays",
        )
    return codes.astype(np.int64)
