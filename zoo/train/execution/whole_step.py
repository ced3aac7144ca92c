"""A model's step as one function that XLA compiles, with the random numbers that Keras would have drawn.

XLA draws other numbers than TensorFlow's own kernels do, and takes many times as long over it. So each draw
is made just before the compiled function, by TensorFlow, and handed in: dropout drops the same units.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import keras
import tensorflow as tf

# What layers draw by; others, such as a shuffle, draw within XLA, and measuring then finds other losses.
_DRAWS = ("normal", "truncated_normal", "uniform")
Step = Callable[[Any], Any]


@contextmanager
def compiled_steps(model: keras.Model, size: int) -> Iterator[None]:
    """Within the block a step that is traced is compiled as a whole.

    Args:
        model: compiled; its graph stays what it is.
        size: samples in a batch; one of another size, such as an epoch's last, goes Keras's own way.
    """
    for name in ("train_step", "test_step"):
        # past Keras's own bookkeeping of what a model is made of
        object.__setattr__(model, name, _compiled(getattr(model, name), size))
    try:
        yield
    finally:
        del model.train_step, model.test_step


def _compiled(own: Step, size: int) -> Step:
    def step(data: Any) -> Any:
        given = [item for item in tf.nest.flatten(data) if item is not None]
        draws: list[Any] = []

        @tf.function(jit_compile=True, autograph=False)
        def compiled(*items: Any) -> Any:
            found = iter(items)
            with _drawn_before(tf.compat.v1.get_default_graph(), draws):
                return own(tf.nest.map_structure(lambda item: None if item is None else next(found), data))

        def whole() -> Any:
            items = [tf.identity(item) for item in given]
            for item in items:
                # XLA needs every size; that this is the size was asked before
                item.set_shape((size, *item.shape[1:]))
            return compiled(*items)

        rows = given[0].shape[0]
        if rows is None:
            return tf.cond(tf.equal(tf.shape(given[0])[0], size), whole, lambda: own(data))
        return whole() if rows == size else own(data)

    return step


@contextmanager
def _drawn_before(graph: Any, draws: list[Any]) -> Iterator[None]:
    """While ``graph`` is traced, random numbers come from the graph around it.

    Args:
        graph: of the compiled function.
        draws: what was drawn for it, in its order. TensorFlow may trace a function a second time, which then
            takes the same.
    """
    from keras.src.backend.tensorflow import random

    places = iter(range(2**31))

    def before(own: Callable[..., Any], *given: Any, **options: Any) -> Any:
        if tf.compat.v1.get_default_graph() is not graph:
            raise NotImplementedError("random numbers are drawn anew in each step of a loop")
        place = next(places)
        if place == len(draws):
            with graph.outer_graph.as_default():
                draws.append(own(*given, **options))
        return draws[place]

    own_dropout = random.dropout

    def dropout(inputs: Any, rate: float, noise_shape: Any = None, seed: Any = None) -> Any:
        if rate in (0.0, 1.0):
            return own_dropout(inputs, rate, noise_shape, seed)
        shape = [
            size if wanted is None else wanted
            for wanted, size in zip(noise_shape or [None] * len(inputs.shape), inputs.shape, strict=True)
        ]
        numbers = before(random_uniform, shape, dtype=inputs.dtype, seed=seed)
        return tf.nn.experimental.general_dropout(
            inputs, rate, lambda *_, **__: numbers, noise_shape=tf.constant(shape)
        )

    random_uniform = random.uniform
    kept = {name: getattr(random, name) for name in ("dropout", *_DRAWS)}
    for name in _DRAWS:
        setattr(random, name, lambda *given, own=kept[name], **options: before(own, *given, **options))
    random.dropout = dropout
    try:
        yield
    finally:
        for name, own in kept.items():
            setattr(random, name, own)
