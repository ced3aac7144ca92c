"""Floating-point operations of ops: products exactly, the rest by the size of what comes in or out."""

from __future__ import annotations

from collections.abc import Mapping

from zoo.spec.shapes import arranging, ops
from zoo.spec.shapes.dims import Shapes, Step
from zoo.spec.shapes.einsum import sizes_of
from zoo.spec.shapes.flops import SOFTMAX, Flops, a_number, volume

_MOVES = """
    cast copy flip moveaxis ones_like ravel repeat roll stop_gradient take tile tril triu unstack zeros_like
""".split()


def _read(step: Step, out: Shapes) -> int:
    return sum(volume(shape) for shape in ops.bound(step).values())


def _spread(step: Step, out: Shapes) -> int:
    return 3 * _read(step, out)  # a mean, a difference, a square


def _matmul(step: Step, out: Shapes) -> int:
    return 2 * volume(out[0]) * step.known_size(ops.bound(step)["x1"][-1])


def _einsum(step: Step, out: Shapes) -> int | None:
    equation = str(step.args["subscripts"]).replace(" ", "")
    found = sizes_of(step, equation, step.inputs)
    if found is None:
        return None
    sizes, dots = found
    many = len(step.inputs)
    summed = set(sizes) - set(equation.partition("->")[2])
    # every combination of axes is one product of all operands, and one addition where an axis is summed
    return volume((*sizes.values(), *dots)) * (many - 1 + bool(summed))


def _attention(step: Step, out: Shapes) -> int:
    found = ops.bound(step)
    width, keys = step.known_size(found["query"][-1]), step.known_size(found["key"][1])
    pairs = volume(found["query"][:-1]) * keys
    return pairs * (2 * width + 1 + SOFTMAX + 2 * step.known_size(found["value"][-1]))


RULES: Mapping[str, Flops] = {
    **dict.fromkeys((*ops.UNARY, *ops.BINARY, *ops.ALONG, "where"), a_number(1)),
    **dict.fromkeys(("log_softmax", "softmax"), a_number(SOFTMAX)),
    **dict.fromkeys(("layer_normalization", "normalize"), a_number(7)),
    "rms_normalization": a_number(4),
    **dict.fromkeys((*ops.REDUCTIONS, "argmax", "argmin"), _read),
    **dict.fromkeys(("norm", "std", "var"), _spread),
    **dict.fromkeys((*arranging.RULES, *_MOVES), a_number(0)),
    "dot_product_attention": _attention,
    "einsum": _einsum,
    "matmul": _matmul,
}
