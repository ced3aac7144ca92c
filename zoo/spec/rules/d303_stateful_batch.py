"""# D303: stateful without a fixed batch size

What it does: finds stateful layers in a spec whose inputs leave the batch size open.

Why it is bad: a stateful layer keeps one state for each row of the batch, so their number must be known;
Keras stops.

Example:

    inputs: {past: {shape: [15, 2]}}
    graph: {next: [past, LSTM: {units: 32, stateful: true}, Dense: 1]}

Instead: `past: {shape: [15, 2], batch_size: 1}`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from zoo.errors import Diagnostic, Span
from zoo.spec.rules import Rule

if TYPE_CHECKING:
    from zoo.spec.spec import Spec

RULE = Rule("D303", "error")


def stateful(spec: Spec) -> Iterator[tuple[str, Span | None]]:
    """Every stateful layer: class and place."""
    for head, _, arguments, span in spec.constructions():
        argument = arguments.get("stateful")
        if argument is not None and argument.value is True:
            yield head, argument.span or span


def check(spec: Spec) -> Iterator[Diagnostic]:
    """The first stateful layer, when an input has no batch size."""
    open_inputs = [(name, item) for name, item in spec.inputs.items() if item.batch_size is None]
    for head, span in stateful(spec):
        if open_inputs:
            name, item = open_inputs[0]
            related = ((item.span, "its batch size is open"),) if item.span else ()
            yield RULE(
                f"{head} is stateful, and the input `{name}` has no fixed batch size",
                span,
                f"write {name}: {{shape: …, batch_size: 1}}",
                related,
            )
