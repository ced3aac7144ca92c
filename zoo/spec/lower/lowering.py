"""The state of one graph while it is lowered, and the loop over its entries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from zoo.errors import Span
from zoo.spec.documents import Documents
from zoo.spec.graph import Argument, Call, Graph, InputSpec, Layer, Operand, Ref, WeightsFile
from zoo.spec.lower.scope import BROKEN, Entry, Flow, Namer, Needs, Scope, given_names
from zoo.spec.nodes import Mapping as MappingNode
from zoo.spec.nodes import Node, Report, Scalar
from zoo.spec.rules import g102_cycle, g103_unused, g104_never_called, g105_same_name, g106_too_large
from zoo.spec.values import Reader

MAX_CALLS = 20_000
MAX_STEPS = 100_000  # steps tried, retries included: bounds the time of any text


class TooLarge(Exception):
    """The graph outgrew its bounds; the diagnostic has been reported."""


@dataclass(slots=True)
class Declaration:
    """An entry of ``layers``, ``models`` or ``blocks``."""

    kind: str
    key: Scalar
    node: Node
    used: bool = False


@dataclass(slots=True)
class Draft:
    """A layer in the making; its name is settled at the end."""

    name: str
    family: str
    head: str
    args: Mapping[str, Argument]
    model: Graph | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    shared: bool = False
    fixed: bool = False  # a `name:` in the arguments always wins
    span: Span | None = None
    origin: str = ""
    named: Span | None = None  # where its name was written
    weights: WeightsFile | None = None
    used: bool = False


@dataclass(frozen=True, slots=True)
class DraftCall:
    """A call in the making; refs to calls read ``#3`` until layers have their names."""

    layer: int
    inputs: tuple[Operand, ...]
    named: Mapping[str, Operand]
    span: Span | None
    places: tuple[Span | None, ...]
    within: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where lowering stands: the names in sight, how new layers are called, the blocks being expanded."""

    scope: Scope
    namer: Namer
    blocks: tuple[str, ...] = ()
    shared: str | None = None  # inside a shared fragment: layers made once, by name

    def into(self, scope: Scope | None = None, part: str | int | None = None) -> Place:
        """A place further in."""
        namer = self.namer if part is None else self.namer.child(part)
        return replace(self, scope=scope or self.scope, namer=namer)


class Lowering:
    """Layers and calls of one graph, growing."""

    def __init__(
        self,
        declared: dict[str, Declaration],
        models: dict[str, Graph | None],
        documents: Documents,
        report: Report,
        env: Mapping[str, Any],
        open_models: tuple[str, ...] = (),
    ) -> None:
        self.env = env  # the spec's parameters, which layers and submodels see wherever they are used
        self.open_models = open_models  # the submodels and files around this graph
        self.declared = declared
        # submodels already lowered (None: with errors), shared with the graphs inside and around this one
        self.models = models
        self.documents = documents  # finds what `use` names
        self.report = report
        self.layers: list[Draft] = []
        self.calls: list[DraftCall] = []
        self.shared: dict[str, int] = {}
        self.making: list[str] = []  # shared layers whose arguments are being read
        self.stateless: set[str] = set()  # tensors whose missing states have been reported
        self.steps = 0
        self.around: list[Span] = []  # the pipe, loops and blocks that are being lowered

    @contextmanager
    def within(self, span: Span) -> Iterator[None]:
        """Calls made inside say that they were made through `span`."""
        self.around.append(span)
        try:
            yield
        finally:
            self.around.pop()

    def reader(self, scope: Scope) -> Reader:
        """Reads argument values at a place."""
        return Reader(scope.env, self.report, self.is_layer)

    def is_layer(self, name: str) -> bool:
        """Whether `name` is a declared layer or submodel."""
        return name in self.declared and self.declared[name].kind in ("layer", "model")

    def step(self, span: Span | None) -> None:
        """Counts one step against the budget."""
        self.steps += 1
        if self.steps > MAX_STEPS or max(len(self.calls), len(self.layers)) > MAX_CALLS:
            self.report(g106_too_large.calls(MAX_CALLS, span))
            raise TooLarge

    def room(self, tensors: int, span: Span | None) -> None:
        """Refuses a flow of more tensors than a graph may have calls."""
        if tensors > MAX_CALLS:
            self.report(g106_too_large.tensors(MAX_CALLS, span))
            raise TooLarge

    def add_layer(self, draft: Draft) -> int:
        """A new layer; its index."""
        self.layers.append(draft)
        return len(self.layers) - 1

    def add_call(
        self,
        layer: int,
        inputs: Sequence[Operand],
        named: Mapping[str, Operand],
        span: Span | None,
        places: tuple[Span | None, ...] = (),
    ) -> str:
        """A new call; the id of its result."""
        self.calls.append(DraftCall(layer, tuple(inputs), dict(named), span, places, tuple(self.around)))
        return f"#{len(self.calls) - 1}"

    def entries(
        self, scope: Scope, entries: Sequence[Entry], place: Place, pipe: Callable[[Node, Place], Flow]
    ) -> None:
        """Lowers named pipes into `scope`, each after those it needs."""
        for entry in entries:
            if entry.name in scope.entries or entry.name in scope.flows:
                first = scope.keys.get(entry.name)
                also = "an input" if entry.name in scope.flows else "another tensor"
                self.report(
                    g105_same_name.diagnose(
                        entry.name, "this tensor", entry.key.span, first.span if first else None, also
                    )
                )
                continue
            scope.entries[entry.name] = entry
            scope.keys[entry.name] = entry.key
            for name in given_names(entry.node):
                scope.inner.setdefault(name.text, entry.name)
        for entry in list(scope.entries.values()):
            self._settle(scope, entry, place, pipe)
        scope.entries.clear()

    def _settle(self, scope: Scope, entry: Entry, place: Place, pipe: Callable[[Node, Place], Flow]) -> None:
        work = [entry.name]
        while work:
            name = work[-1]
            if name in scope.flows:
                work.pop()
                continue
            current = scope.entries[name]
            self.step(current.key.span)
            inner = scope if current.env is scope.env else scope.child(current.env)
            marks = len(self.layers), len(self.calls), dict(self.shared)
            given = set(scope.flows)
            try:
                with self.within(current.key.span):
                    flow = pipe(
                        current.node, replace(place, scope=inner, namer=Namer(place.namer.child(name).path))
                    )
            except Needs as need:
                del self.layers[marks[0] :], self.calls[marks[1] :]
                self.shared = marks[2]
                for extra in set(scope.flows) - given:
                    del scope.flows[extra]
                if need.scope is not scope:
                    raise
                if need.name in work:
                    self.report(
                        g102_cycle.tensors([scope.keys[item] for item in work[work.index(need.name) :]])
                    )
                    for item in work[work.index(need.name) :]:
                        scope.flows[item] = BROKEN
                else:
                    work.append(need.name)
                continue
            self.name_maker(flow, place.namer.child(name).path)
            scope.flows[name] = flow

    def name_maker(self, flow: Flow, name: str) -> None:
        """Gives the layer that made `flow` the name of its pipe, unless it is shared or named already."""
        if flow.maker is not None and not self.layers[flow.maker].fixed:
            self.layers[flow.maker].name = name

    def unused(self, scope: Scope, outputs: Sequence[str], inputs: Mapping[str, InputSpec]) -> None:
        """Reports what nobody reads."""
        for name, key in scope.keys.items():
            if (
                name in scope.used
                or name in outputs
                or any(item.span == key.span for item in _used_keys(scope, outputs))
            ):
                continue
            if name in inputs:
                self.report(g103_unused.input(name, key.span))
            elif name in scope.flows and not scope.flows[name].broken:
                self.report(g103_unused.tensor(name, key.span))

    def finish(
        self, inputs: Mapping[str, InputSpec], outputs: Mapping[str, Ref], tensors: Mapping[str, Flow]
    ) -> Graph:
        """The finished graph: unique names, ids instead of numbers."""
        names = self._names(inputs)
        ids: dict[str, str] = {}
        calls_of: dict[int, int] = {}
        for number, call in enumerate(self.calls):
            count = calls_of[call.layer] = calls_of.get(call.layer, 0) + 1
            ids[f"#{number}"] = names[call.layer] if count == 1 else f"{names[call.layer]}:{count}"
        layers = {}
        for index, draft in enumerate(self.layers):
            layers[names[index]] = Layer(
                names[index],
                draft.family,
                draft.head,
                draft.args,
                draft.model,
                draft.options,
                draft.shared,
                draft.span,
                draft.origin,
                draft.weights,
                draft.used,
            )
        calls = tuple(
            Call(
                ids[f"#{number}"],
                names[call.layer],
                tuple(_rename(operand, ids) for operand in call.inputs),
                {name: _rename(operand, ids) for name, operand in call.named.items()},
                call.span,
                call.places,
                call.within,
            )
            for number, call in enumerate(self.calls)
        )
        flows = {
            name: tuple(_rename_ref(ref, ids) for ref in flow.tensors)
            for name, flow in tensors.items()
            if not flow.broken
        }
        return Graph(
            dict(inputs), layers, calls, {name: _rename_ref(ref, ids) for name, ref in outputs.items()}, flows
        )

    def _names(self, inputs: Mapping[str, InputSpec]) -> list[str]:
        """One unique name a layer: those written by the author first, made ones step aside."""
        taken: dict[str, Span | None] = {name: spec.span for name, spec in inputs.items()}
        names: list[str] = [draft.name for draft in self.layers]
        for draft in self.layers:
            if draft.fixed or draft.shared:
                place = draft.named or draft.span
                if draft.name in taken:
                    also = "an input" if draft.name in inputs else "another layer"
                    self.report(
                        g105_same_name.diagnose(draft.name, "this layer", place, taken[draft.name], also)
                    )
                taken[draft.name] = place
        for index, draft in enumerate(self.layers):
            if draft.fixed or draft.shared:
                continue
            base, number = draft.name, 2
            while names[index] in taken:
                names[index] = f"{base}__{number}"
                number += 1
            taken[names[index]] = draft.span
        return names

    def never_called(self) -> None:
        """Reports declarations that no pipe used."""
        for declaration in self.declared.values():
            if not declaration.used:
                self.report(g104_never_called.diagnose(declaration.kind, declaration.key))


def _used_keys(scope: Scope, outputs: Sequence[str]) -> list[Scalar]:
    # the siblings that one `each` made share a key: one of them used is the text used
    return [scope.keys[name] for name in {*scope.used, *outputs} if name in scope.keys]


def _rename_ref(ref: Ref, ids: Mapping[str, str]) -> Ref:
    return Ref(ids.get(ref.node, ref.node), ref.index)


def _rename(operand: Operand, ids: Mapping[str, str]) -> Operand:
    if isinstance(operand, Ref):
        return _rename_ref(operand, ids)
    if isinstance(operand, tuple):
        return tuple(_rename(item, ids) for item in operand)
    return operand


def as_map(node: Node | None) -> MappingNode | None:
    """The node when it is a map."""
    return node if isinstance(node, MappingNode) else None
