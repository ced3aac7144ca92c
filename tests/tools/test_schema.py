from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest

from zoo.spec import catalogue
from zoo.spec.nodes import plain
from zoo.spec.source import Source, parse
from zoo.spec.tools import schema
from zoo.spec.tools.fill import fill
from zoo.spec.tools.new import KINDS, new

LANGUAGE = Path(__file__).resolve().parents[3] / "shared" / "language"
SPECS = [*catalogue.paths().values(), *sorted(LANGUAGE.glob("*.yaml"))]


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft7Validator:
    jsonschema.Draft7Validator.check_schema(schema.schema())
    return jsonschema.Draft7Validator(schema.schema())


def problems(validator: jsonschema.Draft7Validator, text: str) -> list[tuple[str, str]]:
    found: Any = validator.iter_errors(plain(parse(Source("x", text), lambda diagnostic: None)))
    return [(".".join(map(str, item.absolute_path)), item.message) for item in found]


@pytest.mark.parametrize("path", SPECS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_spec_fits_filled_or_not(path: Path, validator: jsonschema.Draft7Validator):
    assert problems(validator, path.read_text()) == []
    assert problems(validator, fill(path).text) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_spec_fits(kind: str, validator: jsonschema.Draft7Validator):
    assert problems(validator, new(kind)) == []


GOOD = """\
spec: 1
name: x
inputs: {book: {shape: [10, 2]}}
graph:
  y: [book, STEP]
outputs: {y: {loss: mse}}
"""
BAD = [
    ("LSTM: {units: 3, return_sequence: true}", "graph.y.1.LSTM", "'return_sequence'"),
    ("Lstm: 3", "graph.y.1", "'Lstm'"),
    ("ops.subtrac: 1", "graph.y.1", "'ops.subtrac'"),
    (
        "Conv1D: {filters: 2, kernel_size: 2, padding: casual}",
        "graph.y.1.Conv1D.padding",
        "'casual' is not one of",
    ),
    ("LSTM: {units: '64'}", "graph.y.1.LSTM.units", "'64' is not of type 'integer'"),
    ("LSTM: {use_bias: true}", "graph.y.1.LSTM", "'units' is a required property"),
    ("Dense: {units: 3, activation: rellu}", "graph.y.1.Dense.activation", "'rellu' is not one of"),
    (
        "Dense: {units: 3, kernel_initializer: {HeNormal: {sed: 1}}}",
        "graph.y.1.Dense.kernel_initializer.HeNormal",
        "'sed'",
    ),
    ("repeat: {time: 3, do: [Flatten]}", "graph.y.1.repeat", "'time'"),
    ("LSTM: {units: 3, call: {initial_states: [y]}}", "graph.y.1.LSTM.call", "'initial_states'"),
]


@pytest.mark.parametrize(("step", "path", "said"), BAD, ids=[case[0] for case in BAD])
def test_a_mistake_is_named_where_it_is(
    step: str, path: str, said: str, validator: jsonschema.Draft7Validator
):
    found = problems(validator, GOOD.replace("STEP", step))
    assert [place for place, _ in found] == [path]
    assert said in found[0][1]
    assert problems(validator, GOOD.replace("STEP", "Dense: {units: =n, activation: =a}")) == []


def test_an_unknown_section_is_named(validator: jsonschema.Draft7Validator):
    assert (
        "'trainig' was unexpected"
        in problems(validator, GOOD.replace("STEP", "Flatten") + "trainig: {}\n")[0][1]
    )


def test_the_file_in_the_zoo_is_current():
    current = (catalogue.folder() / schema.FILE).read_text()
    assert current == schema.text(), "run python -m zoo.spec.tools.schema --write"


@pytest.mark.parametrize("path", catalogue.paths().values(), ids=lambda path: path.stem)
def test_every_spec_of_the_zoo_names_it(path: Path):
    target = catalogue.folder() / schema.FILE
    line = schema.modeline(path.parent, target)
    assert path.read_text().startswith(line), "run python -m zoo.spec.tools.schema --write"
    assert (path.parent / line.strip().partition("=")[2]).samefile(target)
