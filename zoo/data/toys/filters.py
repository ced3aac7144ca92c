"""Toy images and a fixed filter of them: points of light on a dark ground, blurred.

The output is a convolution of the image with a small fixed kernel, its channels mixed, each of the output's
in its own way; a smaller output shows every nth pixel of it. Nothing in it is negative, so that a layer with
rectified units can give it as well as a linear one.

An output that is no image asks how many points there are: a share from 0 to 1, or a class of it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoo.data.asked import AskedInput, AskedTarget
from zoo.data.toys.pictures import FloatArray, fit_pictures, plane_of
from zoo.data.toys.signs import is_whole, number_type, sizes_of
from zoo.data.toys.toy import Option, Order, Samples, Toy
from zoo.data.toys.traits import Trait, target_of

FEWEST, MOST = 0.02, 0.2


def make(order: Order) -> Samples:
    """Images, and what a fixed filter makes of the first input's."""
    level = Trait((order.rng.permutation(order.samples) + 0.5) / order.samples)
    x = {name: _image(item, level, order) for name, item in order.asked.inputs.items()}
    first, item = next(iter(x.items())), next(iter(order.asked.inputs.values()))
    y = {
        name: _filtered(first[1], target, int(order.options["kernel"]))
        if _is_image(target) and len(sizes_of(item)) == 3
        else target_of(level, target)
        for name, target in order.asked.targets.items()
    }
    return x, y


def _image(item: AskedInput, level: Trait, order: Order) -> NDArray[Any]:
    shape = sizes_of(item)
    density = FEWEST + (MOST - FEWEST) * level.values
    if len(shape) != 3 or is_whole(item):
        rows, columns = plane_of(shape)
        return fit_pictures(_points(density, (rows, columns), order.rng), item)
    return _points(density, shape, order.rng).astype(number_type(item))


def _points(density: NDArray[np.float64], shape: tuple[int, ...], rng: np.random.Generator) -> FloatArray:
    made = rng.random((len(density), *shape), dtype=np.float32)
    edge = density.astype(np.float32).reshape(-1, *[1] * len(shape))
    # Below the edge a point, from half bright to bright; the rest is dark.
    return np.where(made < edge, 1.0 - made / edge / 2, np.float32(0.0)).astype(np.float32)


def _is_image(target: AskedTarget) -> bool:
    return target.kind == "numbers" and len(target.shape) == 3


def _filtered(image: FloatArray, target: AskedTarget, kernel: int) -> FloatArray:
    rows, columns, channels = (size or 1 for size in target.shape)
    weights = kernel_of(kernel, image.shape[-1], channels)
    height, width = image.shape[1:3]
    down, across = np.arange(rows) * height // rows, np.arange(columns) * width // columns
    made = np.empty((len(image), rows, columns, channels), np.float32)
    for number, one in enumerate(image):
        made[number] = _neighbours(one, kernel)[np.ix_(down, across)] @ weights
    return made


def _neighbours(image: FloatArray, kernel: int) -> FloatArray:
    # (row, column, place in the kernel × channel), dark outside the image
    reach = kernel // 2
    padded = np.pad(image.astype(np.float32), ((reach, reach), (reach, reach), (0, 0)))
    height, width = image.shape[:2]
    shifts = [padded[i : i + height, j : j + width] for i in range(kernel) for j in range(kernel)]
    return np.concatenate(shifts, axis=-1)


def kernel_of(size: int, channels: int, filters: int) -> FloatArray:
    """(size² · channel, filter), none negative; most of the weight lies in the middle."""
    rule = np.random.default_rng([2024, size, channels])
    places = np.abs(np.arange(size) - size // 2)
    near = np.exp(-2.0 * (places[:, None] + places[None, :])).reshape(-1, 1, 1)
    # Of many channels each filter mixes a few: a mean of all would be nearly the same everywhere.
    mixed = rule.dirichlet(np.full(channels, min(1.0, 3.0 / channels)), filters).T[None]
    return np.asarray((near / near.sum() * mixed).reshape(-1, filters), np.float32)


TOY = Toy(
    "images",
    "images and a fixed filter of them",
    make,
    {"kernel": Option(3, 1, 9, whole=True)},
)
