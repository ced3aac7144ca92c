from __future__ import annotations

from pathlib import Path

import pytest

from zoo.errors import SpecError
from zoo.spec import load, loads
from zoo.spec.catalogue import paths
from zoo.spec.source import Source
from zoo.spec.tools.diff import diff
from zoo.spec.tools.fill import fill, fill_text
from zoo.spec.tools.fmt import format_text

LANGUAGE = Path(__file__).resolve().parents[3] / "shared" / "language"
SPECS = [*paths().values(), *sorted(LANGUAGE.glob("*.yaml"))]


@pytest.mark.parametrize("path", SPECS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_filled_spec_means_the_same(path: Path):
    found = fill(path)
    filled = loads(found.text)
    assert diff(load(path), filled).same
    assert filled.trace.parameters == load(path).trace.parameters
    assert format_text(found.text) == found.text
    again = fill_text(Source("<text>", found.text))
    assert again.text == found.text and not again.added, "nothing is left to fill"


TEXT = """\
spec: 1
name: x
params: {deep: true}
inputs: {book: {shape: [10, 2]}}  # the book
graph:
  a:
    - book
    - TimeDistributed: {Dense: 4}  # short form
    - Dense:
        units: 3  # three
    - when: {test: =deep, do: [Flatten], else: [GlobalAveragePooling1D]}
  y: [a, ops.add: {x2: 1.0}, Dense: 1]
outputs: {y: {loss: mse}}
training: {optimizer: adam}
"""


def test_comments_stay_and_short_forms_open():
    filled = fill_text(Source("x.yaml", TEXT)).text
    for line in ["# the book", "# short form", "units: 3  # three", "layer:", "ops.add: {x2: 1.0}"]:
        assert line in filled
    assert "else: [GlobalAveragePooling1D]" in filled, "an arm that nothing reaches stays"
    assert loads(filled).training["optimizer"]["Adam"]["beta_1"] == 0.9


def test_under_extends_nothing_is_deleted(tmp_path: Path):
    (tmp_path / "base.yaml").write_text(
        "spec: 1\nname: base\ninputs: {x: {shape: [4]}}\n"
        "graph: {y: [x, Dense: 2]}\noutputs: {y: {loss: mse}}\n"
    )
    child = tmp_path / "child.yaml"
    child.write_text("spec: 1\nname: child\nextends: base\ngraph: {y: [x, Dense: 3]}\n")
    filled = fill(child)
    assert "kernel_regularizer: =None" in filled.text and "null" not in filled.text
    child.write_text(filled.text)
    assert load(child).graph.layers["y"].values["units"] == 3


def test_a_spec_with_errors_is_not_filled():
    with pytest.raises(SpecError):
        fill_text(Source("x.yaml", TEXT.replace("units: 3", "unitz: 3")))
