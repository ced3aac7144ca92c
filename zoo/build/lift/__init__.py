"""Keras → spec: ``zoo.from_keras(model)``. README.md beside this file explains how."""

from __future__ import annotations

import json
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

    Names, order of inputs and outputs, sharing and arguments are the model's. Loss, weights, metrics and optimizer come
    along when the model is compiled with stock ones; weights do not: copy them with ``set_weights``.

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
    """What Keras would write into ``config.json``, with objects that are one object marked as such.

    Raises:
        LiftError: it is no model, or a subclassed one.
    """
    import keras
    from keras.src.models.functional import Functional
    from keras.src.saving.serialization_lib import ObjectSharingScope

    if not isinstance(model, keras.Model):
        raise TypeError(f"zoo.from_keras takes a keras.Model, received {type(model).__name__}")
    what = f"the model `{model.name}`"
    if type(model) not in (keras.Sequential, Functional, keras.Model):
        kind = type(model).__name__
        raise refused(
            what,
            f"it is of the class `{kind}`, whose code a spec cannot carry",
            help="say it as a functional model",
        )
    if isinstance(model, keras.Sequential) and not model.built:
        raise refused(what, "it has no input shape yet", help="call model.build(input_shape) first")
    try:
        with ObjectSharingScope():
            document = keras.saving.serialize_keras_object(model)
        found: dict[str, Any] = json.loads(json.dumps(document))
    except (NotImplementedError, TypeError, ValueError) as error:
        raise refused(what, f"Keras cannot serialise it: {str(error).strip().splitlines()[0]}") from error
    return found
