"""Recurrent loops compiled by XLA: some rows at a time, there and back, with the numbers of Keras's own.

Keras runs a recurrent layer on a processor as a loop of some twenty TensorFlow operations a step, over all
rows of the batch at once, and differentiates it operation by operation. Here XLA compiles one step into a few
fused ones, the rows go through the whole loop in blocks that stay in the processor's caches, several blocks
at a time, and the way back adds up the gradients of the weights as it goes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import tensorflow as tf

from zoo.tensorflow_loops.cells import CELLS, Cell, Tensors

# Numbers of all gates of a block: what a step of it reads and writes stays near the processor.
_BLOCK = 2**16
# Fewer rows than these are not worth a block; two blocks keep two cores busy; more than so many cost more in
# starting them than they win. The machine has no say: the order of sums is the same on all.
_ROWS, _FEWEST, _MOST = 16, 2, 32
# From so many features on, one product of all steps by TensorFlow is faster than XLA's of a step each, and
# its gradient even more so.
_WIDE = 48


def loop(
    kind: str,
    x: Any,
    states: Sequence[Any],
    weights: Sequence[Any],
    *,
    blocks: int,
    wants_x: bool,
    sequences: bool,
) -> tuple[Any, list[Any]]:
    """A recurrent layer over all steps of ``x``.

    Args:
        kind: one of ``CELLS``.
        x: (row, time, feature); the number of steps is known.
        states: (row, unit) each, before the first step.
        weights: kernel (feature, gate·unit), recurrent kernel (unit, gate·unit), bias and recurrent bias
            (gate·unit); zeros where the layer has none.
        blocks: into which the rows are cut.
        wants_x: whether the gradient of ``x`` is asked for; without it none comes back.
        sequences: whether the output after each step is wanted, or only that after the last.

    Returns:
        The first state after each step, (row, time, unit), or after the last, (row, 1, unit); and all states
        after the last.
    """
    x, weights = multiplied(x, weights)
    # of products that were made before, the gradient is also the kernel's
    wants_x = wants_x or not weights[0].shape[0]
    run = _block(kind, x.shape[1], x.shape[2], states[0].shape[1], wants_x, sequences)
    return in_blocks(run, x, states, weights, blocks)


def multiplied(x: Any, weights: Sequence[Any]) -> tuple[Any, Sequence[Any]]:
    """Of many features the kernel's products of all steps, of which a step is left none."""
    kernel, *others = weights
    time, features = x.shape[1:]
    if features < _WIDE:
        return x, weights
    products = tf.matmul(tf.reshape(x, (-1, features)), kernel)
    return tf.reshape(products, (-1, time, kernel.shape[1])), [kernel[:0], *others]


def in_blocks(
    run: Callable[..., Sequence[Any]], x: Any, states: Sequence[Any], weights: Sequence[Any], blocks: int
) -> tuple[Any, list[Any]]:
    """What ``run`` gives for all rows, in calls for some of them, which TensorFlow makes at the same time."""
    rows = tf.shape(x)[0]
    size = (rows + blocks - 1) // blocks
    missing = size * blocks - rows
    # every block has one size, so that XLA compiles one loop for all of them
    given = [tf.pad(item, [[0, missing], *[[0, 0]] * (len(item.shape) - 1)]) for item in (x, *states)]
    found = []
    for block in range(blocks):
        part = [item[block * size : (block + 1) * size] for item in given]
        found.append(run(*part, *weights))
    outputs, *after = [tf.concat(parts, axis=0)[:rows] for parts in zip(*found, strict=True)]
    units = states[0].shape[1]
    return (
        tf.ensure_shape(outputs, (x.shape[0], outputs.shape[1], units)),
        [tf.ensure_shape(item, (x.shape[0], units)) for item in after],
    )


