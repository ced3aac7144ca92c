"""Shapes of ops that compute. An op sees the batch axis like any other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce

from zoo.spec import signatures
from zoo.spec.shapes.dims import (
    Shape,
    ShapeProblem,
    Shapes,
    Step,
    agree,
    axes_of,
    broadcast,
    show,
)
from zoo.spec.shapes.einsum import einsum

UNARY = """
    abs absolute arccos arccosh arcsin arcsinh arctan arctanh cast cbrt ceil celu clip conj conjugate
    copy cos cosh deg2rad elu erf erfc erfinv exp exp2 expm1 flip floor gelu hard_shrink hard_sigmoid
    hard_silu hard_tanh isfinite isinf isnan layer_normalization leaky_relu log log10 log1p log2
    log_sigmoid log_softmax logical_not nan_to_num negative normalize ones_like reciprocal relu relu6
    rms_normalization roll round rsqrt selu sigmoid sign silu sin sinh soft_shrink softmax softplus
    softsign sparse_plus sparse_sigmoid sparsemax sqrt square squareplus stop_gradient tan tanh
    tanh_shrink threshold tril triu zeros_like
""".split()
BINARY = """
    add arctan2 divide divide_no_nan equal floor_divide greater
    greater_equal less less_equal logaddexp logical_and logical_or logical_xor maximum minimum mod
    multiply not_equal power subtract true_divide
""".split()
REDUCTIONS = "all amax amin any logsumexp max mean median min norm prod std sum var".split()
ALONG = ("argsort", "cumprod", "cumsum", "sort")


def bound(step: Step) -> dict[str, Shape]:
    """The op's tensors by name: those given by name, the others from what flows in, in order."""
    found = dict(step.named)
    signature = signatures.lookup("ops", step.head)
    free = [name for name in (signature.tensors if signature else ()) if name not in found]
    if len(free) < len(step.inputs):
        raise ShapeProblem(
            f"ops.{step.head} takes {len(free)} tensors and receives {len(step.inputs)}", "merge"
        )
    return found | dict(zip(free, step.inputs, strict=False))


def unary(step: Step) -> Shapes:
    """What comes in goes out."""
    shape = next(iter(bound(step).values()))
    if step.args.get("axis") is not None:
        axes_of(step, step.args["axis"], len(shape))
    return (shape,)


def along(step: Step) -> Shapes | None:
    """Sorting and running sums along an axis; without one Keras flattens first."""
    return None if step.args["axis"] is None else unary(step)


def binary(step: Step) -> Shapes | None:
    """Two tensors stretched over each other."""
    found = bound(step)
    if len(found) < 2:
        return None
    left, right = found.values() if "x1" not in found else (found["x1"], found["x2"])
    return (broadcast(step, left, right),)


def reduction(step: Step) -> Shapes:
    """Axes vanish, or stay with length 1."""
    (shape,) = bound(step).values()
    axes = axes_of(step, step.args["axis"], len(shape))
    if step.args["keepdims"]:
        return (tuple(1 if axis in axes else size for axis, size in enumerate(shape)),)
    return (tuple(size for axis, size in enumerate(shape) if axis not in axes),)


def argument(step: Step) -> Shapes | None:
    """Places of the largest and the smallest."""
    if step.args["axis"] is None:
        return None if step.args["keepdims"] else ((),)
    return reduction(step)


def matmul(step: Step) -> Shapes | None:
    """Matrix products of the last two axes."""
    found = bound(step)
    if len(found) < 2 or min(len(found["x1"]), len(found["x2"])) < 2:
        return None
    left, right = found["x1"], found["x2"]
    if not agree(left[-1], right[-2]):
        raise ShapeProblem(
            f"ops.matmul cannot join {show(left)} and {show(right)}: {left[-1]} is not {right[-2]}", "merge"
        )
    return ((*broadcast(step, left[:-2], right[:-2]), left[-2], right[-1]),)


def where(step: Step) -> Shapes | None:
    """Three tensors stretched over each other."""
    found = bound(step)
    if len(found) < 3:
        return None
    return (reduce(lambda left, right: broadcast(step, left, right), found.values()),)


def einstein(step: Step) -> Shapes | None:
    """Einstein sums."""
    found = einsum(step, str(step.args["subscripts"]), step.inputs)
    return None if found is None else (found,)


def dot_product_attention(step: Step) -> Shapes | None:
    """(batch, time, head, feature) three times → the query's shape with the value's features."""
    found = bound(step)
    if not {"query", "key", "value"} <= set(found):
        return None
    query, key, value = found["query"], found["key"], found["value"]
    if any(len(shape) != 4 for shape in (query, key, value)):
        raise ShapeProblem(
            f"ops.{step.head} takes (batch, time, head, feature) and receives {show(query)}", "rank"
        )
    return (query,)


RULES: Mapping[str, Callable[[Step], Shapes | None]] = {
    **dict.fromkeys(UNARY, unary),
    **dict.fromkeys(ALONG, along),
    **dict.fromkeys(BINARY, binary),
    **dict.fromkeys(REDUCTIONS, reduction),
    **dict.fromkeys(("argmax", "argmin"), argument),
    "dot_product_attention": dot_product_attention,
    "einsum": einstein,
    "matmul": matmul,
    "where": where,
}
