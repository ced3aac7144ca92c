"""Optimizer, losses, weights and metrics: from the spec, or from the caller, always as maps by output name.

Keras 3 flattens a dict in the order of its keys but keeps a list in order, so that a list ``loss`` beside a
dict ``loss_weights`` pairs the wrong ones. Maps for all three cannot be paired wrongly.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import keras

from zoo.build import contradictions, learning_rates, objects
from zoo.errors import TrainError
from zoo.spec import signatures
from zoo.spec.graph import Argument, Object
from zoo.spec.rules import s103_unknown_class
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
        TrainError: a name is no output, a list has the wrong length, Keras does not know a name, or a loss
            contradicts its output's activation.

    The spec's ``learning_rates`` hold for whichever optimizer: they say how a layer learns beside the others.
    """
    names = tuple(spec.outputs)
    given = {"loss": loss, "weight": loss_weights, "metrics": metrics}
    losses, weights, measures = (
        _from_spec(spec, field) if value is UNSET else _from_caller(field, value, names)
        for field, value in given.items()
    )
    try:
        chosen = optimizer_of(spec) if optimizer is UNSET else optimizer
        # names are settled first: Keras looks some up at the first batch, and a failed compile breaks the
        # model
        settled = {
            "optimizer": learning_rates.scale(
                _settled(chosen, "optimizers"), model, spec.training.get("learning_rates") or {}
            ),
            "loss": {name: _settled(item, "losses") for name, item in losses.items()} or None,
            "loss_weights": {name: _weight(weights, name) for name in losses} if weights else None,
            "metrics": {name: _settled_metrics(item) for name, item in measures.items()} or None,
        }
        if loss is not UNSET:
            contradictions.check(spec, losses)
        model.compile(**settled)
    except (ValueError, TypeError) as error:
        raise TrainError(
            f"Keras cannot compile the model: {str(error).splitlines()[0]}",
            help="check the optimizer, losses and metrics",
            code="train.compile",
        ) from error


def _from_caller(field: str, value: Any, names: Sequence[str]) -> dict[str, Any]:
    if field == "metrics":
        return _metrics(value, names)
    return by_output(value, names, {"weight": "loss_weights"}.get(field, field))


def _weight(weights: Mapping[str, Any], name: str) -> float:
    value = weights.get(name, 1.0)
    number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    if not number:
        raise TrainError(
            f"the loss weight of `{name}` must be a number, received {value!r}", code="train.weights"
        )
    return float(value)


def _settled_metrics(given: Any) -> list[Any]:
    items = given if isinstance(given, (list, tuple)) else [given]
    # these four Keras chooses by the shapes, so they stay names
    return [item if item in _BY_SHAPE else _settled(item, "metrics") for item in items]


_BY_SHAPE = ("accuracy", "acc", "crossentropy", "ce")


def _settled(given: Any, family: str) -> Any:
    """What a caller gives: a known name, ``{Class: {args}}`` as specs write it made, an object as it is."""
    if isinstance(given, Mapping) and len(given) == 1:
        head, args = next(iter(given.items()))
        if signatures.lookup(family, str(head)) is not None or "class_name" not in given:
            return _made(str(head), args, family)
    if isinstance(given, str):
        # the name goes on as written, since the history reports under it
        _known(given, family)
    return given


def _made(head: str, args: Any, family: str) -> Any:
    signature = _known(head, family)
    if not isinstance(args, Mapping):
        args = {} if args is None else {signature.positional or "value": args}
    for name in args:
        if name not in signature.arguments:
            mend = (
                did_you_mean(str(name), signature.arguments)
                or f"its arguments are {listed(signature.arguments)}"
            )
            raise TrainError(f"{signature.name} has no argument `{name}`", help=mend, code="train.argument")
    values = {str(name): Argument(value) for name, value in args.items()}
    try:
        return objects.construct(Object(signature.name, family, values))
    except (ValueError, TypeError) as error:
        raise TrainError(f"{signature.name}: {str(error).splitlines()[0]}", code="train.argument") from error


def _known(name: str, family: str) -> signatures.Signature:
    found = signatures.lookup(family, name)
    if found is None:
        told = s103_unknown_class.diagnose(name, family, None)
        raise TrainError(told.message, help=told.help, code="train.name")
    return found


def by_output(given: Any, names: Sequence[str], what: str) -> dict[str, Any]:
    """A caller's value for every output as a map by name.

    Raises:
        TrainError: an unknown name, or a list of the wrong length.
    """
    if given is None:
        return {}
    if isinstance(given, Mapping) and not (len(given) == 1 and is_class(next(iter(given)), names)):
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


def is_class(name: Any, outputs: Sequence[str]) -> bool:
    """Is a map of this one key, ``{Huber: {delta: 2}}``, a loss for every output, as a spec writes it?"""
    families = ("losses", "metrics")
    return name not in outputs and any(signatures.lookup(family, str(name)) for family in families)


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


def losses_of(spec: Spec) -> dict[str, tuple[Callable[[Any, Any], Any], float]]:
    """Output → (targets, outputs) → the loss of each sample, not yet reduced; and the output's weight."""
    weights = _from_spec(spec, "weight")
    found: dict[str, tuple[Callable[[Any, Any], Any], float]] = {}
    for name, given in _from_spec(spec, "loss").items():
        loss = keras.losses.get(_settled(given, "losses"))
        found[name] = (getattr(loss, "call", loss), _weight(weights, name))
    return found


def optimizer_of(spec: Spec) -> Any:
    """The spec's optimizer, fresh; Keras's own default (rmsprop) when the spec names none."""
    argument = spec.recipe.get("optimizer")
    if argument is None:
        return "rmsprop"
    return objects.value(argument.value, "any")


def callbacks(spec: Spec) -> list[keras.callbacks.Callback]:
    """The spec's callbacks, fresh."""
    argument = spec.recipe.get("callbacks")
    value = argument.value if argument is not None else []
    items = value if isinstance(value, list) else [value]
    return [_callback(item) for item in items]


def _callback(item: Any) -> keras.callbacks.Callback:
    try:
        return objects.construct(item) if isinstance(item, Object) else objects.find("callbacks", item)()
    except ValueError as error:
        head = item.head if isinstance(item, Object) else item
        raise TrainError(f"{head}: {str(error).splitlines()[0]}", code="train.argument") from error
