"""# O105: as many units as there are classes?

What it does: compares the number of units of a classifying output with the number of classes its labels have.

Why it is bad: with too few, Keras stops in the middle of an epoch or gives NaN; with too many, a class is
predicted that never comes.

Example:

    graph: {move: [code, Dense: {units: 2, activation: softmax}]}
    outputs: {move: {loss: sparse_categorical_crossentropy}}
    data: {kind: orderbook, label: {kind: forward, horizon: 50}}     # down, stationary, up

Instead: 3 units; or `drop_stationary: true` for two classes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from zoo.errors import Diagnostic
from zoo.spec.rules import Rule
from zoo.spec.rules.o104_activation_and_loss import _BINARY, _CATEGORICAL, _loss

if TYPE_CHECKING:
    from zoo.spec.spec import Spec

RULE = Rule("O105", "error")
# with these an order book's label is the move itself, not its class
_NUMBERS = ("MeanSquaredError", "MeanAbsoluteError", "Huber", "LogCosh")


def check(spec: Spec) -> Iterator[Diagnostic]:
    """Every output of a spec whose labels come from an order book."""
    label = spec.data.get("label")
    if spec.data.get("kind") != "orderbook" or not isinstance(label, dict):
        return
    if (
        label.get("kind") not in ("forward", "two_sided")
        or label.get("threshold") is None
        and "threshold" in label
    ):
        return
    classes = 2 if label.get("drop_stationary") is True else 3
    for output in spec.outputs.values():
        loss = _loss(output.loss.value)[0] if output.loss else None
        shape = (
            spec.trace.shape(spec.graph.outputs[output.name]) if output.name in spec.graph.outputs else None
        )
        units = shape[-1] if shape else None
        if loss in _NUMBERS and units is not None and units > 1 and output.loss is not None:
            yield RULE(
                f"the output `{output.name}` has {units} units, and its loss takes one number, the move",
                output.loss.span,
                f"use sparse_categorical_crossentropy for the {classes} classes, or give it 1 unit",
            )
        wrong = (loss in _CATEGORICAL and units != classes) or (
            loss in _BINARY and units == 1 and classes != 2
        )
        if units is not None and wrong and output.loss is not None:
            names = "down and up" if classes == 2 else "down, stationary, up"
            mend = (
                f"give it {classes} units"
                if loss in _CATEGORICAL
                else "drop_stationary: true leaves two classes"
            )
            unit = "1 unit" if units == 1 else f"{units} units"
            yield RULE(
                f"the output `{output.name}` has {unit}, and its labels have {classes} classes ({names})",
                output.span or output.loss.span,
                mend,
            )
