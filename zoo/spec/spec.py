"""A checked spec: what the builder, the trainer and R read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from zoo.errors import Diagnostic, Span
from zoo.spec import signatures
from zoo.spec.graph import Argument, Graph, InputSpec, Layer, Object, objects
from zoo.spec.params import Param
from zoo.spec.sections import OutputSpec
from zoo.spec.trace import Trace, trace
from zoo.spec.values import FAMILIES, is_class, plain_value
from zoo.spec.vocabulary import vocabularies

Construction = tuple[str, "signatures.Signature | None", Mapping[str, Argument], "Span | None"]


@dataclass(frozen=True, slots=True, repr=False)
class Spec:
    """One model as declared: its graph, its outputs and its recipe.

    Args:
        name: the model's name.
        graph: the lowered graph.
        declared: the parameters, with ranges and the values in use.
        outputs: loss, weight and metrics of every output, in the spec's order.
        recipe: the ``training`` section.
        pipeline: the ``data`` section as plain values.
        text: the resolved text: `zoo.loads` makes an equal spec of it.
        file: what messages call the text.
        diagnostics: warnings and notes of its check.
        trace: shapes, look-ahead and weights, as far as they are known without Keras.
    """

    name: str
    graph: Graph
    declared: Mapping[str, Param]
    outputs: Mapping[str, OutputSpec]
    recipe: Mapping[str, Argument]
    pipeline: Mapping[str, Argument]
    about: str = ""
    tags: tuple[str, ...] = ()
    source: Mapping[str, Any] = field(default_factory=dict)
    cite: tuple[Mapping[str, Any], ...] = ()
    lint: Mapping[str, str] = field(default_factory=dict)
    text: str = field(default="", compare=False)
    file: str = field(default="", compare=False)
    diagnostics: tuple[Diagnostic, ...] = field(default=(), compare=False)
    trace: Trace = field(default_factory=Trace, compare=False, repr=False)

    def __repr__(self) -> str:
        takes = ", ".join(f"{name} {list(item.shape)}" for name, item in self.inputs.items())
        return f"Spec({self.name!r}: {takes} → {', '.join(self.outputs)})"

    @property
    def inputs(self) -> Mapping[str, InputSpec]:
        """Every input by name, in the spec's order."""
        return self.graph.inputs

    @property
    def params(self) -> dict[str, Any]:
        """The values of the parameters."""
        return {name: param.value for name, param in self.declared.items()}

    @property
    def data(self) -> dict[str, Any]:
        """The ``data`` section as plain values."""
        return {name: argument.value for name, argument in self.pipeline.items()}

    @property
    def training(self) -> dict[str, Any]:
        """The ``training`` section as plain values; classes read ``{Class: {args}}``."""
        return {name: plain_value(argument) for name, argument in self.recipe.items()}

    @property
    def is_time_series(self) -> bool:
        """Whether its inputs begin with time: the data say so, or, without data, they have two axes."""
        kind = self.data.get("kind")
        if kind is not None:
            return kind in ("orderbook", "table")
        return all(len(item.shape) == 2 and "float" in item.dtype for item in self.inputs.values())

    @property
    def vocabularies(self) -> dict[str, int]:
        """How many different numbers each input may hold: that of the Embedding that reads it."""
        return vocabularies(self.graph)

    def maker(self, output: str) -> Layer | None:
        """The layer whose result an output is."""
        call = next((item for item in self.graph.calls if item.id == self.graph.outputs[output].node), None)
        return self.graph.layers[call.layer] if call else None

    def to_yaml(self) -> str:
        """The resolved text, from which ``zoo.loads`` makes an equal spec."""
        return self.text

    def constructions(self) -> Iterator[Construction]:
        """Everything that will be constructed, inner classes last: class, signature, arguments, place."""
        for graph in graphs(self.graph):
            for layer in graph.layers.values():
                if layer.family in ("layers", "ops"):
                    head = f"ops.{layer.head}" if layer.family == "ops" else layer.head
                    yield head, signatures.lookup(layer.family, layer.head), layer.args, layer.span
                for item in objects(layer.args):
                    yield item.head, signatures.lookup(item.family, item.head), item.args, item.span
        for argument in self._recipe_arguments():
            for item in objects(argument.value):
                yield item.head, signatures.lookup(item.family, item.head), item.args, item.span

    def names_of_classes(self) -> Iterator[tuple[str, str, Span | None]]:
        """Every name that must be a class or function of Keras: name, family, place."""
        for _, signature, arguments, _ in self.constructions():
            if signature is None:
                continue
            for name, argument in arguments.items():
                wanted = signature.arguments.get(name)
                if wanted is None:
                    continue
                if (
                    wanted.kind in FAMILIES
                    and wanted.kind != "schedule"
                    and isinstance(argument.value, str)
                    and argument.value not in wanted.choices
                ):
                    yield argument.value, FAMILIES[wanted.kind], argument.span
        for graph in graphs(self.graph):
            for layer in graph.layers.values():
                yield from _unknown_objects(layer.args)
        for argument in self._recipe_arguments():
            yield from _unknown_objects(argument.value)
        for output in self.outputs.values():
            yield from _names(output.loss, "losses")
            yield from _names(output.metrics, "metrics", ("accuracy", "acc", "crossentropy", "ce"))
        yield from _names(self.recipe.get("optimizer"), "optimizers")
        callbacks = self.recipe.get("callbacks")
        yield from _names(callbacks, "callbacks")

    def _recipe_arguments(self) -> Iterator[Argument]:
        yield from self.recipe.values()
        for output in self.outputs.values():
            yield from (item for item in (output.loss, output.metrics) if item is not None)


def _names(
    argument: Argument | None, family: str, also: tuple[str, ...] = ()
) -> Iterator[tuple[str, str, Span | None]]:
    if argument is None:
        return
    items = argument.value if isinstance(argument.value, list) else [argument.value]
    for item in items:
        if isinstance(item, str) and item not in also:
            yield item, family, argument.span


def _unknown_objects(value: Any) -> Iterator[tuple[str, str, Span | None]]:
    for item in objects(value):
        if isinstance(item, Object) and (
            is_class(item.head) or signatures.lookup(item.family, item.head) is None
        ):
            yield item.head, item.family, item.span


def graphs(graph: Graph) -> Iterator[Graph]:
    """A graph and, once each, every graph of its submodels."""
    seen: set[int] = set()
    waiting = [graph]
    while waiting:
        current = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        waiting.extend(layer.model for layer in current.layers.values() if layer.model is not None)


def graphs_and_traces(spec: Spec) -> Iterator[tuple[Graph, Trace]]:
    """Every graph of a spec with what is known of its shapes."""
    for graph in graphs(spec.graph):
        yield graph, spec.trace if graph is spec.graph else trace(graph)


def traces(spec: Spec) -> Iterator[Trace]:
    """What is known of the shapes of every graph."""
    for _, found in graphs_and_traces(spec):
        yield found
