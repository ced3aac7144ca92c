"""What the states of stateful layers are, and setting them aside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import keras
import numpy as np

from zoo.layers.reset_states import reset_states, states_of


def carries_state(model: keras.Model) -> bool:
    """Does any of its layers carry a state from batch to batch?"""
    return bool(states_of(model))


def copy_states(model: keras.Model) -> list[np.ndarray]:
    """What the states are now."""
    sync_states(model)
    return [np.array(keras.ops.convert_to_numpy(state)) for state in states_of(model)]


def give_states(model: keras.Model, states: list[np.ndarray]) -> None:
    """Make the states what they were."""
    sync_states(model)
    for state, values in zip(states_of(model), states, strict=True):
        state.assign(values)


@contextmanager
def states_aside(model: keras.Model) -> Iterator[None]:
    """Whatever is done inside begins with states of zero, and leaves the model's own as they were."""
    kept = copy_states(model)
    reset_states(model)
    try:
        yield
    finally:
        give_states(model, kept)


def sync_states(model: keras.Model) -> None:
    """Bring the variables up to date: in an epoch JAX's are empty, and the trainer has their values."""
    if hasattr(model, "jax_state_sync"):
        model.jax_state_sync()
