"""Attention maps: what the layers of a model that attend weigh their steps by."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
from numpy.typing import NDArray

from zoo.errors import TrainError
from zoo.explain.written import write_view
from zoo.spec.index import list_models

if TYPE_CHECKING:
    import pandas as pd

# Layers of Keras that give their weights when asked; the zoo's own have a method ``attention``.
_SCORED = (
    keras.layers.MultiHeadAttention,
    keras.layers.GroupQueryAttention,
    keras.layers.Attention,
    keras.layers.AdditiveAttention,
)
_KINDS = "MultiHeadAttention, GroupQueryAttention, Attention, AdditiveAttention, TwoDAttention, TABL, \
GatedAxialAttention, dot_product_attention, and Softmax between other layers"
# What an output may pass after its Softmax and still be the Softmax's own numbers.
_PASSING = ("Flatten", "Reshape", "Identity", "Permute", "Dropout", "Squeeze", "GetItem")
_BATCH = 32

Recorded = dict[str, tuple[str, tuple[str, ...], NDArray[np.float32]]]


@dataclass(frozen=True, eq=False)
class AttentionMaps:
    """What each attending layer weighs its steps by: of one window, or the mean over several.

    Args:
        model: name of the spec.
        about: of which windows, a line for people.
        maps: layer → weights; a layer that is called several times is ``NAME``, ``NAME#2``, …, one of a
            submodel ``SUBMODEL/NAME``.
        axes: layer → what its axes are: ``head``; ``query``, who attends; ``key``, who is attended to, over
            which the weights sum to 1; or ``time``, ``feature``, ``unit``.
        kinds: layer → its class.
    """

    model: str
    about: str
    maps: Mapping[str, NDArray[np.float32]]
    axes: Mapping[str, tuple[str, ...]]
    kinds: Mapping[str, str]

    @property
    def frame(self) -> pd.DataFrame:
        """A line a weight: ``layer``, its place on each axis (from 1; missing on the others), ``weight``."""
        import pandas as pd

        frames = []
        for layer, weights in self.maps.items():
            places = np.indices(weights.shape).reshape(weights.ndim, -1) + 1
            columns = dict(zip(self.axes[layer], places, strict=True))
            frames.append(pd.DataFrame({"layer": layer, **columns, "weight": weights.ravel()}))
        frame = pd.concat(frames, ignore_index=True)
        axes = [name for name in frame if name not in ("layer", "weight")]
        return frame[["layer", *axes, "weight"]].astype(dict.fromkeys(axes, "Int64"))

    def write(self, folder: str | Path) -> dict[str, Path]:
        """Write ``attention.txt`` and ``attention.csv``.

        Args:
            folder: is made where it is missing; each file is whole or absent.
        """
        return write_view(self, self.frame, "attention", folder)

    def __str__(self) -> str:
        lines = [f"{self.model}: {self.about}"]
        for layer, weights in self.maps.items():
            sizes = " × ".join(
                f"{size} {axis}" for size, axis in zip(weights.shape, self.axes[layer], strict=True)
            )
            axis = _attended(self.axes[layer])
            share = weights.mean(axis=tuple(k for k in range(weights.ndim) if k != axis))
            top = ", ".join(f"{place + 1} ({share[place]:.3g})" for place in np.argsort(-share)[:5])
            lines += [
                f"  {layer} ({self.kinds[layer]}): {sizes}",
                f"    most weight on {self.axes[layer][axis]} {top}",
            ]
        return "\n".join(lines)


def attention_maps(
    model: keras.Model, x: Mapping[str, Any], *, batch_size: int | None = None
) -> tuple[dict[str, NDArray[np.float32]], dict[str, tuple[str, ...]], dict[str, str]]:
    """Maps, their axes and their layers' classes, mean over the samples; a batch of maps at a time is held.

    Args:
        model: a functional model.
        x: input name → samples, in the model's order.
        batch_size: the model's own, where its inputs fix one: samples that fill no batch are left out.

    Raises:
        TrainError: ``explain.no_attention``, none of its layers attends.
    """
    samples, size = len(next(iter(x.values()))), batch_size or _BATCH
    starts = range(0, samples - (samples % size if batch_size else 0), size)
    sums: dict[str, NDArray[np.float64]] = {}
    axes: dict[str, tuple[str, ...]] = {}
    kinds: dict[str, str] = {}
    seen = 0
    for start in starts:
        rows = np.arange(start, min(samples, start + size))
        found = _record(model, [values[rows] for values in x.values()])
        for name, (kind, names, weights) in found.items():
            sums[name] = sums.get(name, 0.0) + weights.sum(axis=0, dtype=np.float64)
            axes[name], kinds[name] = names, kind
        seen += len(rows)
    if not sums:
        models = sorted({card.name for tag in ("attention", "transformer") for card in list_models(tag=tag)})
        raise TrainError(
            f"no layer of `{model.name}` has attention maps",
            help=f"layers that have them: {_KINDS}; models that have such layers: {', '.join(models)}",
            code="explain.no_attention",
        )
    return {name: (total / seen).astype(np.float32) for name, total in sums.items()}, axes, kinds


def _record(model: keras.Model, batch: Sequence[NDArray[Any]]) -> Recorded:
    """The maps of one batch: the graph is gone through once, each attending layer asked on the way."""
    found: Recorded = {}
    tensors = [
        keras.ops.convert_to_tensor(values, dtype=item.dtype)
        for values, item in zip(batch, model.inputs, strict=True)
    ]
    _walk(model, tensors, "", len(batch[0]), found)
    return found


def _walk(model: Any, inputs: Any, prefix: str, samples: int, found: Recorded) -> Any:
    heads = {id(operation) for operation in _heads(model)}

    def keep(operation: Any, axes: tuple[str, ...], weights: Any) -> None:
        values = np.asarray(keras.ops.convert_to_numpy(weights), np.float32)
        if len(values) != samples:
            # Time was folded into the batch: the layer is called at each step.
            values, axes = values.reshape(samples, -1, *values.shape[1:]), ("step", *axes)
        name, number = f"{prefix}{operation.name}", 2
        while name in found:
            name, number = f"{prefix}{operation.name}#{number}", number + 1
        found[name] = (type(operation).__name__, _distinct(axes, values.ndim - 1), values)

    def spied(operation: Any) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            if isinstance(operation, keras.Model) and hasattr(operation, "_run_through_graph"):
                return _walk(operation, args[0], f"{prefix}{operation.name}/", samples, found)
            if isinstance(operation, _SCORED):
                outputs, weights = operation(*args, **{**kwargs, "return_attention_scores": True})[:2]
                several = np.ndim(weights) == 4
                keep(operation, ("head", "query", "key") if several else ("query", "key"), weights)
                asked = kwargs.get("return_attention_scores", False)
                return (outputs, weights) if asked else outputs
            if type(operation).__name__ == "DotProductAttention":
                keep(operation, ("head", "query", "key"), _of_values(operation, args, kwargs))
            elif hasattr(operation, "attention"):
                keep(operation, _own_axes(operation), _own_attention(operation, args[0]))
            outputs = operation(*args, **kwargs)
            if _is_softmax(operation) and id(operation) not in heads:
                keep(operation, _softmax_axes(operation, np.ndim(outputs)), outputs)
            return outputs

        return call

    # What Keras's own `clone_model` and `call` go through; masks travel with the tensors, as they do there.
    return model._run_through_graph(inputs, operation_fn=spied)


def _of_values(operation: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> NDArray[Any]:
    """(batch, head, query, key) weights of an operation that gives none, only what it makes of values.

    Of values that are 1 at one key and 0 at all others it makes the weight of that key, masks and bias in it;
    as many keys are asked for at once as a value has numbers.
    """
    given = dict(zip(("query", "key", "value", "bias", "mask", "scale"), args, strict=False)) | dict(kwargs)
    batch, keys, heads, width = given["value"].shape
    found = []
    for start in range(0, keys, width):
        ones = np.zeros((batch, keys, heads, width), np.float32)
        places = np.arange(start, min(keys, start + width))
        ones[:, places, :, places - start] = 1.0
        value = keras.ops.convert_to_tensor(ones, dtype=given["value"].dtype)
        weights = keras.ops.convert_to_numpy(operation(**{**given, "value": value}))
        found.append(weights[..., : len(places)])
    return np.concatenate(found, axis=-1).transpose(0, 2, 1, 3)


def _own_attention(layer: Any, x: Any) -> Any:
    mask = getattr(x, "_keras_mask", None)
    return layer.attention(x) if mask is None else layer.attention(x, mask)


def _own_axes(layer: Any) -> tuple[str, ...]:
    name = type(layer).__name__
    if name == "GatedAxialAttention":
        return ("feature" if layer.axis == 1 else "time", "head", "query", "key")
    return ("time", "unit" if name == "TABL" else "feature")


def _softmax_axes(operation: Any, rank: int) -> tuple[str, ...]:
    axis = getattr(operation, "axis", -1)
    places = [axis] if isinstance(axis, int) else list(axis)
    attended = {place % rank for place in places}
    names = ["key" if place in attended else "query" for place in range(1, rank)]
    if names.count("query") > 1 and names[0] == "query":
        names[0] = "head"
    return tuple(names)


def _distinct(axes: Sequence[str], count: int) -> tuple[str, ...]:
    """As many names as there are axes, none of them twice."""
    names = [*axes, *["axis"] * (count - len(axes))][:count]
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return tuple(found)


def _attended(axes: Sequence[str]) -> int:
    """The axis that is attended to."""
    return axes.index("key") if "key" in axes else axes.index("time") if "time" in axes else len(axes) - 1


def _is_softmax(operation: Any) -> bool:
    if type(operation).__name__ == "Softmax":
        return True
    return (
        isinstance(operation, keras.layers.Activation) and operation.activation is keras.activations.softmax
    )


def _heads(model: Any) -> Iterator[Any]:
    """The operations whose numbers the model gives: a Softmax there makes classes, and attends to none."""
    waiting = list(keras.tree.flatten(model.outputs))
    while waiting:
        operation, node, _ = waiting.pop()._keras_history
        yield operation
        if type(operation).__name__ in _PASSING:
            waiting += operation._inbound_nodes[node].input_tensors
