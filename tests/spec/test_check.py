"""The front end as a whole: any text gives a report, mistakes are told once, the same text is the same graph."""  # noqa: E501

from __future__ import annotations

import json
import random
import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.spec.lowering import document
from zoo.errors import SpecError, ZooError
from zoo.spec import Report, catalogue, check, check_text, load, loads
from zoo.spec.check import examine
from zoo.spec.graph import Const, Graph, Operand, Ref
from zoo.spec.source import Source, decode

HERE = Path(__file__).resolve().parent
SHARED = HERE.parent.parent.parent / "shared" / "language"


@cache
def texts() -> tuple[str, ...]:
    """The zoo's specs, and the reference specs where they are."""
    files = [*catalogue.paths().values(), *(sorted(SHARED.glob("*.yaml")) if SHARED.is_dir() else ())]
    return tuple(file.read_text("utf-8") for file in files)


def reported(text: str) -> Report:
    """The report of any text, rendered in every form; what a clean report promises is checked."""
    spec, report = examine(Source("t.yaml", text), {})
    assert str(report) and isinstance(json.loads(report.to_json()), list)
    if report.ok:
        assert spec is not None and list(spec.outputs) == list(spec.graph.outputs) != []
        assert examine(Source("t.yaml", text), {})[0] == spec, "lowering is deterministic"
    return report


