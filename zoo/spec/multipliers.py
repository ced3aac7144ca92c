"""``training.learning_rates``: layer → what its learning rate is multiplied with, each with its place."""

from __future__ import annotations

import math
from typing import Any

from zoo.spec.graph import Argument
from zoo.spec.nodes import POISON, Mapping, Node, Report, Scalar
from zoo.spec.rules import s102_wrong_type, s107_malformed
from zoo.spec.values import Reader


def read(node: Node, reader: Reader, report: Report) -> dict[str, Argument]:
    """The multipliers by layer; what is no number from 0 is told at its line."""
    if isinstance(node, Scalar) and node.value is None:
        return {}
    if not isinstance(node, Mapping):
        report(
            s107_malformed.wrong_shape("training.learning_rates", "a map from layers to multipliers", node)
        )
        return {}
    found: dict[str, Argument] = {}
    for key, place in node:
        value = reader.value(place)
        if value is POISON:
            continue
        if not _multiplier(value):
            path = f"training.learning_rates.{key.text}"
            report(s102_wrong_type.plainly(path, "a number from 0", value, place.span))
            continue
        found[key.text] = Argument(value, place.span, key.span)
    return found


def _multiplier(value: Any) -> bool:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return number and math.isfinite(value) and value >= 0
