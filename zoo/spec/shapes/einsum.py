"""Shapes of Einstein sums: ``bij,bjk->bik``, with ``...`` for any axes."""

from __future__ import annotations

from collections.abc import Sequence

from zoo.spec.shapes.dims import Shape, ShapeProblem, Shapes, Step, agree, product, show


def einsum(step: Step, equation: str, shapes: Sequence[Shape]) -> Shape | None:
    """The output of an Einstein sum, or None for forms that are not read here."""
    equation = equation.replace(" ", "")
    found = sizes_of(step, equation, shapes)
    if found is None:
        return None
    sizes, dots = found
    out = equation.partition("->")[2]
    if any(letter not in sizes for letter in out.replace("...", "")):
        raise ShapeProblem(f"`{equation}` makes an axis that no operand has")
    head, _, tail = out.partition("...") if "..." in out else (out, "", "")
    middle = dots if "..." in out else ()
    return (*(sizes[letter] for letter in head), *middle, *(sizes[letter] for letter in tail))


def sizes_of(
    step: Step, equation: str, shapes: Sequence[Shape]
) -> tuple[dict[str, int | None], Shape] | None:
    """The size of every letter of an equation, and the axes that `...` stands for; None as above."""
    terms, arrow, out = equation.partition("->")
    parts = terms.split(",")
    if len(parts) != len(shapes):
        raise ShapeProblem(
            f"`{equation}` has {len(parts)} operands and receives {len(shapes)} tensors", "merge"
        )
    if (
        not arrow
        or any(part.count("...") > 1 for part in (*parts, out))
        or "." in equation.replace("...", "")
    ):
        return None
    sizes: dict[str, int | None] = {}
    dots: Shape = ()
    for part, shape in zip(parts, shapes, strict=True):
        dots = _read(step, equation, part, shape, sizes) or dots
    return sizes, dots


def _read(step: Step, equation: str, part: str, shape: Shape, sizes: dict[str, int | None]) -> Shape:
    head, dotted, tail = part.partition("...")
    free = len(shape) - len(head) - len(tail)
    if free < 0 or (free and not dotted):
        raise ShapeProblem(f"`{part}` of `{equation}` does not have the axes of {show(shape)}", "rank")
    axes = (*zip(head, shape, strict=False), *zip(tail, shape[len(shape) - len(tail) :], strict=True))
    for letter, size in axes:
        if not agree(sizes.get(letter), size) and 1 not in (sizes.get(letter), size):
            raise ShapeProblem(f"`{letter}` of `{equation}` is both {sizes[letter]} and {size}", "merge")
        sizes[letter] = size if sizes.get(letter) in (None, 1) else sizes[letter]
    return shape[len(head) : len(head) + free] if dotted else ()


def einsum_dense(step: Step) -> Shapes:
    """Output and kernel shape of an EinsumDense, or nothing for forms that are not read here."""
    equation = str(step.args["equation"]).replace(" ", "")
    terms, _, out = equation.partition("->")
    taken, _, kernel = terms.partition(",")
    if "." in equation or not kernel or not out:
        return ()
    sizes: dict[str, int | None] = {}
    _read(step, equation, taken, step.one, sizes)
    wanted = step.args["output_shape"]
    wanted = list(wanted) if isinstance(wanted, (list, tuple)) else [wanted]
    if len(wanted) != len(out) - 1:
        raise ShapeProblem(
            f"`output_shape` of EinsumDense has {len(wanted)} sizes and `{out}` {len(out) - 1} axes"
        )
    made = dict(zip(out[1:], wanted, strict=True))
    for letter, size in made.items():
        if size is not None and letter in sizes and not agree(sizes[letter], size):
            raise ShapeProblem(
                f"`{letter}` of `{equation}` is {sizes[letter]} and `output_shape` says {size}"
            )
    whole = {
        letter: sizes[letter] if sizes.get(letter) is not None else made.get(letter)
        for letter in {*sizes, *made}
    }
    if any(letter not in whole for letter in kernel + out):
        return ()
    output = (whole[out[0]], *(whole[letter] for letter in out[1:]))
    return output, tuple(whole[letter] for letter in kernel)


def bias_size(step: Step) -> int | None:
    """How many biases an EinsumDense has."""
    axes = step.args["bias_axes"]
    out = str(step.args["equation"]).replace(" ", "").partition("->")[2]
    output = einsum_dense(step)[0]
    return (
        0 if not axes else product([size for letter, size in zip(out, output, strict=True) if letter in axes])
    )
