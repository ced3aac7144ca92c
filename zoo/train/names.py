"""Values given by name, by order or alone → a map by name, in the spec's order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from zoo.errors import TrainError
from zoo.spec import suggest


def nearest(name: str, known: Sequence[str]) -> str:
    """A help line: the known name that looks most like ``name``, else all of them."""
    close = suggest.nearest(str(name), known)
    listed = ", ".join(f"`{item}`" for item in known)
    return f"did you mean `{close}`? (known: {listed})" if close else f"known: {listed}"


def by_name(value: Any, names: Sequence[str], what: str, ranks: Sequence[int]) -> dict[str, Any]:
    """One value for each name.

    Args:
        value: a map by name, a list in order, or, where there is one name, the value itself.
        names: in the spec's order.
        what: ``input`` or ``output``, for messages.
        ranks: rank of each value, batch included; tells a list of one array from an array written as lists.

    Raises:
        TrainError: a name nobody knows, a name that is missing, or too many or too few values.
    """
    if isinstance(value, Mapping):
        return _from_map(value, names, what)
    if len(names) == 1:
        alone = isinstance(value, (list, tuple)) and len(value) == 1 and np.ndim(value[0]) == ranks[0]
        return {names[0]: value[0] if alone else value}
    listed = ", ".join(f"`{name}`" for name in names)
    if not isinstance(value, (list, tuple)):
        raise TrainError(
            f"the model has {len(names)} {what}s ({listed}), received one {_kind(value)}",
            help=f"give a map by {what} name, or a list in this order",
            code=f"train.{what}_count",
        )
    if len(value) != len(names):
        raise TrainError(
            f"the model has {len(names)} {what}s ({listed}), received a list of {len(value)}",
            help=f"give a map by {what} name, or a list in this order",
            code=f"train.{what}_count",
        )
    return dict(zip(names, value, strict=True))


def _from_map(value: Mapping[Any, Any], names: Sequence[str], what: str) -> dict[str, Any]:
    missing = [name for name in names if name not in value]
    unknown = [str(name) for name in value if name not in names]
    if unknown:
        raise TrainError(
            f"the model has no {what} `{unknown[0]}`",
            help=nearest(unknown[0], missing or names),
            code=f"train.{what}_name",
            data={"name": unknown[0], "known": list(names)},
        )
    if missing:
        raise TrainError(
            f"{what} `{missing[0]}` is missing",
            help=f"give a map with {', '.join(f'`{name}`' for name in names)}",
            code=f"train.{what}_name",
            data={"name": missing[0], "known": list(names)},
        )
    return {name: value[name] for name in names}


def _kind(value: Any) -> str:
    shape = np.shape(value) if hasattr(value, "shape") else None
    return f"array of shape {shape}" if shape is not None else type(value).__name__
