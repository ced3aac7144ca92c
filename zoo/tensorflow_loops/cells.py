"""What a recurrent layer does in one step, there and back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import tensorflow as tf

from zoo.tensorflow_loops.fractions import sigmoid, tanh

Tensors = tuple[Any, ...]


@dataclass(frozen=True)
class Cell:
    """What a recurrent layer does in one step, and the same step backwards.

    Args:
        gates: of a unit.
        states: arrays that are carried from step to step; the first is the output.
        kept: arrays that a step keeps for the way back.
        step: (x, states, weights) → (states, kept): arrays (row, …) in, what the way back needs out.
        back: (gradients of the states after the step, states before it, kept) → (gradients of the sums that
            x, and that the first state, are multiplied into; of the states before the step, as far as they
            do not come through those sums).
    """

    gates: int
    states: int
    kept: int
    step: Callable[[Any, Tensors, Tensors], tuple[Tensors, Tensors]]
    back: Callable[[Tensors, Tensors, Tensors], tuple[Any, Any, Tensors]]


def _lstm_step(x: Any, states: Tensors, weights: Tensors) -> tuple[Tensors, Tensors]:
    h, c = states
    kernel, recurrent, bias, _ = weights
    i, f, g, o = tf.split(product(x, kernel) + tf.matmul(h, recurrent) + bias, 4, axis=1)
    i, f, g, o = sigmoid(i), sigmoid(f), tanh(g), sigmoid(o)
    c = f * c + i * g
    squashed = tanh(c)
    return (o * squashed, c), (i, f, g, o, squashed)


def _lstm_back(gradients: Tensors, before: Tensors, kept: Tensors) -> tuple[Any, Any, Tensors]:
    dh, dc = gradients
    i, f, g, o, squashed = kept
    dc = dc + dh * o * (1 - squashed * squashed)
    sums = tf.concat(
        [
            dc * g * i * (1 - i),
            dc * before[1] * f * (1 - f),
            dc * i * (1 - g * g),
            dh * squashed * o * (1 - o),
        ],
        axis=1,
    )
    return sums, sums, (tf.zeros_like(dh), dc * f)


def _gru_step(x: Any, states: Tensors, weights: Tensors) -> tuple[Tensors, Tensors]:
    (h,) = states
    kernel, recurrent, bias, recurrent_bias = weights
    xz, xr, xg = tf.split(product(x, kernel) + bias, 3, axis=1)
    hz, hr, hg = tf.split(tf.matmul(h, recurrent) + recurrent_bias, 3, axis=1)
    z, r = sigmoid(xz + hz), sigmoid(xr + hr)
    g = tanh(xg + r * hg)
    return (z * h + (1 - z) * g,), (z, r, g, hg)


def _gru_back(gradients: Tensors, before: Tensors, kept: Tensors) -> tuple[Any, Any, Tensors]:
    (dh,) = gradients
    z, r, g, hg = kept
    dg = dh * (1 - z) * (1 - g * g)
    dz = dh * (before[0] - g) * z * (1 - z)
    dr = dg * hg * r * (1 - r)
    return tf.concat([dz, dr, dg], 1), tf.concat([dz, dr, dg * r], 1), (dh * z,)


CELLS = {"LSTM": Cell(4, 2, 5, _lstm_step, _lstm_back), "GRU": Cell(3, 1, 4, _gru_step, _gru_back)}


def product(x: Any, kernel: Any) -> Any:
    """X · kernel: of one feature no matrix product, and of products that were made before nothing."""
    if not kernel.shape[0]:
        return x
    return x * kernel[0] if kernel.shape[0] == 1 else tf.matmul(x, kernel)
