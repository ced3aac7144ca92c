"""Windows against the shapes of a model's inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod

from zoo.errors import DataError

Shape = tuple[int | None, ...]
InputShapes = Mapping[str, Sequence[int | None]]


def fit_input_shapes(
    inputs: InputShapes,
    length: int,
    names: Sequence[str],
    what: str = "input",
    reshape: Shape | None = None,
) -> dict[str, tuple[int, ...]]:
    """The full shape each input's window is reshaped to; ``what`` is what messages call it.

    A window is (time, feature); an input that holds as many numbers gets them in that order, so (100, 20)
    fits (100, 20, 1). One unknown size in a shape is worked out. With ``reshape``, the recipe's own shape
    of a window, every input has to take that one.

    Raises:
        DataError: ``data.shape`` names both shapes and the features.
    """
    if reshape is None:
        return {name: _fit(f"{what} `{name}`", tuple(shape), length, names) for name, shape in inputs.items()}
    made = _fit("`data.window.reshape`", reshape, length, names)
    for name, shape in inputs.items():
        if len(shape) != len(made) or any(a not in (None, b) for a, b in zip(shape, made, strict=True)):
            raise DataError(
                f"{what} `{name}` has shape {show(tuple(shape))}, "
                f"`data.window.reshape` gives windows {show(made)}",
                help="use one shape for both, or leave `reshape` out: a window takes the input's by itself",
                code="data.shape",
            )
    return dict.fromkeys(inputs, made)


def _fit(which: str, shape: Shape, length: int, names: Sequence[str]) -> tuple[int, ...]:
    numbers = length * len(names)
    known = prod(size for size in shape if size is not None)
    unknown = sum(size is None for size in shape)
    if unknown == 1 and known and numbers % known == 0:
        return tuple(numbers // known if size is None else size for size in shape)
    if unknown == 0 and known == numbers:
        return tuple(size for size in shape if size is not None)
    listed = ", ".join(names[:8]) + (f", … {names[-1]}" if len(names) > 8 else "")
    raise DataError(
        f"{which} has shape {show(shape)}, the recipe's windows are {show((length, len(names)))}: "
        f"{length} snapshots of {len(names)} features ({listed})",
        help=_mend(shape, length, names),
        code="data.shape",
    )


def _mend(shape: Shape, length: int, names: Sequence[str]) -> str:
    if shape and shape[0] == length:
        return f"change the input's shape to {show((length, len(names)))}, or `data.features` to fit it"
    if len(shape) > 1 and shape[1] == len(names):
        return f"set `data.window.length: {shape[0]}`, or the input's first size to {length}"
    return (
        f"give the input the shape {show((length, len(names)))}, or change `data.window` and `data.features`"
    )


def show(shape: Shape) -> str:
    """A shape as a spec writes it: [100, 20, null]."""
    return "[" + ", ".join("null" if size is None else str(size) for size in shape) + "]"
