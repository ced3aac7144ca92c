"""Shapes of dense layers, embeddings, normalisation, and of layers that only rearrange."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from zoo.spec.shapes.dims import (
    Shape,
    ShapeProblem,
    Shapes,
    Step,
    agree,
    axes_of,
    axis_of,
    numbers,
    product,
    rank_of,
    show,
)
from zoo.spec.shapes.einsum import einsum_dense


def same(step: Step) -> Shapes:
    """What comes in goes out."""
    return (step.one,)


def dense(step: Step) -> Shapes:
    """(…, features) → (…, units)."""
    if len(step.one) < 2:
        raise ShapeProblem(f"Dense takes (batch, …, feature) and receives {show(step.one)}", "rank")
    step.known(step.one[-1], "last")
    return ((*step.one[:-1], int(step.args["units"])),)


def embedding(step: Step) -> Shapes:
    """(…) whole numbers → (…, output_dim)."""
    return ((*step.one, int(step.args["output_dim"])),)


def normalization(step: Step) -> Shapes:
    """The shape stays; the normalised axes must have a known size, for their weights."""
    learned = step.head == "BatchNormalization" or step.args.get("center") or step.args.get("scale")
    for axis in axes_of(step, step.args["axis"], len(step.one)):
        if learned or step.head == "RMSNormalization":
            step.known(step.one[axis], f"normalised (number {axis})")
    return (step.one,)


def group_normalization(step: Step) -> Shapes:
    """The shape stays; the groups divide the channels."""
    axis = axis_of(step, int(step.args["axis"]), len(step.one))
    channels, groups = step.known(step.one[axis], "channel"), int(step.args["groups"])
    if groups != -1 and channels % groups:
        raise ShapeProblem(f"GroupNormalization has {groups} groups, which do not divide {channels} channels")
    return (step.one,)


def flatten(step: Step) -> Shapes:
    """(batch, …) → (batch, all of it)."""
    return ((step.one[0], product(step.one[1:])),)


def reshape(step: Step) -> Shapes:
    """(batch, …) → (batch, target_shape)."""
    return ((step.one[0], *reshaped(step, step.one[1:], step.args["target_shape"])),)


def reshaped(step: Step, shape: Shape, target: list[int | None]) -> Shape:
    """A shape after a reshape; -1 stands for what is left over."""
    if any(size is not None and size < -1 for size in target) or target.count(-1) > 1:
        raise ShapeProblem(f"{step.head} can leave one size open, with -1, and has {target}")
    whole = product(shape)
    if whole is None or None in target:
        return tuple(None if size == -1 else size for size in target)
    rest = product([size for size in target if size != -1])
    assert rest is not None
    if -1 not in target and rest == whole:
        return tuple(target)
    if -1 not in target or rest == 0 or whole % rest:
        held = " × ".join(str(size) for size in shape) or "1"
        raise ShapeProblem(f"{step.head} cannot make {target} of {held} = {whole} numbers")
    return tuple(whole // rest if size == -1 else size for size in target)


def permute(step: Step) -> Shapes:
    """(batch, …) → the other axes in a new order, counted from 1."""
    dims = [int(axis) for axis in step.args["dims"]]
    if sorted(dims) != list(range(1, len(step.one))):
        raise ShapeProblem(
            f"Permute wants the axes 1 to {len(step.one) - 1} of {show(step.one)} and has {dims}", "rank"
        )
    return ((step.one[0], *(step.one[axis] for axis in dims)),)


def repeat_vector(step: Step) -> Shapes:
    """(batch, features) → (batch, n, features)."""
    batch, features = step.of_rank(2, "(batch, feature)")
    return ((batch, int(step.args["n"]), features),)


def up_sampling(step: Step) -> Shapes:
    """Every spatial axis becomes `size` times as long."""
    sizes = numbers(step, "size", rank_of(step.head))
    return (_spatial(step, lambda axis, size: size * sizes[axis]),)


def zero_padding(step: Step) -> Shapes:
    """Every spatial axis grows at both ends."""
    pads = _pairs(step, "padding")
    return (_spatial(step, lambda axis, size: size + sum(pads[axis])),)


def cropping(step: Step) -> Shapes:
    """Every spatial axis is cut at both ends; something must be left."""
    cuts = _pairs(step, "cropping")

    def cut(axis: int, size: int) -> int:
        if size <= sum(cuts[axis]):
            raise ShapeProblem(f"{step.head} cuts {sum(cuts[axis])} of {size} and leaves nothing")
        return size - sum(cuts[axis])

    return (_spatial(step, cut),)


def _spatial(step: Step, change: Callable[[int, int], int]) -> Shape:
    rank = rank_of(step.head)
    shape = step.of_rank(rank + 2, "(batch, time, feature)" if rank == 1 else f"{rank + 2} axes")
    first = 2 if step.args.get("data_format") == "channels_first" else 1
    middle = (None if size is None else change(n, size) for n, size in enumerate(shape[first : first + rank]))
    return (*shape[:first], *middle, *shape[first + rank :])


def _pairs(step: Step, name: str) -> tuple[tuple[int, int], ...]:
    value: Any = step.args[name]
    rank = rank_of(step.head)
    if isinstance(value, int):
        return ((value, value),) * rank
    if rank == 1 and all(isinstance(item, int) for item in value):
        value = [value]
    pairs = tuple((item, item) if isinstance(item, int) else tuple(item) for item in value)
    if len(pairs) != rank or any(len(pair) != 2 for pair in pairs):
        raise ShapeProblem(
            f"`{name}` of {step.head} wants a pair of numbers for each of {rank} axes and has {value}"
        )
    return tuple((int(pair[0]), int(pair[1])) for pair in pairs)


def dropout(step: Step) -> Shapes:
    """The shape stays; a noise shape must fit it."""
    noise = step.args.get("noise_shape")
    if noise is not None:
        if len(noise) != len(step.one):
            raise ShapeProblem(
                f"`noise_shape` of {step.head} has {len(noise)} axes and receives {show(step.one)}", "rank"
            )
        for wanted, size in zip(noise, step.one, strict=True):
            if wanted not in (1, None) and not agree(wanted, size):
                raise ShapeProblem(
                    f"`noise_shape` of {step.head} is {noise} and does not fit {show(step.one)}"
                )
    return (step.one,)


def spatial_dropout(step: Step) -> Shapes:
    """The shape stays; whole channels are dropped."""
    rank = rank_of(step.head)
    return (step.of_rank(rank + 2, "(batch, time, feature)" if rank == 1 else f"{rank + 2} axes"),)


RULES: Mapping[str, Callable[[Step], Shapes | None]] = {
    **dict.fromkeys(
        ("Activation", "ActivityRegularization", "ELU", "Identity", "LeakyReLU", "Masking"), same
    ),
    **dict.fromkeys(("GaussianDropout", "GaussianNoise", "PReLU", "ReLU", "Rescaling"), same),
    **dict.fromkeys(("AlphaDropout", "Dropout"), dropout),
    **dict.fromkeys((f"SpatialDropout{rank}D" for rank in (1, 2, 3)), spatial_dropout),
    **dict.fromkeys(
        "BatchNormalization LayerNormalization RMSNormalization Softmax UnitNormalization".split(),
        normalization,
    ),
    **dict.fromkeys((f"Cropping{rank}D" for rank in (1, 2, 3)), cropping),
    **dict.fromkeys((f"UpSampling{rank}D" for rank in (1, 2, 3)), up_sampling),
    **dict.fromkeys((f"ZeroPadding{rank}D" for rank in (1, 2, 3)), zero_padding),
    "Dense": dense,
    "EinsumDense": lambda step: einsum_dense(step)[:1],
    "Embedding": embedding,
    "Flatten": flatten,
    "GroupNormalization": group_normalization,
    "Permute": permute,
    "RepeatVector": repeat_vector,
    "Reshape": reshape,
}
