"""Optimizer, losses, weights and metrics: from the spec, or from the caller, always as maps by output name.

Keras 3 flattens a dict in the order of its keys but keeps a list in order, so that a list ``loss`` beside a
dict ``loss_weights`` pairs the wrong ones. Maps for all three cannot be paired wrongly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import keras

from zoo.build import objects
from zoo.errors import TrainError
from zoo.spec.graph import Argument, Object
from zoo.spec.spec import Spec
from zoo.spec.suggest import did_you_mean, listed

UNSET: Any = object()


def compile_model(
    model: keras.Model,
    spec: Spec,
    *,
    optimizer: Any = UNSET,
    loss: Any = UNSET,
    loss_weights: Any = UNSET,
    metrics: Any = UNSET,
    steps_per_epoch: int = 100,
    epochs: int = 10,
) -> None:
    """Compiles `model` in place; whatever is left out is the spec's.

    Args:
        model: a model built from `spec`.
        spec: the spec.
        optimizer: a name or a Keras optimizer.
        loss: one loss for every output, a list in the spec's order, or a map by output name.
        loss_weights: a list or a map.
        metrics: a list or a map; for one output, the list of its metrics.

    Raises:
        TrainError: a name is no output, a list has the wrong length, or Keras does not know a name.
    """
    names = tuple(spec.outputs)
    losses = by_output(loss, names, "loss") if loss is not UNSET else _from_spec(spec, "loss")
    weights = (
        by_output(loss_weights, names, "loss_weights")
        if loss_weights is not UNSET
        else _from_spec(spec, "weight")
    )
    measures = _metrics(metrics, names) if metrics is not UNSET else _from_spec(spec, "metrics")
    chosen = optimizer_of(spec, steps_per_epoch, epochs) if optimizer is UNSET else optimizer
    shares = {name: float(weights.get(name, 1.0)) for name in losses} if weights else None
    try:
        model.compile(
            optimizer=chosen,
            loss=losses or None,
            loss_weights=shares,
            metrics={
                name: measure if isinstance(measure, list) else [measure]
                for name, measure in measures.items()
            }
            or None,
        )
        _resolve(losses, measures)
    except (ValueError, TypeError) as error:
        raise TrainError(
            f"Keras cannot compile the model: {str(error).splitlines()[0]}",
            help="check the names of the optimizer, losses and metrics",
            code="train.compile",
        ) from error


def _resolve(losses: Mapping[str, Any], measures: Mapping[str, Any]) -> None:
    # Keras looks names up at the first batch; a misspelt one is told now
    for loss in losses.values():
        keras.losses.get(loss)
    for measure in measures.values():
        for item in measure if isinstance(measure, list) else [measure]:
            if item not in ("accuracy", "acc", "crossentropy", "ce"):
                keras.metrics.get(item)


def by_output(given: Any, names: Sequence[str], what: str) -> dict[str, Any]:
    """A caller's value for every output as a map by name.

    Raises:
        TrainError: an unknown name, or a list of the wrong length.
    """
    if given is None:
        return {}
    if isinstance(given, Mapping):
        for name in given:
            if name not in names:
                raise TrainError(
                    f"`{what}` names `{name}`, which is no output",
                    help=did_you_mean(str(name), names) or f"the outputs are {listed(names)}",
                    code="train.output",
                )
        return {name: given[name] for name in names if name in given}
    if isinstance(given, (list, tuple)):
        if len(given) != len(names):
            raise TrainError(
                f"`{what}` has {len(given)} values for {len(names)} outputs",
                help=f"one value each, in this order: {listed(names)}",
                code="train.length",
            )
        return dict(zip(names, given, strict=True))
    return dict.fromkeys(names, given)


def _metrics(given: Any, names: Sequence[str]) -> dict[str, Any]:
    if len(names) == 1 and isinstance(given, (list, tuple)):
        return {names[0]: list(given)}
    return by_output(given, names, "metrics")


def _from_spec(spec: Spec, field: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, output in spec.outputs.items():
        argument: Argument | None = getattr(output, field)
        if argument is not None and argument.value is not None:
            found[name] = objects.value(argument.value, "any")
    return found


def optimizer_of(spec: Spec, steps_per_epoch: int = 100, epochs: int = 10) -> Any:
    """The spec's optimizer, fresh; Keras's own default (rmsprop) when the spec names none."""
    argument = spec.recipe.get("optimizer")
    if argument is None:
        return "rmsprop"
    return objects.value(argument.value, "any")


def callbacks(spec: Spec, steps_per_epoch: int = 100, epochs: int = 10) -> list[keras.callbacks.Callback]:
    """The spec's callbacks, fresh."""
    argument = spec.recipe.get("callbacks")
    if argument is None:
        return []
    items = argument.value if isinstance(argument.value, list) else [argument.value]
    return [
        objects.construct(item) if isinstance(item, Object) else objects.find("callbacks", item)()
        for item in items
    ]
