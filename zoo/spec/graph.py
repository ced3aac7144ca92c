"""The one intermediate form. Everything after ``lower`` reads this and nothing else.

A graph has layers (what is computed, with which arguments) and calls in topological order (on what). A shared
layer is one ``Layer`` with several calls; a submodel is a ``Layer`` that holds a ``Graph``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from zoo.errors import Span


@dataclass(frozen=True, slots=True)
class Ref:
    """A tensor: an input or a call by its id, and which of its outputs (None: all of it)."""

    node: str
    index: int | None = None


@dataclass(frozen=True, slots=True)
class Const:
    """A constant among the tensors of a call: a number, a boolean, None, or ``{value, dtype}``."""

    value: Any


Operand: TypeAlias = "Ref | Const | tuple[Operand, ...]"


@dataclass(frozen=True, slots=True)
class Argument:
    """The value of an argument and where it and its name stand (no places when it was not written)."""

    value: Any
    span: Span | None = field(default=None, compare=False)
    key: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Object:
    """``Class: {args}`` as the value of an argument: an initializer, a schedule, an inner layer."""

    head: str
    family: str
    args: Mapping[str, Argument]
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Declared:
    """A shared layer or a submodel, named as the inner layer of a wrapper."""

    name: str
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class InputSpec:
    """One input. ``shape`` is without the batch axis; None is an unknown size."""

    shape: tuple[int | None, ...]
    dtype: str = "float32"
    batch_size: int | None = None
    sparse: bool = False
    optional: bool = False
    doc: str = ""
    span: Span | None = field(default=None, compare=False)
    unknown: bool = field(default=False, compare=False)  # its shape is wrong, which has been reported


@dataclass(frozen=True, slots=True)
class WeightsFile:
    """The file of a submodel's weights.

    Args:
        name: as written, relative to the folder of the spec that names it.
        path: where it is; None where the spec is a text without a folder.
    """

    name: str
    path: Path | None = field(default=None, compare=False)
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Layer:
    """What is computed.

    Args:
        name: its name in the Keras model; weight names follow it.
        family: ``layers``, ``ops``, ``at`` (slicing) or ``models`` (a submodel).
        head: the class (``LSTM``), the op (``subtract``) or the submodel's name.
        args: constructor arguments as written, expressions evaluated.
        model: the graph of a submodel.
        options: what a submodel was declared with: ``trainable``.
        shared: declared under ``layers:`` or ``models:``.
        origin: path of loop indices and block names it came from, for pictures and diffs.
        weights: the file that a submodel's weights come from.
        used: the submodel is another spec's (``use``).
    """

    name: str
    family: str
    head: str
    args: Mapping[str, Argument]
    model: Graph | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    shared: bool = False
    span: Span | None = field(default=None, compare=False)
    origin: str = field(default="", compare=False)
    weights: WeightsFile | None = None
    used: bool = field(default=False, compare=False)

    @property
    def values(self) -> dict[str, Any]:
        """The constructor arguments without their places."""
        return {name: argument.value for name, argument in self.args.items()}


@dataclass(frozen=True, slots=True)
class Call:
    """A layer applied to tensors: those that flow in, in order, and those given by name.

    ``within`` are the places it was made through, outer ones first: its pipe, loops, branches and blocks.
    """

    id: str
    layer: str
    inputs: tuple[Operand, ...]
    named: Mapping[str, Operand] = field(default_factory=dict)
    span: Span | None = field(default=None, compare=False)
    places: tuple[Span | None, ...] = field(default=(), compare=False)
    within: tuple[Span, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Graph:
    """Inputs, layers, calls in topological order, outputs; ``tensors`` are the names a reader gave."""

    inputs: Mapping[str, InputSpec]
    layers: Mapping[str, Layer]
    calls: tuple[Call, ...]
    outputs: Mapping[str, Ref]
    tensors: Mapping[str, tuple[Ref, ...]] = field(default_factory=dict, compare=False)

    def reached(self) -> set[str]:
        """Ids of the calls and inputs that some output depends on."""
        calls = {call.id: call for call in self.calls}
        waiting = [ref.node for ref in self.outputs.values()]
        seen: set[str] = set()
        while waiting:
            node = waiting.pop()
            if node in seen:
                continue
            seen.add(node)
            if node in calls:
                waiting.extend(ref.node for ref in refs(calls[node]))
        return seen


def refs(call: Call) -> Iterator[Ref]:
    """Every tensor a call reads."""
    waiting: list[Operand] = [*call.inputs, *call.named.values()][::-1]
    while waiting:
        operand = waiting.pop()
        if isinstance(operand, Ref):
            yield operand
        elif isinstance(operand, tuple):
            waiting.extend(reversed(operand))


def objects(value: Any) -> Iterator[Object]:
    """Every ``Object`` inside a value, outer ones first."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Object):
            yield item
            waiting.extend(argument.value for argument in item.args.values())
        elif isinstance(item, Argument):
            waiting.append(item.value)
        elif isinstance(item, (list, tuple)):
            waiting.extend(item)
        elif isinstance(item, Mapping):
            waiting.extend(item.values())
