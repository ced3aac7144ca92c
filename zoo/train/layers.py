"""A model's layers by name: what they are, which of them learn, their weights."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from zoo.errors import TrainError
from zoo.spec.suggest import did_you_mean

Arrays = dict[str, dict[str, np.ndarray]]
_COUNTED = re.compile(r"_\d+$")


@dataclass(frozen=True, slots=True)
class LayerInfo:
    """One layer.

    Args:
        name: as the spec names it; within a submodel ``submodel/layer``.
        kind: its class.
        shape: of its output without the batch axis, several joined by ``, ``; empty where there is none.
        parameters: how many weights it holds.
        trainable: whether a fit changes any; never of a layer without weights.
    """

    name: str
    kind: str
    shape: str
    parameters: int
    trainable: bool


def table(model: keras.Model) -> list[LayerInfo]:
    """Every layer once, in the model's order."""
    return [
        LayerInfo(
            name,
            type(layer).__name__,
            _shape(layer),
            int(layer.count_params()),
            bool(layer.trainable_weights),
        )
        for name, layer in layers(model)
    ]


def layers(model: keras.Model, prefix: str = "", seen: set[int] | None = None) -> Iterator[tuple[str, Any]]:
    """Every layer with its name; a submodel gives way to its layers, a shared one stands where first seen."""
    known: set[int] = set() if seen is None else seen
    for layer in model.layers:
        if id(layer) in known:
            continue
        known.add(id(layer))
        if isinstance(layer, keras.Model):
            yield from layers(layer, f"{prefix}{layer.name}/", known)
        else:
            yield prefix + layer.name, layer


def set_trainable(model: keras.Model, names: Sequence[str] | None, trainable: bool) -> bool:
    """Freeze or unfreeze layers; a submodel's name means all of its layers.

    Args:
        model: whose.
        names: of layers and submodels; None means all.
        trainable: whether a fit is to change their weights.

    Returns:
        Whether that changed anything; the model must then be compiled again.

    Raises:
        TrainError: code ``layers.unknown``: no layer has such a name. Nothing is changed then.
    """
    known = dict(layers(model))
    chosen = list(known) if names is None else [one for name in names for one in _matching(name, known)]
    changed = [known[name] for name in chosen if known[name].trainable != trainable]
    for layer in changed:
        layer.trainable = trainable
    return bool(changed)


def frozen(model: keras.Model) -> list[str]:
    """The names of the layers that have weights which no fit changes."""
    return [name for name, layer in layers(model) if layer.weights and not layer.trainable]


def weights_of(model: keras.Model, names: Sequence[str] | None = None) -> Arrays:
    """Copies of the weights: layer → weight → array; layers without weights are left out.

    Raises:
        TrainError: code ``layers.unknown``.
    """
    known = dict(layers(model))
    chosen = list(known) if names is None else [one for name in names for one in _matching(name, known)]
    return {
        name: {weight: np.array(variable) for weight, variable in _named(known[name]).items()}
        for name in chosen
        if known[name].weights
    }


def variables_of(model: keras.Model) -> dict[str, dict[str, Any]]:
    """The variables themselves: layer → weight → variable."""
    return {name: _named(layer) for name, layer in layers(model) if layer.weights}


def give_weights(model: keras.Model, weights: Mapping[str, Mapping[str, Any]]) -> None:
    """Give some layers, or some weights of them, new values; all of them fit, or none is given.

    Args:
        model: whose.
        weights: layer → weight → array, as ``weights_of`` gives them.

    Raises:
        TrainError: codes ``layers.unknown``, ``weights.unknown``, ``weights.shape``, ``weights.number``.
    """
    known = variables_of(model)
    found: list[tuple[Any, np.ndarray]] = []
    for layer, arrays in weights.items():
        if layer not in known:
            _matching(layer, dict(layers(model)))
            raise _unknown("layers", f"the layer `{layer}` has no weights of its own", layer, known)
        for name, value in arrays.items():
            if name not in known[layer]:
                message = f"the layer `{layer}` has no weight `{name}`"
                raise _unknown("weights", message, name, known[layer])
            found.append((known[layer][name], _fitting(value, known[layer][name], f"{layer}/{name}")))
    for variable, value in found:
        variable.assign(value)


def _fitting(value: Any, variable: Any, where: str) -> np.ndarray:
    array, shape = np.asarray(value), tuple(variable.shape)
    if array.dtype.kind not in "biuf" or not np.isfinite(array).all():
        raise TrainError(
            f"the weight `{where}` holds something that is no finite number",
            help="give numbers, none of them missing or infinite",
            code="weights.number",
        )
    if array.shape != shape and not (array.size == 1 == int(np.prod(shape))):
        raise TrainError(
            f"the weight `{where}` should have the shape {_said(shape)}, received {_said(array.shape)}",
            help="take the model's own weights as the pattern",
            code="weights.shape",
            data={"weight": where, "expected": list(shape), "received": list(array.shape)},
        )
    return array.reshape(shape).astype(variable.dtype)


def _named(layer: Any) -> dict[str, Any]:
    """A layer's weights by the shortest names that tell them apart."""
    last = [variable.name for variable in layer.weights]
    if len(set(last)) == len(last):
        return dict(zip(last, layer.weights, strict=True))
    made: dict[str, Any] = {}
    counts: Counter[str] = Counter()
    for variable in layer.weights:
        parts = variable.path.split("/")
        inner = parts[parts.index(layer.name) + 1 :] if layer.name in parts else parts[-2:]
        # Keras numbers what nobody named by what else the process has built.
        name = "/".join(_COUNTED.sub("", part) for part in inner)
        counts[name] += 1
        made[name if counts[name] == 1 else f"{name}_{counts[name]}"] = variable
    return made


def _matching(name: str, known: Mapping[str, Any]) -> list[str]:
    if name in known:
        return [name]
    within = [one for one in known if one.startswith(f"{name}/")]
    if not within:
        raise _unknown("layers", f"the model has no layer `{name}`", name, known)
    return within


def _unknown(what: str, message: str, name: str, known: Mapping[str, Any]) -> TrainError:
    listed = ", ".join(list(known)[:12]) + (", …" if len(known) > 12 else "")
    return TrainError(
        message,
        help=did_you_mean(name, known) or f"there are: {listed}",
        code=f"{what}.unknown",
    )


def _shape(layer: Any) -> str:
    try:
        shapes = keras.tree.flatten(layer.output)
    except AttributeError:
        return ""
    return ", ".join(_said(tuple(item.shape[1:])) for item in shapes if hasattr(item, "shape"))


def _said(shape: tuple[int | None, ...]) -> str:
    return " x ".join("?" if size is None else str(size) for size in shape) or "one number"