@settings(deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    text, problem = decode(data, "t.yaml")
    assert problem is not None or reported(text)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    assert reported(text)


TOKEN = re.compile(r"[\w.=*']+|[\[\]{}:,#-]|\s+|.")
WORDS = [
    *(
        "null",
        "[]",
        "{}",
        "''",
        "=",
        "=n",
        "=1/0",
        "_",
        "_.0",
        "x.h",
        "-1",
        "1e400",
        ".nan",
        "=[1,2][5]",
        "=None",
        "true",
    ),
    *(
        "as",
        "at",
        "branch",
        "residual",
        "repeat",
        "each",
        "when",
        "do",
        "for",
        "in",
        "times",
        "carry",
        "collect",
        "call",
    ),
    *(
        "ops.add",
        "ops.split",
        "Dense",
        "LSTM",
        "Bidirectional",
        "TimeDistributed",
        "{a: 1}",
        "[[]]",
        "=range(5)",
        "1e9",
    ),
    *(
        "name",
        "layer",
        "from",
        "default",
        "min",
        "tune",
        "choices",
        "type",
        "use",
        "inputs",
        "outputs",
        "graph",
        "test",
    ),
]


@st.composite
def mutations(draw: st.DrawFn) -> str:
    """A spec with a few lines or tokens deleted, doubled, swapped, replaced or moved."""
    text = draw(st.sampled_from(texts()))
    for _ in range(draw(st.integers(1, 4))):
        by_line = draw(st.booleans())
        parts = text.split("\n") if by_line else TOKEN.findall(text)
        if not parts:
            break
        first, second = draw(st.integers(0, len(parts) - 1)), draw(st.integers(0, len(parts) - 1))
        how = draw(st.sampled_from(["delete", "double", "swap", "word", "indent"]))
        if how == "delete":
            del parts[first]
        elif how == "double":
            parts.insert(second, parts[first])
        elif how == "swap":
            parts[first], parts[second] = parts[second], parts[first]
        elif how == "word":
            parts[first] = draw(st.sampled_from(WORDS))
        else:
            parts[first] = " " * draw(st.integers(0, 5)) + parts[first].lstrip()
        text = ("\n" if by_line else "").join(parts)
    return text


@settings(max_examples=150, deadline=None)
@given(mutations())
def test_any_mutation_of_a_spec_is_read_or_refused(text: str) -> None:
    assert reported(text)


FOUND = sorted((HERE / "found").glob("*.yaml"))


@pytest.mark.parametrize("path", FOUND, ids=[path.stem for path in FOUND])
def test_what_once_broke_the_front_end(path: Path) -> None:
    assert reported(path.read_text("utf-8"))


FIVE = """
spec: 1
name: t
params: {units: {default: 8, min: 1}}
inputs: {book: {shape: [100, 20]}}
layers: {encoder: {LSTM: {units: =unit}}}
graph:
  code: [book, encoder]
  side: [bok, GRU: 3]
  move: [[code, side], Concatenate, Dens: 3]
outputs: {move: {loss: mse, metrics: [mae]}}
training: {optimiser: adam, callbacks: [EarlyStopping: {monitor: val_mse}]}
"""


def test_five_mistakes_are_five_findings() -> None:
    report = check_text(FIVE)
    assert [item.code for item in report.diagnostics] == ["P102", "G101", "S103", "S106", "T101"], str(report)


OTHER_FIVE = """
spec: 1
name: t
inputs: {book: {shape: [100, 0]}, side: {shape: [5]}}
blocks: {cell: {params: {width: 4}, do: [Dense: =width, LSTM: {units: =width, return_sequence: true}]}}
graph:
  code: [book, cell: {widht: 3}]
  move: [[code, side], Concatenate, Dense: {units: '3'}]
outputs: [move]
loss: [mse, mae]
"""


def test_five_others_are_five_findings() -> None:
    report = check_text(OTHER_FIVE)
    assert sorted(item.code for item in report.diagnostics) == ["O103", "P104", "S101", "S102", "S102"], str(
        report
    )


@pytest.mark.parametrize("number", range(len(texts())))
def test_the_order_of_pipes_does_not_matter(number: int) -> None:
    text = texts()[number]
    lines = text.split("\n")
    start = next(index for index, line in enumerate(lines) if line.startswith("graph:")) + 1
    stop = next(
        index for index in range(start, len(lines) + 1) if index == len(lines) or lines[index][:1].strip()
    )
    heads = [index for index in range(start, stop) if re.match(r"  \S", lines[index])]
    entries = [lines[a:b] for a, b in zip(heads, [*heads[1:], stop], strict=True)]
    random.Random(number).shuffle(entries)
    shuffled = "\n".join([*lines[: heads[0]], *(line for entry in entries for line in entry), *lines[stop:]])
    before, after = examine(Source("t", text), {})[0], examine(Source("t", shuffled), {})[0]
    assert before is not None and after is not None
    assert before.graph.layers == after.graph.layers
    assert list(before.graph.outputs) == list(after.graph.outputs)
    assert meanings(before.graph) == meanings(after.graph)


def meanings(graph: Graph) -> list[int]:
    """What each output computes, whatever the order of the calls: layers applied to layers applied to inputs."""  # noqa: E501
    known: dict[Operand | str, int] = {name: hash(name) for name in graph.inputs}

    def meaning(operand: Operand) -> int:
        if isinstance(operand, Ref):
            return hash((known[operand.node], operand.index))
        if isinstance(operand, Const):
            return hash(str(operand.value))
        return hash(tuple(meaning(item) for item in operand))

    for call in graph.calls:
        named = sorted((name, meaning(operand)) for name, operand in call.named.items())
        known[call.id] = hash((call.layer, tuple(meaning(item) for item in call.inputs), tuple(named)))
    return [meaning(ref) for ref in graph.outputs.values()]


def test_load_and_loads_raise_with_the_whole_report() -> None:
    with pytest.raises(SpecError) as caught:
        loads(FIVE)
    assert len(caught.value.diagnostics) == 5 and "T101" in str(caught.value)
    with pytest.raises(ZooError):
        load("no_such_model")
    with pytest.raises(TypeError):
        loads(b"spec: 1")  # type: ignore[arg-type]


def test_check_of_a_file_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_bytes(b"\xff\xfe\x00")
    report = check(path)
    assert not report.ok and str(path) in str(report)
    path.write_text(FIVE, "utf-8")
    assert {item.span.file for item in check(path).diagnostics if item.span} == {str(path)}


def test_a_report_ends_after_so_many_findings() -> None:
    pipes = "\n".join(f"t{number}: [nothing_{number}, Dens: 3]" for number in range(500))
    report = check_text(document(f"{pipes}\ny: [x, LSTM: 1]"))
    assert len(report.diagnostics) == 201 and report.diagnostics[-1].level == "note"
    assert not report.ok


def test_mistakes_outside_the_graph_are_told_when_the_graph_cannot_be_read() -> None:
    report = check_text(
        "spec: 1\nname: [a]\ninputs: [x]\ngraph: [x]\noutputs: [y]\ntraining: adam\ndata: orderbook\n"
    )
    assert [item.span.line for item in report.diagnostics if item.span] == [2, 3, 4, 6, 7]
