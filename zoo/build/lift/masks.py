"""Which masks a spec need not say, because Keras passes them on by itself.

Keras 3 writes the masks that it passes implicitly into the configuration, as ops and as arguments of calls,
where they look like masks given by hand. The importer leaves them all out first; whichever the rebuilt model
lacks is then written.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from zoo.build.lift import reading
from zoo.build.lift.graphs import MASKS
from zoo.build.lift.reading import Call, Network, Tensor
from zoo.spec import Spec

Where = tuple[str, str, int]  # model, layer, call


def explicit(network: Network, spec: Spec, masked: set[Where]) -> frozenset[Where]:
    """The calls whose masks the model built from `spec` lacks, or has of another kind."""
    import keras

    from zoo.build.lift import serialised
    from zoo.build.model import assemble

    backend = keras.config.dtype_policy()
    keras.config.set_dtype_policy(spec.training.get("precision") or backend)
    try:
        document = serialised(assemble(spec.graph, spec.name))
    finally:
        keras.config.set_dtype_policy(backend)
    rebuilt = reading.network(document["class_name"], document["config"], "the model")
    before = dict(_masks(network, f"the model `{network.name}`"))
    after = dict(_masks(rebuilt, f"the model `{network.name}`"))
    return frozenset(where for where in masked if before.get(where) != after.get(where))


def _masks(network: Network, place: str) -> Iterator[tuple[Where, Any]]:
    """For each call with a mask: how the mask was made."""
    for entry in network.entries.values():
        for number, call in enumerate(entry.calls):
            made = {
                name: _origin(network, call.kwargs.get(name))
                for name in MASKS
                if call.kwargs.get(name) is not None
            }
            if made:
                yield (place, entry.name, number), made
        if entry.is_model:
            inner = reading.network(entry.kind, entry.config, place)
            yield from _masks(inner, f"{place} > {inner.name}")


def _origin(network: Network, value: Any) -> Any:
    """A mask by the ops that made it and the layers they read; ops have other names in every session."""
    if isinstance(value, Tensor):
        entry = network.entries[value.entry]
        if not entry.is_op:
            return value.entry, value.call, value.index
        config = {name: item for name, item in entry.config.items() if name != "name"}
        call: Call = entry.calls[value.call]
        return (
            entry.kind,
            str(config),
            _origin(network, list(call.args)),
            _origin(network, list(call.kwargs.items())),
        )
    if isinstance(value, (list, tuple)):
        return tuple(_origin(network, item) for item in value)
    return str(value)
