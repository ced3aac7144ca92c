"""Learning rates of single layers: ``training.learning_rates``, multipliers of the optimizer's own rate.

A gradient that is scaled leaves Adam's steps as they were, since Adam divides by the gradient's size; so the
rate that reaches each variable's step is scaled instead, and the weight decay with it. Keras's MultiOptimizer
has one optimizer a layer, each with a rate of its own: a callback or a schedule would no longer reach them
all, and a global norm would be clipped in parts.

The optimizer stays an object of Keras's own class, whose step is replaced on this one object: a ``.keras``
file opens in plain Keras and trains there without multipliers. A bundle (``.zoo``) holds the spec, and so
them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import keras

from zoo.errors import TrainError

_STEPS = ("update_step", "_apply_weight_decay")
# Torch's optimizers update all variables at once, past the step of one.
_BACKENDS = ("tensorflow", "jax")


def scale(optimizer: Any, model: keras.Model, multipliers: Mapping[str, float]) -> Any:
    """The optimizer, its steps scaled for the weights of some layers.

    Args:
        optimizer: a name or a Keras optimizer; an object is changed in place.
        model: holds the layers.
        multipliers: layer or submodel → what its learning rate is multiplied with. 0 leaves its weights as
            they are; a layer inside a submodel goes before the submodel.

    Raises:
        TrainError: ``train.layer``, no layer has such a name; ``train.backend``, on a backend but TensorFlow
            and JAX.
    """
    if not multipliers:
        return _restored(optimizer)
    if keras.backend.backend() not in _BACKENDS:
        raise TrainError(
            f"`learning_rates` needs the backend TensorFlow or JAX, this is {keras.backend.backend()}",
            help="leave `learning_rates` out, or set KERAS_BACKEND",
            code="train.backend",
        )
    factors = _factors(model, multipliers)
    made = _restored(keras.optimizers.get(optimizer))
    # a LossScaleOptimizer hands its steps over
    inner = getattr(made, "inner_optimizer", made)

    def factor(variable: Any) -> float:
        known = inner._trainable_variables[inner._get_variable_index(variable)]
        return factors.get(id(known), (1.0, None))[0]

    step, decay = inner.update_step, inner._apply_weight_decay

    def update_step(gradient: Any, variable: Any, learning_rate: Any) -> None:
        by = factor(variable)
        if by:
            step(gradient, variable, learning_rate if by == 1 else learning_rate * by)

    def apply_weight_decay(variables: Any) -> None:
        own = inner.weight_decay
        if own is None:
            return
        by_factor: dict[float, list[Any]] = {}
        for variable in variables:
            by_factor.setdefault(factor(variable), []).append(variable)
        try:
            for by, group in by_factor.items():
                inner.weight_decay = own * by
                decay(group)
        finally:
            inner.weight_decay = own

    inner.update_step, inner._apply_weight_decay = update_step, apply_weight_decay
    return made


def _restored(optimizer: Any) -> Any:
    """The optimizer as its class has it: an object may have been compiled with multipliers before."""
    if isinstance(optimizer, keras.Optimizer):
        for name in _STEPS:
            vars(getattr(optimizer, "inner_optimizer", optimizer)).pop(name, None)
    return optimizer


def _factors(model: keras.Model, multipliers: Mapping[str, float]) -> dict[int, tuple[float, Any]]:
    """Each variable's factor by its id, beside the variable, which keeps the id its own."""
    found: dict[int, tuple[float, Any]] = {}
    unknown = set(multipliers)
    for layer in _layers(model):
        if layer.name in multipliers:
            unknown.discard(layer.name)
            factor = float(multipliers[layer.name])
            found |= {id(variable): (factor, variable) for variable in layer.weights}
    if unknown:
        raise TrainError(
            f"`learning_rates` names `{min(unknown)}`, which is no layer of the model", code="train.layer"
        )
    return found


def _layers(layer: keras.layers.Layer) -> Iterator[keras.layers.Layer]:
    """A model's layers, each before those inside it."""
    for part in layer._flatten_layers(include_self=False, recursive=False):
        yield part
        yield from _layers(part)
