"""Small specs for the tests of lowering, and a graph as lines of text."""

from __future__ import annotations

from zoo.spec import Graph, loads
from zoo.spec.graph import Const, Operand, Ref


def lowered(
    graph: str, *, before: str = "", inputs: str = "{x: {shape: [9, 4]}}", outputs: str = "[y]"
) -> Graph:
    """The graph of a spec whose mistakes, warnings included, fail the test."""
    spec = loads(document(graph, before=before, inputs=inputs, outputs=outputs))
    assert not [item for item in spec.diagnostics if item.code[0] != "D"], spec.diagnostics
    return spec.graph


def document(
    graph: str, *, before: str = "", inputs: str = "{x: {shape: [9, 4]}}", outputs: str = "[y]"
) -> str:
    """The text of a small spec."""
    body = "".join(f"  {line}\n" for line in graph.strip("\n").split("\n"))
    return f"spec: 1\nname: t\n{before}\ninputs: {inputs}\ngraph:\n{body}outputs: {outputs}\n"


def lines(graph: Graph) -> list[str]:
    """One line a call: ``id = Head(inputs, name=operand)``; outputs last."""
    found = []
    for call in graph.calls:
        layer = graph.layers[call.layer]
        operands = [show(item) for item in call.inputs]
        operands += [f"{name}={show(item)}" for name, item in call.named.items()]
        found.append(f"{call.id} = {layer.head}({', '.join(operands)})")
    return [*found, "-> " + ", ".join(f"{name}: {show(ref)}" for name, ref in graph.outputs.items())]


def show(operand: Operand) -> str:
    """An operand in short: ``enc.1``, ``[a, b]``, ``1.0``."""
    if isinstance(operand, Ref):
        return operand.node if operand.index is None else f"{operand.node}.{operand.index}"
    if isinstance(operand, Const):
        return str(operand.value)
    return f"[{', '.join(show(item) for item in operand)}]"
