from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from zoo.build.picture import dot, plot
from zoo.spec import load, loads
from zoo.spec.catalogue import paths
from zoo.spec.tools.draw import mermaid, rails

LANGUAGE = Path(__file__).resolve().parents[3] / "shared" / "language"
SPECS = [*paths().values(), *sorted(LANGUAGE.glob("*.yaml"))]
TWICE = """\
spec: 1
name: twice
inputs: {a: {shape: [4]}, b: {shape: [4]}}
models:
  enc:
    inputs: {x: {shape: [4]}}
    graph: {code: [x, Dense: 3]}
    outputs: {code: {}}
graph:
  one: [a, enc]
  two: [b, enc]
  y: [[one, two], Concatenate, Dense: 2]
outputs: {y: {loss: mse}}
"""


@pytest.mark.parametrize("path", SPECS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_layer_is_drawn(path: Path):
    spec = load(path)
    reached = spec.graph.reached()
    drawings = (rails(spec, 500), mermaid(spec), dot(spec))
    for call in spec.graph.calls:
        if call.id in reached:
            assert all(call.layer in drawing for drawing in drawings)


def test_rails_of_a_shared_submodel():
    assert (
        rails(loads(TWICE), 60)
        == """\
twice: 29 parameters
○    a  4 float32
│ ○  b  4 float32
● │  enc  model → 3  (shared, call 1 of 2)
│ ●  enc  model → 3  (shared, call 2 of 2)
├─╯
●    y__concatenate_1  Concatenate → 6
◆    y  Dense 2 → 2  [output]

model enc
  ○  x  4 float32
  ◆  code  Dense 3 → 3  [output]
"""
    )


def test_rails_fit_a_narrow_terminal_and_ascii():
    text = rails(load("inception_lob"), 60, ascii=True)
    assert text.isascii()
    assert max(map(len, text.splitlines())) <= 60


def test_shapes_stand_on_the_edges():
    spec = loads(TWICE)
    assert "n0 -->|4| n2" in mermaid(spec) and "same weights" in mermaid(spec)
    assert 'subgraph model_0 ["model enc"]' in mermaid(spec)
    assert '"a" -> "enc" [label=" 4", id="node-a|node-enc"]' in dot(spec)
    assert 'label=" same weights"' in dot(spec) and 'label="model enc"' in dot(spec)


def test_mermaid_is_written_by_its_ending(tmp_path: Path):
    target = plot(loads(TWICE), tmp_path / "twice.mmd")
    assert target.read_text() == mermaid(loads(TWICE))
    assert list(tmp_path.iterdir()) == [target]


def test_a_wrapped_submodel_is_drawn_and_shares_its_weights():
    text = TWICE.replace("a: {shape: [4]}", "a: {shape: [5, 4]}").replace(
        "one: [a, enc]", "one: [a, TimeDistributed: enc, Flatten]"
    )
    spec = loads(text)
    assert "(shared, call 1 of 2)" in rails(spec) and "\nmodel enc\n" in rails(spec)
    assert 'label="model enc"' in dot(spec)
    assert '"one__time_distributed_1" -> "enc" [dir=none' in dot(spec)


def test_an_svg_shows_the_whole_drawing(tmp_path: Path):
    svg = ElementTree.parse(plot(loads(TWICE), tmp_path / "twice.svg")).getroot()
    width, height = (float(svg.attrib[name].removesuffix("pt")) for name in ("width", "height"))
    seen = [float(number) for number in svg.attrib["viewBox"].split()]
    assert seen == pytest.approx([0, 0, width, height], abs=1)


def test_a_large_graph_is_drawn_without_sizes_on_its_edges():
    deep = TWICE.replace("Dense: 2]", "repeat: {times: 200, do: [Dense: 2]}]")
    assert "mclimit" in dot(loads(deep)) and 'label=" 2"' not in dot(loads(deep))
    assert "mclimit" not in dot(loads(TWICE))
