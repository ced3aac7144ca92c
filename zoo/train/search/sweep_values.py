"""What a sweep goes over: names and their values, however they were written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from zoo.errors import TrainError
from zoo.spec import scalars
from zoo.train.names import nearest

if TYPE_CHECKING:
    from zoo.spec import Spec

# Numbers of the recipe that can be swept over beside the spec's parameters.
RECIPE = ("batch_size", "epochs", "learning_rate")
_LARGEST = 1000
_RANGE = re.compile(r"(?P<first>[^.].*?)\.\.(?P<last>.+?)(?:\.\.(?P<step>.+))?")


def read_over(over: Any, spec: Spec) -> dict[str, list[Any]]:
    """Name → values, in the order they were given in, each once.

    Args:
        over: name → values: a list, a range, one value, or a text such as ``1..24``, ``1..24..2``, ``1,2,5``.
        spec: whose parameters they may be.

    Raises:
        TrainError: codes ``sweep.over``, ``sweep.values``.
    """
    if not isinstance(over, Mapping) or not over:
        raise TrainError(
            "a sweep goes over the values of a parameter, and none was given",
            help="give over={'batch_size': range(1, 25)}",
            code="sweep.over",
        )
    known = [*spec.params, *RECIPE]
    unknown = [str(name) for name in over if name not in known]
    if unknown:
        raise TrainError(
            f"`{spec.name}` has no parameter `{unknown[0]}`",
            help=nearest(unknown[0], known),
            code="sweep.over",
        )
    return {str(name): _values(str(name), values) for name, values in over.items()}


def _values(name: str, said: Any) -> list[Any]:
    if hasattr(said, "tolist"):
        said = said.tolist()
    if isinstance(said, str):
        found = _read(name, said)
    elif isinstance(said, Iterable) and not isinstance(said, Mapping):
        found = [item.item() if hasattr(item, "item") else item for item in said]
    else:
        found = [said]
    once: list[Any] = []
    for value in found:
        if value not in once:
            once.append(value)
    if not once:
        raise _wrong(name, said)
    return once


def _read(name: str, text: str) -> list[Any]:
    if (found := _RANGE.fullmatch(text.strip())) is None:
        return [scalars.parse(part.strip()) for part in text.split(",") if part.strip()]
    first, last, step = (scalars.parse(part) if part else 1 for part in found.group("first", "last", "step"))
    numbers = all(
        isinstance(item, (int, float)) and not isinstance(item, bool) for item in (first, last, step)
    )
    if not numbers or step <= 0 or last < first or (last - first) / step > _LARGEST:
        raise _wrong(name, text)
    values = [first + place * step for place in range(int((last - first) / step + 1e-9) + 1)]
    return [value if isinstance(value, int) else float(f"{value:.12g}") for value in values]


def _wrong(name: str, said: Any) -> TrainError:
    return TrainError(
        f"`{said}` gives no values of `{name}`",
        help=f"write {name}=1..24, {name}=1..24..2 or {name}=1,2,5",
        code="sweep.values",
    )
