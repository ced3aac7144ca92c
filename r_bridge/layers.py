"""A model's layers seen from R: the table, freezing, weights as R arrays by name."""

from __future__ import annotations

from typing import Any

import numpy as np

from r_bridge import r_memory
from r_bridge.errors import RArgumentError
from r_bridge.tensors import tensor
from r_bridge.to_python import is_list, list_names
from r_bridge.without_na import Factor


def table(model: Any) -> Any:
    """One row a layer: name, class, shape, weights, whether it learns."""
    import pandas as pd

    from zoo.train import layers

    rows = layers.table(model.model)
    return pd.DataFrame(
        {
            "layer": [row.name for row in rows],
            "class": [row.kind for row in rows],
            "shape": [row.shape for row in rows],
            "parameters": np.array([row.parameters for row in rows], np.float64),
            "trainable": np.array([row.trainable for row in rows], bool),
        }
    )


def set_trainable(model: Any, names: str | list[str] | None, trainable: bool) -> None:
    """Freeze or unfreeze layers by name, or all of them."""
    chosen = [names] if isinstance(names, str) else list(names or [])
    (model.unfreeze if trainable else model.freeze)(*chosen)


def get_weights(model: Any, names: str | list[str] | None = None) -> dict[str, dict[str, Any]]:
    """The weights: layer → weight → array."""
    found: dict[str, dict[str, Any]] = model.get_weights(
        *([names] if isinstance(names, str) else names or [])
    )
    return found


def set_weights(model: Any, weights: Any) -> None:
    """Give layers the arrays of a named list of named lists.

    Raises:
        RArgumentError: what is given is no such list.
    """
    from zoo.train import layers

    known = layers.variables_of(model.model)
    given: dict[str, dict[str, np.ndarray]] = {}
    for layer, item in _named(weights, "weights").items():
        variables = known.get(layer, {})
        given[layer] = {
            name: _array(value, f"weights${layer}${name}", variables.get(name))
            for name, value in _named(item, f"weights${layer}").items()
        }
    model.set_weights(given)


def _array(value: Any, where: str, variable: Any) -> np.ndarray:
    made = tensor(value, where, None if variable is None else str(variable.dtype))
    return made.codes if isinstance(made, Factor) else made


def _named(sexp: Any, where: str) -> dict[str, Any]:
    names = list_names(sexp, where) if is_list(sexp) else None
    if names is None and not (is_list(sexp) and not r_memory.elements(sexp)):
        raise RArgumentError(
            f"`{where}` must be a named list",
            help="give what get_weights() gives: list(layer = list(kernel = ..., bias = ...))",
            code="argument.weights",
        )
    return dict(zip(names or [], r_memory.elements(sexp), strict=True))
