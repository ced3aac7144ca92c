"""Keras → spec: ``zoo.from_keras(model)``. README.md beside this file explains how."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from zoo.build.lift.refusals import LiftError, refused

if TYPE_CHECKING:
    import keras

    from zoo.spec import Spec

__all__ = ["LiftError", "from_keras"]


def from_keras(model: keras.Model) -> Spec:
    """The spec of a Keras model.

    Args:
        model: a functional or sequential model of stock layers, ops and the zoo's own layers.

    Names, order of inputs and outputs, sharing and arguments are the model's. Loss, loss weights, metrics and
    optimizer come along when they are stock; the model's weights do not: copy them with ``set_weights``.

    Raises:
        LiftError: a part of the model cannot be said in a spec; the message names it and says where it sits.

    Example:
        >>> import keras, zoo
        >>> inputs = keras.Input((8,), name="x")
        >>> spec = zoo.from_keras(keras.Model(inputs, keras.layers.Dense(1, name="y")(inputs)))
        >>> print(spec.to_yaml().split("graph:")[1])
        <BLANKLINE>
          y: [x, Dense: 1]
        outputs: [y]
        <BLANKLINE>
    """
    from zoo.build.lift.document import to_spec

    return to_spec(serialised(model))


def serialised(model: keras.Model) -> dict[str, Any]:
    """What Keras would write into ``config.json``, with layers that several models share marked as such.

    Raises:
        LiftError: it is no model, or a subclassed one.
    """
    import keras

    if not isinstance(model, keras.Model):
        raise TypeError(f"zoo.from_keras takes a keras.Model, received {type(model).__name__}")
    what = f"the model `{model.name}`"
    if type(model) not in _plain_models():
        kind = type(model).__name__
        why = f"it is of the class `{kind}`, whose code a spec cannot carry"
        raise refused(what, why, help="say it as a functional model")
    if isinstance(model, keras.Sequential) and not model.built:
        raise refused(what, "it has no input shape yet", help="call model.build(input_shape) first")
    try:
        document: dict[str, Any] = json.loads(json.dumps(keras.saving.serialize_keras_object(model)))
    except (NotImplementedError, TypeError, ValueError) as error:
        reason = str(error).strip().splitlines()[0]
        raise refused(what, f"Keras cannot serialise it: {reason}") from error
    parents, parts = _parents(model)
    _check_wrappers(parts, parents)
    _mark(model, document["config"], {key for key, found in parents.items() if len(found) > 1})
    return document


def _plain_models() -> tuple[type, ...]:
    import keras
    from keras.src.models.functional import Functional

    return keras.Sequential, Functional, keras.Model


def _parts(model: keras.Model) -> dict[str, Any]:
    return {part.name: part for part in getattr(model, "operations", None) or model.layers}


def _parents(model: keras.Model) -> tuple[dict[int, set[int]], list[Any]]:
    """For each layer of a model and of the models inside it, the models that it stands in; and all layers."""
    parents: dict[int, set[int]] = {}
    waiting, found, seen = [model], list[Any](), set()
    while waiting:
        current = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        for part in _parts(current).values():
            if id(part) not in parents:
                found.append(part)
            parents.setdefault(id(part), set()).add(id(current))
            if type(part) in _plain_models():
                waiting.append(part)
    return parents, found


def _check_wrappers(parts: list[Any], parents: Mapping[int, set[int]]) -> None:
    """Refuses a layer that stands inside a wrapper and somewhere else: the two would come back as two."""
    import keras

    holders: dict[int, str] = {}
    for part in parts:
        if not isinstance(part, keras.layers.Wrapper | keras.layers.RNN):
            continue
        for inner in part._flatten_layers(include_self=False):
            other = holders.setdefault(id(inner), part.name)
            if id(inner) in parents or other != part.name:
                outside = f"in `{other}`" if other != part.name else "outside it"
                why = f"it stands inside `{part.name}` and {outside} too, with one set of weights"
                raise refused(f"`{inner.name}` ({type(inner).__name__})", why)


def _mark(model: keras.Model, config: dict[str, Any], crossing: set[int]) -> None:
    """Writes Keras's own mark, ``shared_object_id``, where one object stands in several places."""
    parts = _parts(model)
    for data in config.get("layers", ()):
        part = parts.get(data.get("name") or data["config"].get("name"))
        data.pop("shared_object_id", None)
        if part is None:
            continue
        is_model = type(part) in _plain_models()
        if is_model or (id(part) in crossing and data["class_name"] != "InputLayer"):
            data["shared_object_id"] = id(part)
        if is_model:
            _mark(part, data["config"], crossing)
