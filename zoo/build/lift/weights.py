"""The weights of a ``.keras`` file for the model that its spec builds.

Keras files arrays by the classes of the layers around them (``layers/lstm_1/cell/vars/0``), counted in the
model's order. The configuration says which layer that is; the rebuilt layer of that name takes the array.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zoo.build.lift import archive, reading
from zoo.build.lift.naming import spec_name
from zoo.build.lift.reading import Network
from zoo.build.lift.refusals import LiftError
from zoo.spec.lower.scope import snake

if TYPE_CHECKING:
    import keras


def write(path: str | Path, out: str | Path) -> int:
    """Writes the weights of a ``.keras`` file as safetensors, in the order of the model that its spec builds.

    Args:
        path: the ``.keras`` file.
        out: the safetensors file; one that is there is replaced.

    Returns:
        The number of arrays.

    Raises:
        LiftError: the archive has no weights, or they do not fit its configuration.
    """
    from zoo.build.lift.document import to_spec
    from zoo.build.model import assemble
    from zoo.build.weights import to_safetensors

    document = archive.config(path)
    spec = to_spec(document)
    model = assemble(spec.graph, spec.name)
    fill(model, document, archive.arrays(path), str(path))
    Path(out).write_bytes(to_safetensors(model))
    return len(model.weights)


def fill(model: keras.Model, document: Mapping[str, Any], arrays: Mapping[str, Any], where: str) -> None:
    """Gives a rebuilt model the arrays of the archive.

    Raises:
        LiftError: an array has no weight, a weight no array, or their shapes differ.
    """
    network = reading.network(document["class_name"], document["config"], "the model")
    homes = dict(_homes(network, model, ""))
    left = {id(weight): weight.path for weight in model.weights}
    for name, value in arrays.items():
        folder, _, position = name.rpartition("/vars/")
        home = next((home for home in _prefixes(folder) if home in homes), None)
        weight = _weight(homes[home], folder[len(home) :].strip("/"), position) if home is not None else None
        if weight is None:
            raise _unfit(where, f"its array {name} belongs to no layer of the model")
        if tuple(weight.shape) != tuple(value.shape):
            raise _unfit(
                where, f"its array {name} has the shape {value.shape}, the model wants {tuple(weight.shape)}"
            )
        weight.assign(value)
        left.pop(id(weight), None)
    if left:
        raise _unfit(where, f"it has no array for {next(iter(left.values()))}")


def _homes(network: Network, model: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    """Folder of the archive → the rebuilt layer whose arrays it holds."""
    counts: Counter[str] = Counter()
    for entry in network.entries.values():
        if entry.is_op:
            continue
        base = snake(entry.kind)
        folder = f"{prefix}layers/{base}" + (f"_{counts[base]}" if counts[base] else "")
        counts[base] += 1
        layer = _layer(model, entry.name)
        if layer is None and entry.kind == "TimeDistributed":  # folded around a submodel
            layer = _layer(model, str(entry.config["layer"]["config"]["name"]))
        if layer is None:
            continue
        if entry.is_model:
            yield from _homes(reading.network(entry.kind, entry.config, entry.name), layer, f"{folder}/")
        else:
            yield folder, layer


def _layer(model: Any, name: str) -> Any:
    named = {layer.name: layer for layer in model.layers}
    return named.get(name) or named.get(spec_name(name))


def _prefixes(folder: str) -> Iterator[str]:
    parts = folder.split("/")
    return ("/".join(parts[:count]) for count in range(len(parts), 0, -1))


def _weight(layer: Any, inner: str, position: str) -> Any:
    """The variable behind the rest of a path; Keras counts over these private lists when it saves."""
    for part in inner.split("/") if inner else ():
        if isinstance(layer, (list, tuple)):
            layer = _counted(layer, part)
        elif hasattr(layer, part) or hasattr(layer, f"_{part}"):
            layer = getattr(layer, part, None) or getattr(layer, f"_{part}")
        elif part != "layer":  # a folded TimeDistributed is its inner layer
            return None
    own = [*getattr(layer, "_trainable_variables", ()), *getattr(layer, "_non_trainable_variables", ())]
    if not own and getattr(layer, "state", None) is not None:  # a seed generator
        own = [layer.state]
    return own[int(position)] if position.isdigit() and int(position) < len(own) else None


def _counted(layers: list[Any] | tuple[Any, ...], part: str) -> Any:
    counts: Counter[str] = Counter()
    for layer in layers:
        base = snake(type(layer).__name__)
        if part == (f"{base}_{counts[base]}" if counts[base] else base):
            return layer
        counts[base] += 1
    return None


def _unfit(where: str, why: str) -> LiftError:
    return LiftError(
        f"the weights of {where} do not fit its model: {why}",
        help="import it without weights, or save the model again with the newest Keras",
        code="import.weights",
    )
