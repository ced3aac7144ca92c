"""Graph → pipes: chains where one tensor feeds one step, blocks where it feeds several that meet again.

A hop says, for each tensor, what follows it when nobody else looks at it: a step, or a whole block of arms
and the call they meet in. Tensors are visited from the last to the first, so a block finds its arms done. A
pipe is a walk along the hops, from a tensor that has a name to one that needs one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from zoo.build.lift.flows import Step, flowing, step_of
from zoo.spec.graph import Graph, Ref

MAX_NESTING = 3  # blocks in blocks: more is a highway across the network, easier to read with named tensors
MAX_STEPS = 60  # steps in one block


@dataclass(frozen=True, slots=True)
class Block:
    """Arms that start at one tensor and meet in one step; an empty arm is the tensor itself."""

    arms: tuple[tuple[Element, ...], ...]
    merge: Step
    steps: int
    nesting: int

    @property
    def is_residual(self) -> bool:
        """Whether it reads well as ``residual``: a short way, or none, then a longer one, added."""
        short = self.arms[0]
        return (
            len(self.arms) == 2
            and self.merge.layer.family == "layers"
            and self.merge.layer.head == "Add"
            and not self.merge.layer.shared
            and len(short) < len(self.arms[1])
            and all(isinstance(part, Step) for part in short)
        )


Element: TypeAlias = "Step | Block"


@dataclass(frozen=True, slots=True)
class Pipe:
    """A source, elements, and the node whose result the pipe's key names."""

    source: tuple[Ref, ...]
    elements: tuple[Element, ...]
    end: str


def pipes(graph: Graph) -> list[Pipe]:
    """The graph as pipes, in the order of its calls."""
    return _Pipes(graph).pipes()


class _Pipes:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.steps = {call.id: step_of(call, graph.layers[call.layer]) for call in graph.calls}
        self.flowing = flowing(graph)
        self.outputs = {ref.node for ref in graph.outputs.values()}
        self.readers: dict[str, list[Step]] = {name: [] for name in (*graph.inputs, *self.steps)}
        self.refs: dict[str, set[Ref]] = {name: set() for name in self.readers}
        for step in self.steps.values():
            for ref in dict.fromkeys((*step.flows, *step.named_refs())):
                self.refs[ref.node].add(ref)
                if step not in self.readers[ref.node][-1:]:
                    self.readers[ref.node].append(step)
        self.hops: dict[str, tuple[Element, str] | None] = {}
        for name in reversed(list(self.readers)):
            self.hops[name] = self._hop(name)

    def _hop(self, name: str) -> tuple[Element, str] | None:
        ref = self.flowing.get(name)
        if ref is None or name in self.outputs or self.refs[name] != {ref}:
            return None
        readers = self.readers[name]
        if len(readers) == 1:
            step = readers[0]
            return (step, step.call.id) if step.source == ref else None
        block = self._block(ref, readers)
        return (block, block.merge.call.id) if block else None

    def _block(self, ref: Ref, readers: list[Step]) -> Block | None:
        arms: dict[Ref, tuple[Element, ...]] = {}
        merges: list[Step] = []
        for reader in readers:
            if reader.source != ref:
                merges.append(reader)
                arms[ref] = ()
                continue
            elements, end = self._arm(reader)
            left = self.flowing.get(end)
            if left is None or end in self.outputs or self.refs[end] != {left} or len(self.readers[end]) != 1:
                return None
            arms[left] = elements
            merges.append(self.readers[end][0])
        merge = merges[0]
        if (
            any(other is not merge for other in merges)
            or len(merge.flows) != len(arms)
            or set(merge.flows) != set(arms)
        ):
            return None
        if any(found in arms for found in merge.named_refs()) or ref.node == merge.call.id:
            return None
        parts = [part for arm in arms.values() for part in arm]
        steps = 1 + sum(part.steps if isinstance(part, Block) else 1 for part in parts)
        nesting = 1 + max((part.nesting for part in parts if isinstance(part, Block)), default=0)
        if steps > MAX_STEPS or nesting > MAX_NESTING:
            return None
        return Block(tuple(arms[flow] for flow in merge.flows), merge, steps, nesting)

    def _arm(self, first: Step) -> tuple[tuple[Element, ...], str]:
        elements: list[Element] = [first]
        end = first.call.id
        while (hop := self.hops[end]) is not None and len(elements) <= MAX_STEPS:
            elements.append(hop[0])
            end = hop[1]
        return tuple(elements), end

    def pipes(self) -> list[Pipe]:
        found: list[Pipe] = []
        seen: set[str] = set()
        ends: set[str] = set(self.graph.inputs)
        for name in self.readers:
            if name in seen and name not in ends:
                continue
            if name in ends:
                if self.hops[name] is None:
                    continue
                pipe = self._walk((self.flowing[name],), [], name)
            else:
                step = self.steps[name]
                pipe = self._walk(step.flows, [step], name)
            seen.update(step.call.id for element in pipe.elements for step in steps_in(element))
            ends.add(pipe.end)
            found.append(pipe)
        return found

    def _walk(self, source: tuple[Ref, ...], elements: list[Element], end: str) -> Pipe:
        """Along the hops; a second block starts a pipe of its own, so that each has its name."""
        blocks = 0
        while (hop := self.hops[end]) is not None:
            if isinstance(hop[0], Block):
                blocks += 1
                if blocks > 1:
                    break
            elements.append(hop[0])
            end = hop[1]
        return Pipe(source, tuple(elements), end)


def steps_in(element: Element) -> Iterator[Step]:
    """Every step of an element."""
    waiting: list[Element] = [element]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Step):
            yield part
        else:
            yield part.merge
            waiting.extend(inner for arm in part.arms for inner in arm)