def blocks_for(rows: int, gates: int) -> int:
    """Blocks for so many rows with so many gates, of all units, each."""
    fitting = max(_ROWS, _BLOCK // gates)
    return max(1, min(_FEWEST, rows // _ROWS), min(_MOST, rows // fitting))


@lru_cache(maxsize=128)
def _block(
    kind: str, time: int, features: int, units: int, wants_x: bool, sequences: bool
) -> Callable[..., Sequence[Any]]:
    """One block's loop and its way back, compiled once for each of its sizes."""
    cell = CELLS[kind]
    count = cell.states

    @tf.function(jit_compile=True, autograph=False)
    def forward(x: Any, *rest: Any) -> list[Any]:
        return _forward(cell, x, rest[:count], rest[count:], sequences)

    @tf.function(jit_compile=True, autograph=False)
    def backward(douts: Any, *rest: Any) -> list[Any]:
        dstates, x, weights, saved = rest[:count], rest[count], rest[count + 1 : count + 5], rest[count + 5 :]
        return _backward(cell, douts, dstates, x, weights, saved[:count], saved[count:], wants_x, sequences)

    @tf.custom_gradient
    def run(x: Any, *rest: Any) -> tuple[Tensors, Callable[..., Tensors]]:
        outputs, *found = forward(x, *rest)
        after, saved = found[:count], found[count:]

        def gradient(douts: Any, *dstates: Any) -> Tensors:
            dx, *others = backward(douts, *dstates, x, *rest[count:], *saved)
            return (dx if wants_x else None, *others)

        return (outputs, *after), gradient

    block: Callable[..., Sequence[Any]] = run
    return block


def _forward(cell: Cell, x: Any, states: Tensors, weights: Tensors, sequences: bool) -> list[Any]:
    """Outputs, states after the last step; and, of each step, what the way back needs."""
    time, units = x.shape[1], states[0].shape[1]
    steps = tf.transpose(x, [1, 0, 2])
    arrays = [_array(time, units) for _ in range(cell.states + cell.kept)]

    def step(place: Any, *carried: Any) -> Tensors:
        before, written = carried[: cell.states], carried[cell.states :]
        after, kept = cell.step(steps[place], before, weights)
        added = [array.write(place, item) for array, item in zip(written, (*before, *kept), strict=True)]
        return (place + 1, *after, *added)

    _, *found = tf.while_loop(
        lambda place, *_: place < time, step, (0, *states, *arrays), maximum_iterations=time
    )
    after, saved = found[: cell.states], [array.stack() for array in found[cell.states :]]
    if sequences:
        outputs = tf.transpose(tf.concat([saved[0][1:], after[0][None]], axis=0), [1, 0, 2])
    else:
        outputs = after[0][:, None]
    return [outputs, *after, *saved]


def _backward(
    cell: Cell,
    douts: Any,
    dstates: Tensors,
    x: Any,
    weights: Tensors,
    before: Tensors,
    kept: Tensors,
    wants_x: bool,
    sequences: bool,
) -> list[Any]:
    """Gradients of x, of the states and of the weights."""
    time = x.shape[1]
    steps, douts = tf.transpose(x, [1, 0, 2]), tf.transpose(douts, [1, 0, 2])
    if not sequences:
        dstates = (dstates[0] + douts[0], *dstates[1:])
    kernel, recurrent, *_ = weights
    multiplied = not kernel.shape[0]
    count = len(dstates)
    dx = [_array(time, steps.shape[2])] if wants_x else []
    sums = [tf.zeros_like(item) for item in weights]

    def step(place: Any, *carried: Any) -> Tensors:
        gradients, dweights, written = carried[:count], carried[count : count + 4], carried[count + 4 :]
        if sequences:
            gradients = (gradients[0] + douts[place], *gradients[1:])
        earlier = tuple(item[place] for item in before)
        of_x, of_h, through = cell.back(gradients, earlier, tuple(item[place] for item in kept))
        found = (through[0] + tf.matmul(of_h, recurrent, transpose_b=True), *through[1:])
        added = (
            kernel if multiplied else dweights[0] + tf.matmul(steps[place], of_x, transpose_a=True),
            dweights[1] + tf.matmul(earlier[0], of_h, transpose_a=True),
            dweights[2] + tf.reduce_sum(of_x, 0),
            dweights[3] + tf.reduce_sum(of_h, 0),
        )
        of_place = [
            array.write(place, of_x if multiplied else tf.matmul(of_x, kernel, transpose_b=True))
            for array in written
        ]
        return (place - 1, *found, *added, *of_place)

    _, *found = tf.while_loop(
        lambda place, *_: place >= 0, step, (time - 1, *dstates, *sums, *dx), maximum_iterations=time
    )
    states, dweights = found[:count], found[count : count + 4]
    of_x = tf.transpose(found[-1].stack(), [1, 0, 2]) if wants_x else tf.zeros_like(x[:1])
    return [of_x, *states, *dweights]


def _array(time: int, width: int) -> Any:
    return tf.TensorArray(tf.float32, size=time, element_shape=(None, width))
