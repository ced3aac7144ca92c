"""Static shapes: what a layer or an op gives for the shapes it receives, known without Keras.

``infer`` gives the shapes of all outputs, or None when the table does not know the layer (no mistake). It
raises ``ShapeProblem`` where Keras would stop. ``parameters`` counts weights, ``flops`` operations. One file
a family of rules; property tests hold them against Keras.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from zoo.spec import signatures
from zoo.spec.shapes import (
    arranging,
    attention,
    convolution,
    core,
    flops_ops,
    flops_own,
    merging,
    ops,
    own,
    recurrent,
    weights,
)
from zoo.spec.shapes import flops as flops_core
from zoo.spec.shapes.dims import Inner, Shape, ShapeProblem, Shapes, Step, show

__all__ = ["Inner", "Shape", "ShapeProblem", "Shapes", "flops", "infer", "known", "parameters", "show"]

T = TypeVar("T")
_POSITIVE = frozenset(
    """depth_multiplier dilation_rate filters groups head_dim input_dim kernel_size key_dim n num_classes
    num_heads num_key_value_heads num_query_heads output_dim pool_size size strides units value_dim""".split()
)
_OPS = {**ops.RULES, **arranging.RULES}
_LAYERS = {
    **core.RULES,
    **recurrent.RULES,
    **convolution.RULES,
    **merging.RULES,
    **attention.RULES,
    **own.RULES,
}
_COSTS = {**flops_core.RULES, **flops_own.RULES}


def infer(
    head: str,
    family: str,
    args: Mapping[str, Any],
    inputs: Sequence[Shape | None],
    *,
    named: Mapping[str, Shape | None] | None = None,
    inner: Inner | None = None,
) -> Shapes | None:
    """The shapes of all outputs in order, or None when they are not known.

    Args:
        head: the class, the op without ``ops.``, or anything for the family ``at``.
        family: ``layers``, ``ops`` or ``at``.
        args: constructor arguments as written (plain, or a graph's), and call flags; defaults are filled in.
        inputs: the tensors that flow in, batch axis first.
        named: tensors given by name; a constant number has the shape ``()``.
        inner: what a wrapper's inner layer gives, needed when it is a submodel or a shared layer.

    Raises:
        ShapeProblem: Keras would stop at these shapes.

    Example:
        >>> infer("LSTM", "layers", {"units": 32, "return_state": True}, [(None, 100, 20)])
        ((None, 32), (None, 32), (None, 32))
    """
    step = _step(head, family, args, inputs, named or {}, inner)
    if step is None:
        return None
    if family == "at":
        return _tried(arranging.at, step)
    rule = (_LAYERS if family == "layers" else _OPS).get(step.head)
    return (_tried(rule, step) or None) if rule else None


def parameters(
    head: str,
    args: Mapping[str, Any],
    inputs: Sequence[Shape | None],
    *,
    named: Mapping[str, Shape | None] | None = None,
    inner: int | None = None,
) -> int | None:
    """How many weights a layer has (trainable or not), or None when that is not known.

    Args:
        head: the layer's class.
        args: constructor arguments as written.
        inputs: the tensors that flow in, batch axis first.
        named: tensors given by name.
        inner: the weights of a wrapper's inner layer, needed when it is a submodel or a shared layer.

    Example:
        >>> parameters("LSTM", {"units": 32}, [(None, 100, 20)])
        6784
    """
    step = _step(head, "layers", args, inputs, named or {}, None)
    if step is None:
        return None
    if step.head in weights.NO_WEIGHTS or step.head in own.NO_WEIGHTS:
        return 0
    if step.head in ("TimeDistributed", "Bidirectional"):
        return _wrapped(step, inner)
    count = weights.COUNTS.get(step.head) or own.COUNTS.get(step.head)
    return _tried(count, step) if count else None


def flops(
    head: str,
    family: str,
    args: Mapping[str, Any],
    inputs: Sequence[Shape | None],
    outputs: Shapes,
    *,
    named: Mapping[str, Shape | None] | None = None,
) -> int | None:
    """The floating-point operations of one call for one window, or None when they are not known.

    Args:
        head: the class, the op without ``ops.``, or anything for the family ``at``.
        family: ``layers``, ``ops`` or ``at``; wrappers are their inner layer's, several times.
        args: constructor arguments as written, and call flags.
        inputs: the tensors that flow in, batch axis first.
        outputs: what ``infer`` gave.
        named: tensors given by name.

    Example:
        >>> flops("Dense", "layers", {"units": 3}, [(None, 64)], ((None, 3),))
        387
    """
    if family == "at":
        return 0
    step = _step(head, family, args, inputs, named or {}, None)
    rule = (_COSTS if family == "layers" else flops_ops.RULES).get(step.head) if step else None
    if step is None or rule is None:
        return None
    found = rule
    try:
        return _tried(lambda step: found(step, outputs), step)
    except ShapeProblem:
        return None


def known(head: str, family: str = "layers") -> bool:
    """Whether the table has a rule for a layer or an op."""
    rules = _LAYERS if family == "layers" else _OPS
    return (signatures.resolve_alias(family, head) or head) in rules


def _tried(rule: Callable[[Step], T | None], step: Step) -> T | None:
    """What a rule finds. A stranger may have written the spec: values that no rule foresaw are unknown."""
    _positive(step)
    try:
        return rule(step)
    except (ArithmeticError, LookupError, TypeError, ValueError):
        return None


def _positive(step: Step) -> None:
    for name in _POSITIVE & step.args.keys():
        value = step.args[name]
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, (int, float)) and item < 1 and not (name == "groups" and item == -1):
                raise ShapeProblem(f"`{name}` of {step.head} must be 1 or more and is {item}")


def _step(
    head: str,
    family: str,
    args: Mapping[str, Any],
    inputs: Sequence[Shape | None],
    named: Mapping[str, Shape | None],
    inner: Inner | None,
) -> Step | None:
    shapes = tuple(shape for shape in inputs if shape is not None)
    others = {name: shape for name, shape in named.items() if shape is not None}
    if len(shapes) != len(inputs) or len(others) != len(named):
        return None
    plain = {name: getattr(value, "value", value) for name, value in args.items()}
    if family == "at":
        return Step("at", plain, shapes, others)
    signature = signatures.lookup(family, head)
    filled = _filled(signature, plain) if signature else None
    if signature is None or filled is None or not (shapes or others):
        return None
    if family == "ops" and not shapes:
        # a graph names every operand of an op; rules want what flows as they would be called
        first = list(itertools.takewhile(lambda name: name in others, signature.tensors))
        shapes = tuple(others.pop(name) for name in first)
    if inner is None and "layer" in filled:
        inner = _inner(filled["layer"])
    return Step(signature.name, filled, shapes, others, inner)


def _filled(signature: signatures.Signature, args: Mapping[str, Any]) -> dict[str, Any] | None:
    """The arguments with defaults, or None when they are wrong or missing, which other rules report."""
    found = dict(args)
    for name, argument in signature.arguments.items():
        if name in args:
            if argument.problem(args[name]) is not None:
                return None
        elif not argument.required:
            found[name] = argument.default
        elif argument.kind != "tensor":
            return None
    return found


def _inner(layer: Any) -> Inner | None:
    head, args = getattr(layer, "head", None), getattr(layer, "args", None)
    if not isinstance(head, str) or args is None:
        return None
    return lambda shapes: infer(head, "layers", args, shapes)


def _wrapped(step: Step, inner: int | None) -> int | None:
    layer = step.args["layer"]
    if inner is None and isinstance(head := getattr(layer, "head", None), str):
        shape = step.one if step.head == "Bidirectional" else (step.one[0], *step.one[2:])
        inner = parameters(head, layer.args, [shape])
    both = step.head == "Bidirectional" and step.args["backward_layer"] is None
    if inner is None or (step.head == "Bidirectional" and not both):
        return None
    return 2 * inner if both else inner
