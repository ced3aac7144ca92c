"""Values written as YAML come back equal."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zoo.errors import Diagnostic
from zoo.spec import catalogue, emit, load, loads
from zoo.spec.nodes import plain
from zoo.spec.source import Source, parse


def back(text: str) -> Any:
    found: list[Diagnostic] = []
    node = parse(Source("t", text), found.append)
    assert not found, (text, found)
    return plain(node)


# what UTF-8 cannot hold, no spec can hold
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.sampled_from(
    [
        "",
        " ",
        "-",
        "- a",
        "---",
        "...",
        "?",
        "a: b",
        "a #b",
        "#",
        "no",
        "12:30",
        "014",
        "1e3",
        "~",
        "null",
        "=n",
        "= 1",
        "<<",
        "*a",
    ]
)
SCALARS = st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.floats(allow_nan=False) | TEXTS
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


@settings(deadline=None)
@given(st.dictionaries(TEXTS, VALUES, max_size=5))
def test_values_come_back(value: dict[str, Any]) -> None:
    assert back(emit.block(value) if value else "{}") == value


@settings(deadline=None)
@given(st.lists(VALUES, min_size=1, max_size=5))
def test_lists_come_back_on_one_line(value: list[Any]) -> None:
    assert back(emit.flow(value)) == value


@pytest.mark.parametrize("name", sorted(catalogue.paths()))
def test_every_spec_of_the_zoo_comes_back(name: str) -> None:
    spec = load(name)
    assert loads(spec.to_yaml()) == spec


WORD = """
spec: 1
name: t
params:
  word: {default: abc, doc: "a word, in quotes"}
  many: {default: [1]}
  rows: {default: {a: 1}}
  short: [1, 2]
  n: {default: 2, min: 1}
  twice: =2*n
inputs: {x: {shape: [4]}}
graph: {y: [x, Dense: {units: =n, name: ="'d_' + str(len(word))"}]}
outputs: {y: {loss: mse}}
""".replace("=\"'d_' + str(len(word))\"", "\"='d_' + str(len(word))\"")


@settings(max_examples=25, deadline=None)
@given(TEXTS, st.lists(SCALARS, max_size=4), st.dictionaries(TEXTS, SCALARS, max_size=3), st.integers(1, 9))
def test_an_overridden_spec_comes_back(word: str, many: list[Any], rows: dict[str, Any], n: int) -> None:
    spec = loads(WORD, word=word, many=many, rows=rows, short=many, n=n)
    again = loads(spec.to_yaml())
    assert again == spec
    assert again.params == {"word": word, "many": many, "rows": rows, "short": many, "n": n, "twice": 2 * n}
    assert again.to_yaml() == loads(again.to_yaml()).to_yaml()


def test_a_step_without_arguments_comes_back() -> None:
    text = WORD.replace("[x, ", "[x, Flatten:, ").replace("Flatten:,", "{Flatten: },")
    spec = loads(text, n=3)
    assert loads(spec.to_yaml()) == spec
