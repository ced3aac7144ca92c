"""Whether a layer can be constructed as it stands: every argument known and of its kind, none missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zoo.spec import signatures
from zoo.spec.graph import Argument as Given
from zoo.spec.graph import Layer, objects
from zoo.spec.nodes import POISON


def sound(layer: Layer) -> bool:
    """Whether every argument of a layer is known and fits, and none is missing."""
    return _sound(signatures.lookup(layer.family, layer.head), layer.args, layer.family == "layers")


def _sound(signature: signatures.Signature | None, given: Mapping[str, Given], complete: bool) -> bool:
    if signature is None:
        return False
    if complete and any(item.required and name not in given for name, item in signature.arguments.items()):
        return False
    for name, argument in given.items():
        wanted = signature.arguments.get(name)
        if is_unknown(argument.value) or (wanted is not None and wanted.problem(argument.value) is not None):
            return False
    inner = (item for argument in given.values() for item in objects(argument.value))
    return all(
        _sound(signatures.lookup(item.family, item.head), item.args, item.family == "layers")
        for item in inner
    )


def is_unknown(value: Any) -> bool:
    """Whether the mistake in a value, or in something inside it, has been reported already."""
    if isinstance(value, (list, dict)):
        return any(is_unknown(item) for item in (value.values() if isinstance(value, dict) else value))
    return value is POISON
