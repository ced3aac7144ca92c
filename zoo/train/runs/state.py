"""Everything that a training goes on from, as plain arrays: the model's, its optimizer's, the generators'."""

from __future__ import annotations

import random
from typing import Any

import keras
import numpy as np

from zoo.errors import BundleError

State = dict[str, Any]


def capture(model: keras.Model) -> State:
    """The state of a compiled model as copies.

    Its weights, seeds and states of layers, the optimizer's slots and counts, and the random generators of
    Python and NumPy.
    """
    version, words, gauss = random.getstate()
    return {
        "model": _values(_of_model(model)),
        "optimizer": _values(_of_optimizer(model)),
        "random": {
            "python": (version, np.array(words, np.uint64), gauss),
            "numpy": tuple(np.random.get_state()),
        },
    }


def restore(model: keras.Model, state: State, where: str = "the state") -> None:
    """Give a model built and compiled in the same way what ``capture`` found: all of it, or nothing.

    Raises:
        BundleError: code ``state.unfit``, the state is another model's.
    """
    pairs = [
        *_fitting(_of_model(model), state["model"], "the model", where),
        *_fitting(_of_optimizer(model), state["optimizer"], "its optimizer", where),
    ]
    for variable, value in pairs:
        variable.assign(value)
    version, words, gauss = state["random"]["python"]
    random.setstate((version, tuple(int(word) for word in words), gauss))
    np.random.set_state(state["random"]["numpy"])


def _of_model(model: keras.Model) -> list[Any]:
    """Weights and the layers' seeds, and the states that Keras does not count among a model's variables."""
    found = list(model.variables)
    known = {id(variable) for variable in found}
    for layer in model._flatten_layers(include_self=False, recursive=True):
        if getattr(layer, "stateful", False):
            states = keras.tree.flatten(getattr(layer, "states", None) or [])
            found += [state for state in states if id(state) not in known]
            known |= {id(state) for state in states}
    return found


def _of_optimizer(model: keras.Model) -> list[Any]:
    optimizer = getattr(model, "optimizer", None)
    if optimizer is None:
        return []
    if not optimizer.built:
        # Keras makes the slots at the first batch, and they must be there to be given values.
        optimizer.build(model.trainable_variables)
    return list(optimizer.variables)


def _values(variables: list[Any]) -> dict[str, np.ndarray]:
    # np.array, since NumPy's view of a variable would change with it.
    return {
        f"{i:05d} {variable.path}": np.array(keras.ops.convert_to_numpy(variable))
        for i, variable in enumerate(variables)
    }


def _fitting(
    variables: list[Any], values: dict[str, np.ndarray], of: str, where: str
) -> list[tuple[Any, np.ndarray]]:
    if len(variables) != len(values):
        raise _unfit(where, f"it holds {len(values)} arrays for {of}, which has {len(variables)}")
    for variable, (name, value) in zip(variables, values.items(), strict=True):
        shape, dtype = tuple(variable.shape), keras.backend.standardize_dtype(variable.dtype)
        if value.shape != shape or value.dtype.name != dtype:
            raise _unfit(
                where,
                f"`{name}` is {value.dtype} of shape {value.shape}, and `{variable.path}` of {of} "
                f"is {dtype} of shape {shape}",
            )
    return list(zip(variables, values.values(), strict=True))


def _unfit(where: str, what: str) -> BundleError:
    return BundleError(
        f"{where} does not fit the model: {what}",
        help="give the state of a model built from the same spec with the same recipe",
        code="state.unfit",
    )
