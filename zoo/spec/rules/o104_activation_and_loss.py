"""# O104: an activation and a loss that contradict each other

What it does: compares the activation of each output with what its loss expects.

Why it is bad: the model trains, badly, and nothing says why: a softmax that the loss applies once more, a
softmax over one unit (always 1), probabilities expected where plain numbers come.

Example:

    graph: {move: [code, Dense: 3]}
    outputs: {move: {loss: sparse_categorical_crossentropy}}

Instead: `Dense: {units: 3, activation: softmax}`, or a loss with `from_logits: true`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from zoo.errors import Diagnostic
from zoo.spec import signatures
from zoo.spec.graph import Layer, Object
from zoo.spec.rules import Rule

if TYPE_CHECKING:
    from zoo.spec.spec import Spec

RULE = Rule("O104", "error")
_CATEGORICAL = ("CategoricalCrossentropy", "SparseCategoricalCrossentropy", "CategoricalFocalCrossentropy")
_BINARY = ("BinaryCrossentropy", "BinaryFocalCrossentropy")
_LINEAR = (None, "linear")


def check(spec: Spec) -> Iterator[Diagnostic]:
    """Every output that has a loss."""
    for output in spec.outputs.values():
        if output.loss is None or output.name not in spec.graph.outputs:
            continue
        loss, logits = _loss(output.loss.value)
        maker = spec.maker(output.name)
        activation = _activation(maker)
        if loss is None or maker is None or activation == "?":
            continue
        shape = spec.trace.shape(spec.graph.outputs[output.name])
        units = shape[-1] if shape else None
        found = _contradiction(loss, logits, activation, units)
        if found is not None:
            message, mend = found
            related = ((maker.span, "the activation is chosen here"),) if maker.span else ()
            yield RULE(f"the output `{output.name}` {message}", output.loss.span, mend, related)


def _contradiction(loss: str, logits: bool, activation: Any, units: int | None) -> tuple[str, str] | None:
    if activation == "softmax" and units == 1:
        return "is a softmax over one unit, which is always 1", "use sigmoid with binary_crossentropy"
    if logits and activation in ("softmax", "sigmoid"):
        return f"has {activation}, and its loss applies it again (from_logits: true)", "keep one of the two"
    if loss in _CATEGORICAL and not logits:
        if activation in _LINEAR:
            return (
                "has no activation, and its loss expects probabilities",
                "add `activation: softmax`, or from_logits: true",
            )
        if activation == "sigmoid" and units != 1:
            return (
                "has sigmoid, and its loss expects probabilities that sum to 1",
                "use softmax, or binary_crossentropy",
            )
        if activation == "sigmoid":
            return "has one sigmoid unit, and its loss wants one unit a class", "use binary_crossentropy"
    if loss in _BINARY and activation == "softmax":
        return (
            f"is a softmax over {units or 'several'} units, and its loss judges each unit by itself",
            "use sparse_categorical_crossentropy (class numbers) or categorical_crossentropy (0s and a 1)",
        )
    if loss in _BINARY and not logits and activation in _LINEAR:
        return (
            "has no activation, and its loss expects a probability",
            "add `activation: sigmoid`, or from_logits: true",
        )
    return None


def _loss(value: Any) -> tuple[str | None, bool]:
    if isinstance(value, Object):
        logits = value.args.get("from_logits")
        return signatures.resolve_alias("losses", value.head), bool(logits and logits.value is True)
    return (signatures.resolve_alias("losses", value) if isinstance(value, str) else None), False


def _activation(layer: Layer | None) -> Any:
    """The activation that a layer ends in: a name, None for none, "?" where that cannot be told."""
    if layer is None or layer.family != "layers":
        return "?"
    if layer.head == "Softmax":
        return "softmax"
    if layer.head in ("Dense", "Activation", "EinsumDense", "Conv1D", "Conv2D"):
        value = layer.values.get("activation")
        return value if value is None or isinstance(value, str) else "?"
    return "?"
