"""A model in two halves: what reads each step by itself, and what mixes steps.

The first half needs to run once a row of data, however many windows hold that row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import keras

from zoo.build.model import assemble
from zoo.errors import BuildError
from zoo.spec.cost import cost
from zoo.spec.graph import Call, Graph, InputSpec, Operand, Ref, refs
from zoo.spec.spec import Spec
from zoo.spec.trace import Trace

CODE = "code_{}"
# Each step by itself, and yet not the same at every place of a window.
_PLACED = frozenset({"LearnedPosition", "LinearPosition", "PReLU", "SinusoidalPosition"})


@dataclass(frozen=True)
class Halves:
    """Two models that one after the other give what the whole one gives.

    Args:
        encoder: the steps of some inputs → a code for each step; (batch, time, …) each.
        row_encoder: the same for windows of one step; None where its layers name the window's length.
        rest: codes, and inputs that it reads itself → the model's outputs.
        codes: the inputs of the rest that are codes, in its order; they come first.
        encoded: the inputs that the encoder reads, in its order.
        direct: the inputs that the rest reads beside the codes, in its order.
        share: the encoder's part of all floating-point operations.
    """

    encoder: keras.Model
    row_encoder: keras.Model | None
    rest: keras.Model
    codes: tuple[str, ...]
    encoded: tuple[str, ...]
    direct: tuple[str, ...]
    share: float

    def by_row(self) -> keras.Model | None:
        """One model: a row, and the codes of those before it in its window → its codes, and the outputs.

        None where no row can be encoded alone.
        """
        if self.row_encoder is None:
            return None
        row = keras.Input(self.row_encoder.inputs[0].shape[1:], name="row")
        codes = keras.tree.flatten(self.row_encoder(row))
        earlier = [
            keras.Input((item.shape[1] - 1, *item.shape[2:]), dtype=item.dtype, name=f"earlier_{place}")
            for place, item in enumerate(self.rest.inputs)
        ]
        windows = [keras.ops.concatenate(pair, axis=1) for pair in zip(earlier, codes, strict=True)]
        outputs = keras.tree.flatten(self.rest(windows if len(windows) > 1 else windows[0]))
        # Several outputs of a submodel have one name.
        named = [
            keras.layers.Identity(name=f"found_{at}")(item) for at, item in enumerate([*codes, *outputs])
        ]
        return keras.Model([row, *earlier], named, name=f"{self.rest.name}_by_row")


def halves_of(spec: Spec, model: keras.Model) -> Halves | None:
    """The halves of a spec's model with the weights it has; None where no work can be saved.

    Args:
        spec: what the model was built from.
        model: whose weights are copied.
    """
    graph, trace = spec.graph, spec.trace
    each_step = _each_step(graph, trace)
    calls = [call for call in graph.calls if call.id in each_step and call.id in graph.reached()]
    if not any(trace.weights.get(call.layer) for call in calls):
        return None
    frontier = _frontier(graph, {call.id for call in calls})
    if frontier is None or any(trace.shape(ref) is None for ref in frontier):
        return None
    codes = {ref: CODE.format(place) for place, ref in enumerate(frontier)}
    encoder = _encoder(graph, calls, codes)
    rest = _rest(graph, trace, {call.id for call in calls}, codes)
    try:
        built = [
            _built(half, f"{spec.name}__{name}", model)
            for half, name in ((encoder, "encoder"), (rest, "rest"))
        ]
    except BuildError:
        return None
    try:
        row = _built(_of_one_step(encoder), f"{spec.name}__row_encoder", model)
    except BuildError:
        row = None
    direct = tuple(name for name in rest.inputs if name in graph.inputs)
    share = cost(encoder).flops / max(1, cost(graph).flops)
    return Halves(built[0], row, built[1], tuple(codes.values()), tuple(encoder.inputs), direct, share)


def _each_step(graph: Graph, trace: Trace) -> set[str]:
    """Calls all of whose tensors hold, at each step, what was made of that step alone."""
    lengths = {
        name: item.shape[0]
        for name, item in graph.inputs.items()
        if len(item.shape) > 1 and item.dtype.startswith("float")
    }
    found = set(lengths)
    for call in graph.calls:
        # what reads a constant alone belongs to neither half
        sources = list(refs(call))
        if not sources or any(ref.node not in found for ref in sources):
            continue
        if graph.layers[call.layer].head in _PLACED:
            continue
        sights = trace.sights.get(call.id, ())
        shapes = trace.shapes.get(call.id) or ()
        if len(sights) == 1 == len(shapes) and sights[0] and shapes[0] is not None:
            seen = sights[0].items()
            if all(
                sight.axis == 1
                and not sight.lost
                and sight.scale == 1
                and sight.low == sight.high == 0
                and shapes[0][1] == lengths.get(name)
                for name, sight in seen
            ):
                found.add(call.id)
    return found


def _frontier(graph: Graph, inside: set[str]) -> list[Ref] | None:
    """The tensors of the first half that the second reads; None where an output lies in the first."""
    if any(ref.node in inside for ref in graph.outputs.values()):
        return None
    reached = graph.reached()
    found = {
        ref: None
        for call in graph.calls
        if call.id in reached and call.id not in inside
        for ref in refs(call)
        if ref.node in inside
    }
    return list(found) or None


def _encoder(graph: Graph, calls: list[Call], codes: Mapping[Ref, str]) -> Graph:
    read = {ref.node for call in calls for ref in refs(call)}
    inputs = {name: item for name, item in graph.inputs.items() if name in read}
    return replace(
        graph,
        inputs=inputs,
        calls=tuple(calls),
        outputs={name: ref for ref, name in codes.items()},
        tensors={},
    )


def _rest(graph: Graph, trace: Trace, inside: set[str], codes: Mapping[Ref, str]) -> Graph:
    reached = graph.reached()
    calls = [call for call in graph.calls if call.id in reached and call.id not in inside]
    read = {ref.node for call in calls for ref in refs(call)} | {ref.node for ref in graph.outputs.values()}
    inputs: dict[str, InputSpec] = {}
    for ref, name in codes.items():
        shape = trace.shape(ref)
        assert shape is not None
        inputs[name] = InputSpec(tuple(shape[1:]), batch_size=shape[0])
    inputs |= {name: item for name, item in graph.inputs.items() if name in read}
    renamed = {ref: Ref(name) for ref, name in codes.items()}
    return replace(graph, inputs=inputs, calls=tuple(_renamed(call, renamed) for call in calls), tensors={})


def _renamed(call: Call, names: Mapping[Ref, Ref]) -> Call:
    def operand(item: Operand) -> Operand:
        if isinstance(item, tuple):
            return tuple(operand(part) for part in item)
        return names.get(item, item) if isinstance(item, Ref) else item

    return replace(
        call,
        inputs=tuple(operand(item) for item in call.inputs),
        named={name: operand(item) for name, item in call.named.items()},
    )


def _of_one_step(encoder: Graph) -> Graph:
    return replace(
        encoder,
        inputs={name: replace(item, shape=(1, *item.shape[1:])) for name, item in encoder.inputs.items()},
    )


def _built(graph: Graph, name: str, model: keras.Model) -> keras.Model:
    """The graph's model, each layer with the weights of its namesake."""
    half = assemble(graph, name, pretrained=False)
    for layer in _with_weights(half.layers):
        layer.set_weights(model.get_layer(layer.name).get_weights())
    return half


def _with_weights(layers: Iterable[keras.layers.Layer]) -> list[keras.layers.Layer]:
    return [layer for layer in layers if layer.weights]
