"""A serialised model → the text of a spec → the spec."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from zoo.build.lift import masks, reading
from zoo.build.lift.arguments import policy
from zoo.build.lift.compiled import compiled
from zoo.build.lift.graphs import Context, lift_graph
from zoo.build.lift.refusals import refused
from zoo.build.lift.text import Sections, graph_sections
from zoo.spec import Spec, emit, loads

_WHOLE_POLICIES = ("float32", "mixed_bfloat16")  # what `training.precision` may say


def to_spec(document: Mapping[str, Any]) -> Spec:
    """The spec of a model in Keras's serialised form.

    Args:
        document: the content of a ``config.json``.
    """
    reading.check_depth(document)
    kind, config = document.get("class_name"), document.get("config")
    module = str(document.get("module") or "")
    if (
        not isinstance(kind, str)
        or not isinstance(config, Mapping)
        or not reading.is_model(kind, module, config)
        or "layers" not in config
    ):
        registered = document.get("registered_name") or f"{module}.{kind}"
        raise refused(
            f"the model `{kind}`",
            f"it is of a class of its own ({registered}), whose code a spec cannot carry",
        )
    network = reading.network(kind, config, "the model")
    spec, masked = _attempt(network, document, frozenset())
    if masked and (explicit := masks.explicit(network, spec, masked)):
        spec, _ = _attempt(network, document, explicit)
    return spec


def _attempt(
    network: reading.Network, document: Mapping[str, Any], explicit: frozenset[tuple[str, str, int]]
) -> tuple[Spec, set[tuple[str, str, int]]]:
    context = Context(_common_policy(network), explicit)
    graph = lift_graph(network, context, f"the model `{network.name}`")
    sections = Sections(context.models, context.declared)
    written = graph_sections(graph, sections)
    keys = [key or tensor.entry for key, tensor in network.outputs]
    made = compiled(document.get("compile_config"), list(graph.outputs), keys, context.arguments)
    if made.outputs:
        outputs = written["outputs"]
        said = {name: {} for name in outputs} if isinstance(outputs, list) else outputs
        written["outputs"] = {name: {**made.outputs.get(name, {}), **more} for name, more in said.items()}
    training: dict[str, Any] = {}
    if made.optimizer is not None:
        training["optimizer"] = made.optimizer
    if context.policy != "float32":
        training["precision"] = context.policy
    text = _text(network.name, written, sections, training, list(_notes(context, made.left_out)))
    return loads(text), context.masked


def _notes(context: Context, left_out: list[str]) -> Iterator[str]:
    if context.frozen_calls:
        names = ", ".join(dict.fromkeys(context.frozen_calls))
        yield f"In Keras these were called with training=False, which a spec does not say: {names}"
    if left_out:
        yield f"Not stock, and so left out: {', '.join(dict.fromkeys(left_out))}"


def _text(
    name: str, written: dict[str, Any], sections: Sections, training: dict[str, Any], notes: list[str]
) -> str:
    values: dict[str, Any] = {"spec": 1, "name": name, "inputs": written["inputs"]}
    if sections.layers:
        values["layers"] = sections.layers
    if sections.written:
        values["models"] = sections.written
    values["graph"] = written["graph"]
    values["outputs"] = written["outputs"]
    if training:
        values["training"] = training
    return "".join(f"# {note}\n" for note in notes) + emit.block(values)


def _common_policy(network: reading.Network) -> str:
    """The policy of most layers, where the spec can say it for all of them; else Keras's own default."""
    counts = Counter(
        policy(entry.config)
        for entry in network.entries.values()
        if not entry.is_op and not entry.is_model and entry.kind != "InputLayer"
    )
    common = counts.most_common(1)[0][0] if counts else "float32"
    return common if common in _WHOLE_POLICIES else "float32"
