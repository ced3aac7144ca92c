"""A recurrent layer for predictions alone: nothing is kept for a way back, and a step divides less often."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import tensorflow as tf

from zoo.tensorflow_loops.cells import CELLS, Tensors, product
from zoo.tensorflow_loops.fractions import sigmoid_fraction, tanh_fraction
from zoo.tensorflow_loops.loops import in_blocks, multiplied

# Numbers of all gates of a block: large enough that what a call costs is little beside them.
_BLOCK = 2**20


def inference(
    kind: str, x: Any, states: Sequence[Any], weights: Sequence[Any], *, blocks: int, sequences: bool
) -> tuple[Any, list[Any]]:
    """A recurrent layer over all steps of ``x``, as ``loop`` has it, where no gradient is asked for.

    Args:
        kind, x, states, weights, blocks: as there.
        sequences: whether the output after each step is wanted, (row, time, unit); else that after the last,
            (row, 1, unit).
    """
    x, weights = multiplied(x, weights)
    run = _block(kind, x.shape[1], x.shape[2], states[0].shape[1], sequences)
    return in_blocks(run, x, states, weights, blocks)


def blocks_for(rows: int, gates: int) -> int:
    """Blocks for so many rows with so many gates, of all units, each."""
    return -(-rows * gates // _BLOCK)


@lru_cache(maxsize=128)
def _block(kind: str, time: int, features: int, units: int, sequences: bool) -> Callable[..., Sequence[Any]]:
    """One block's loop, compiled once for each of its sizes."""
    cell, step = CELLS[kind], STEPS[kind]

    @tf.function(jit_compile=True, autograph=False)
    def run(x: Any, *rest: Any) -> list[Any]:
        states, weights = rest[: cell.states], rest[cell.states :]
        steps = tf.transpose(x, [1, 0, 2])

        def turn(place: Any, now: Any, *carried: Any) -> Tensors:
            after = step(now, carried[: cell.states], weights)
            # The next step's numbers are cut before they are used: where XLA fuses the cutting with the sums,
            # it computes these number by number, three times as slowly.
            following = steps[tf.minimum(place + 1, time - 1)]
            return (
                place + 1,
                following,
                *after,
                *(item.write(place, after[0]) for item in carried[cell.states :]),
            )

        kept = [tf.TensorArray(tf.float32, size=time, element_shape=(None, units))] if sequences else []
        _, _, *found = tf.while_loop(
            lambda place, *_: place < time, turn, (0, steps[0], *states, *kept), maximum_iterations=time
        )
        after = found[: cell.states]
        outputs = tf.transpose(found[-1].stack(), [1, 0, 2]) if sequences else after[0][:, None]
        return [outputs, *after]

    block: Callable[..., Sequence[Any]] = run
    return block


def _lstm(x: Any, states: Tensors, weights: Tensors) -> Tensors:
    h, c = states
    kernel, recurrent, bias, _ = weights
    i, f, g, o = tf.split(product(x, kernel) + tf.matmul(h, recurrent) + bias, 4, axis=1)
    (i, i_below), (f, f_below), (g, g_below), (o, o_below) = (
        sigmoid_fraction(i),
        sigmoid_fraction(f),
        tanh_fraction(g),
        sigmoid_fraction(o),
    )
    below = i_below * g_below
    c = (f * c * below + i * g * f_below) / (f_below * below)
    squashed, squashed_below = tanh_fraction(c)
    return o * squashed / (o_below * squashed_below), c


def _gru(x: Any, states: Tensors, weights: Tensors) -> Tensors:
    (h,) = states
    kernel, recurrent, bias, recurrent_bias = weights
    xz, xr, xg = tf.split(product(x, kernel) + bias, 3, axis=1)
    hz, hr, hg = tf.split(tf.matmul(h, recurrent) + recurrent_bias, 3, axis=1)
    (z, z_below), (r, r_below) = sigmoid_fraction(xz + hz), sigmoid_fraction(xr + hr)
    g, g_below = tanh_fraction(xg + r / r_below * hg)
    return ((z * h * g_below + (z_below - z) * g) / (z_below * g_below),)


STEPS = {"LSTM": _lstm, "GRU": _gru}
