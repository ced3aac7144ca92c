"""ResetStates: stateful layers begin every epoch afresh."""

from __future__ import annotations

from typing import Any

import keras


class ResetStates(keras.callbacks.Callback):
    """Sets the states of all stateful layers to zero before each epoch.

    Without it, the state left by the end of the series flows into its beginning when the next epoch starts.

    Source: the ``model.reset_states()`` of Keras 2 tutorials; Keras 3 has it on layers only.
    """

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Resets the states."""
        reset_states(self.model)


def reset_states(model: keras.Model) -> None:
    """Sets the states of all stateful layers of a model to zero."""
    for layer in stateful_layers(model):
        if hasattr(layer, "reset_state"):
            layer.reset_state()


def stateful_layers(model: keras.Model) -> list[keras.layers.Layer]:
    """The layers of a model, also inside others, that carry a state from batch to batch."""
    layers = model._flatten_layers(include_self=False, recursive=True)
    return [layer for layer in layers if getattr(layer, "stateful", False)]


def states_of(model: keras.Model) -> list[Any]:
    """The variables that hold the states of its stateful layers, each once, (batch, …)."""
    found = [getattr(layer, "states", None) or [] for layer in stateful_layers(model)]
    return list({id(state): state for state in keras.tree.flatten(found)}.values())
