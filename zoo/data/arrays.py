"""Arrays given in code: checked against inputs and outputs, split in their order, left unscaled."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from zoo.data.part import Part
from zoo.data.prepared import Prepared
from zoo.data.recipe import read_split
from zoo.data.shapes import show
from zoo.data.splitting import PARTS, cut_rows
from zoo.errors import DataError

if TYPE_CHECKING:
    from zoo.data.pipeline import Pipeline

Arrays = dict[str, NDArray[Any]]


def is_arrays(source: Any) -> bool:
    """Whether a source is ``(x, y)`` or ``{"x": …, "y": …}``."""
    if isinstance(source, Mapping):
        return set(source) == {"x", "y"}
    return isinstance(source, tuple | list) and len(source) == 2 and not isinstance(source[0], str)


def prepare_arrays(
    recipe: Mapping[str, Any],
    source: Any,
    *,
    input_shapes: Mapping[str, Sequence[int | None]],
    outputs: Mapping[str, int | None],
) -> Prepared:
    """Parts of arrays that are samples already; the recipe's split is used, its windows and labels are not.

    Raises:
        DataError: ``data.arrays``, naming the input or output, the shape expected and the shape received.
    """
    from zoo.data.pipeline import Pipeline

    given = (source["x"], source["y"]) if isinstance(source, Mapping) else source
    x = _inputs(given[0], input_shapes)
    y, levels = _targets(given[1], outputs)
    _check_counts(x | {f"{name} (y)": column for name, column in y.items()})
    rows = len(next(iter(x.values())))
    split = read_split(recipe.get("split"))
    if split.by not in ("time", "random"):
        raise DataError(
            f"arrays have no sessions or symbols to split by; `data.split.by` is `{split.by}`",
            help="use `by: time`, or `by: random` for samples without order",
            code="data.split",
        )
    parts = cut_rows(rows, split)
    if split.by == "random":
        parts = np.random.default_rng(split.seed).permutation(parts)
    if not (parts == 0).any():
        raise DataError(
            f"{rows} samples leave none to train on", help="give more samples", code="data.arrays"
        )
    pipeline = Pipeline(
        kind="arrays",
        recipe=dict(recipe),
        input_shapes={name: tuple(shape) for name, shape in input_shapes.items()},
        outputs=dict(outputs),
        levels=levels,
    )
    made = {name: _part(x, y, np.flatnonzero(parts == number)) for number, name in enumerate(PARTS)}
    return Prepared(
        pipeline=pipeline,
        train=made["train"],
        val=made["val"],
        test=made["test"],
        about=f"arrays: {rows:,} samples; training {len(made['train']):,}, validation {len(made['val']):,}, "
        f"test {len(made['test']):,}",
        simulated=False,
        fingerprint=_fingerprint(x | y),
    )


def transform_arrays(pipeline: Pipeline, source: Any, *, labels: bool) -> Part:
    """New samples, checked; with their targets when ``labels``."""
    given = source
    if labels:
        if not is_arrays(source):
            raise DataError(
                "labelled samples are (x, y)", help="give a pair of arrays, (x, y)", code="data.arrays"
            )
        given = source["x"] if isinstance(source, Mapping) else source[0]
    x = _inputs(given, pipeline.input_shapes)
    y: Arrays = {}
    if labels:
        second = source["y"] if isinstance(source, Mapping) else source[1]
        y, _ = _targets(second, pipeline.outputs, pipeline.levels)
    _check_counts(x | {f"{name} (y)": column for name, column in y.items()})
    return _part(x, y, np.arange(len(next(iter(x.values())))))


def _inputs(value: Any, shapes: Mapping[str, Sequence[int | None]]) -> Arrays:
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


def _targets(
    value: Any, outputs: Mapping[str, int | None], levels: Sequence[str] = ()
) -> tuple[Arrays, list[str]]:
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


def _check_counts(arrays: Mapping[str, NDArray[Any]]) -> None:
    counts = {name: len(array) for name, array in arrays.items()}
    if len(set(counts.values())) > 1:
        listed = ", ".join(f"{name} {count:,}" for name, count in counts.items())
        raise DataError(
            f"the arrays do not have the same number of samples: {listed}",
            help="give each input and output one row a sample",
            code="data.arrays",
        )
    if min(counts.values()) == 0:
        raise DataError("the arrays hold no samples", help="give at least one sample", code="data.arrays")


def _part(x: Arrays, y: Arrays, rows: NDArray[np.int64]) -> Part:
    # Parts in time order are one stretch, so that a part is a view and not a copy.
    stretch = len(rows) and int(rows[-1]) - int(rows[0]) + 1 == len(rows) and (np.diff(rows) == 1).all()
    where: Any = slice(int(rows[0]), int(rows[-1]) + 1) if stretch else rows
    return Part(
        x={name: array[where] for name, array in x.items()},
        y={name: array[where] for name, array in y.items()},
        rows=rows,
    )


def _fingerprint(arrays: Mapping[str, NDArray[Any]]) -> str:
    digest = hashlib.sha256()
    for name, array in arrays.items():
        digest.update(f"{name} {array.dtype} {array.shape}".encode())
        step = max(1, 1_000_000 // max(1, array[:1].size))
        for start in range(0, len(array), step):
            digest.update(np.ascontiguousarray(array[start : start + step]).data)
    return digest.hexdigest()
