"""Shapes of common ops. An op sees the batch axis like any other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from zoo.spec import signatures
from zoo.spec.shapes.core import reshaped
from zoo.spec.shapes.dims import (
    Shape,
    ShapeProblem,
    Shapes,
    Step,
    agree,
    axes_of,
    axis_of,
    broadcast,
    show,
)
from zoo.spec.shapes.einsum import einsum
from zoo.spec.shapes.merging import concatenated

_UNARY = """
    abs absolute arccos arccosh arcsin arcsinh arctan arctanh cast cbrt ceil celu clip conj conjugate
    copy cos cosh deg2rad elu erf erfc erfinv exp exp2 expm1 floor gelu hard_shrink hard_sigmoid
    hard_silu hard_tanh isfinite isinf isnan layer_normalization leaky_relu log log10 log1p log2
    log_sigmoid log_softmax logical_not nan_to_num negative normalize ones_like reciprocal relu relu6
    rms_normalization round rsqrt selu sigmoid sign silu sin sinh soft_shrink softmax softplus softsign
    sparse_plus sparse_sigmoid sparsemax sqrt square squareplus stop_gradient tan tanh tanh_shrink
    threshold tril triu zeros_like
""".split()
_BINARY = """
    add arctan2 divide divide_no_nan equal floor_divide greater
    greater_equal less less_equal logaddexp logical_and logical_or logical_xor maximum minimum mod
    multiply not_equal power subtract true_divide
""".split()
_REDUCTIONS = "all amax amin any logsumexp max mean median min prod std sum var".split()
_ALONG = ("argsort", "cumprod", "cumsum", "sort")


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


def reshape(step: Step) -> Shapes:
    """Every axis anew, the batch axis too."""
    return (reshaped(step, step.one, list(step.args["newshape"])),)


def transpose(step: Step) -> Shapes:
    """Axes in a new order; reversed when none is given."""
    axes = step.args["axes"]
    order = range(len(step.one))[::-1] if axes is None else axes_of(step, axes, len(step.one))
    if sorted(order) != list(range(len(step.one))):
        raise ShapeProblem(f"ops.transpose wants every axis of {show(step.one)} once and has {axes}", "rank")
    return (tuple(step.one[axis] for axis in order),)


def concatenate(step: Step) -> Shapes:
    """Tensors side by side."""
    return (concatenated(step, int(step.args["axis"])),)


def stack(step: Step) -> Shapes:
    """Tensors of one shape along a new axis."""
    shape = step.inputs[0]
    for other in step.inputs[1:]:
        if len(other) != len(shape) or not all(agree(a, b) for a, b in zip(shape, other, strict=True)):
            raise ShapeProblem(f"ops.stack cannot join {show(shape)} and {show(other)}", "merge")
        shape = tuple(b if a is None else a for a, b in zip(shape, other, strict=True))
    axis = axis_of(step, int(step.args["axis"]), len(shape) + 1)
    return ((*shape[:axis], len(step.inputs), *shape[axis:]),)


def split(step: Step) -> Shapes | None:
    """Equal parts of an axis, or parts cut at places."""
    axis = axis_of(step, int(step.args["axis"]), len(step.one))
    size, parts = step.one[axis], step.args["indices_or_sections"]
    if isinstance(parts, int):
        if size is not None and size % parts:
            raise ShapeProblem(f"ops.split cannot cut {size} into {parts} equal parts")
        cuts: list[int | None] = [None if size is None else size // parts] * parts
    else:
        if (
            size is None
            or any(place < 0 for place in parts)
            or sorted(parts) != list(parts)
            or max(parts) > size
        ):
            return None
        cuts = [end - start for start, end in zip([0, *parts], [*parts, size], strict=True)]
    return tuple((*step.one[:axis], cut, *step.one[axis + 1 :]) for cut in cuts)


def expand_dims(step: Step) -> Shapes:
    """New axes of length 1."""
    axes = step.args["axis"] if isinstance(step.args["axis"], (list, tuple)) else [step.args["axis"]]
    rank = len(step.one) + len(axes)
    new = axes_of(step, axes, rank)
    rest = iter(step.one)
    return (tuple(1 if axis in new else next(rest) for axis in range(rank)),)


def squeeze(step: Step) -> Shapes | None:
    """Axes of length 1 vanish."""
    if step.args["axis"] is None:
        return None if None in step.one else (tuple(size for size in step.one if size != 1),)
    axes = axes_of(step, step.args["axis"], len(step.one))
    if any(step.one[axis] != 1 for axis in axes):
        raise ShapeProblem(
            f"ops.squeeze can drop axes of length 1 and receives {show(step.one)}, axis {step.args['axis']}"
        )
    return (tuple(size for axis, size in enumerate(step.one) if axis not in axes),)


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


def at(step: Step) -> Shapes:
    """The step `at`: a number drops its axis, [start, stop, step?] keeps a part of it."""
    found: list[int | None] = list(step.one)
    drop = set()
    for key, where in step.args.items():
        axis = axis_of(step, int(key), len(found))
        size = found[axis]
        if isinstance(where, int):
            if size is not None and not -size <= where < size:
                raise ShapeProblem(f"`at` takes number {where} of axis {axis}, which has {size}")
            drop.add(axis)
        else:
            found[axis] = _part(size, list(where))
            if found[axis] == 0:
                raise ShapeProblem(f"`at` keeps nothing of axis {axis}: {where} of {size}")
    return (tuple(size for axis, size in enumerate(found) if axis not in drop),)


def _part(size: int | None, where: list[Any]) -> int | None:
    return None if size is None else len(range(*slice(*where).indices(size)))


RULES: Mapping[str, Callable[[Step], Shapes | None]] = {
    **dict.fromkeys(_UNARY, unary),
    **dict.fromkeys(_ALONG, along),
    **dict.fromkeys(_BINARY, binary),
    **dict.fromkeys(_REDUCTIONS, reduction),
    **dict.fromkeys(("argmax", "argmin"), argument),
    "concatenate": concatenate,
    "dot_product_attention": dot_product_attention,
    "einsum": einstein,
    "expand_dims": expand_dims,
    "matmul": matmul,
    "reshape": reshape,
    "split": split,
    "squeeze": squeeze,
    "stack": stack,
    "transpose": transpose,
}
