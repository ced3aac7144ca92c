"""A model's weights ↔ safetensors: numbers and names, nothing that could run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import safetensors
from safetensors.numpy import load, save

from zoo.errors import BundleError

if TYPE_CHECKING:
    import keras


def to_safetensors(model: keras.Model) -> bytes:
    """All weights, trained or not, in the model's order and dtype; optimizer state stays out."""
    return save({name: np.array(weight, order="C") for name, weight in _named(model)})


def load_safetensors(model: keras.Model, data: bytes, where: str) -> None:
    """Give ``model`` the weights written by ``to_safetensors``.

    Raises:
        BundleError: damaged data, or weights of other names, shapes or dtypes than the model's.
    """
    try:
        stored = load(data)
    except (
        safetensors.SafetensorError,
        ValueError,
        KeyError,
        TypeError,
        OverflowError,
        MemoryError,
    ) as failure:
        raise _mismatch(where, f"`weights.safetensors` cannot be read ({failure})") from None
    expected = _named(model)
    if len(stored) != len(expected):
        raise _mismatch(
            where, f"it holds {len(stored)} weights, and the model it describes has {len(expected)}"
        )
    values = []
    for (name, weight), (found, value) in zip(expected, sorted(stored.items()), strict=True):
        if _role(found) != _role(name):
            raise _mismatch(where, f"it holds weight `{found[:120]}` where the model has `{name}`")
        if value.shape != weight.shape or value.dtype != weight.dtype:
            raise _mismatch(
                where,
                f"weight `{name}` should be {weight.dtype} of shape {weight.shape}, "
                f"received {value.dtype} of shape {value.shape}",
            )
        values.append(value)
    model.set_weights(values)


def _named(model: keras.Model) -> list[tuple[str, np.ndarray]]:
    # The number keeps names unique and in order where two paths are equal; a dot in a name is text to
    # safetensors.
    return [
        (f"{i:05d} {variable.path}", value)
        for i, (variable, value) in enumerate(zip(model.weights, model.get_weights(), strict=True))
    ]


def _role(name: str) -> str:
    # Keras numbers layers nobody named by what else the process has built (`lstm_cell_3`), so that only the
    # order and the last word of a path (`kernel`, `bias`) are the same in every process.
    return name[:5] + name.rsplit("/", 1)[-1]


def _mismatch(where: str, what: str) -> BundleError:
    return BundleError(
        f"the weights of {where} do not fit: {what}",
        help="open it with the speczoo that wrote it, or train the model again",
        code="bundle.weights",
    )
