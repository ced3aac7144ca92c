"""Pictures fitted to a model's input."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoo.data.asked import AskedInput
from zoo.data.toys.signs import is_whole, number_type, sizes_of

FloatArray = NDArray[np.float32]


def fit_pictures(pictures: FloatArray, item: AskedInput, most: int = 16) -> NDArray[Any]:
    """(sample, *shape): pictures of (row, column) from 0 to 1 as the input takes them.

    The last axes are rows, columns and channels; with two axes there are no channels, with one the pixels
    lie in a line. Whole numbers run from 0 to ``most``. Every channel and frame shows the same.
    """
    shape = sizes_of(item)
    rows, columns = plane_of(shape)
    made = resized(pictures, rows, columns)
    if is_whole(item):
        made = np.round(made * (1 if item.dtype == "bool" else most))
    made = made.astype(number_type(item))
    if len(shape) > 2:
        frames = shape[:-3]
        made = made.reshape(len(made), *[1] * len(frames), rows, columns, 1)
        return np.broadcast_to(made, (len(made), *shape)).copy()
    return made.reshape(len(made), *shape)


def plane_of(shape: tuple[int, ...]) -> tuple[int, int]:
    """Rows and columns of a picture in an input of this shape."""
    if len(shape) > 2:
        return shape[-3], shape[-2]
    if len(shape) == 2:
        return shape[0], shape[1]
    pixels = math.prod(shape)
    rows = next(size for size in range(math.isqrt(pixels), 0, -1) if pixels % size == 0)
    return rows, pixels // rows


def resized(pictures: FloatArray, rows: int, columns: int) -> FloatArray:
    """(sample, rows, columns), linear between the pixels."""
    down, across = _weights(pictures.shape[1], rows), _weights(pictures.shape[2], columns)
    return np.asarray(down @ pictures @ across.T, np.float32)


def _weights(old: int, new: int) -> FloatArray:
    # The middles of the new pixels, measured in old ones.
    places = np.clip((np.arange(new) + 0.5) * old / new - 0.5, 0, old - 1)
    eye = np.eye(old)
    return np.stack([np.interp(places, np.arange(old), eye[number]) for number in range(old)], axis=1).astype(
        np.float32
    )
