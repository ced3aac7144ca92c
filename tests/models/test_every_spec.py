"""What every spec of the zoo says of itself, and what is built of it at its published sizes.

A new file in `specs/` is tested by being there, here and in the files beside this one: `test_numbers` (saved,
imported, stored), `test_jax`, `test_training`. Where a proof does not need the published sizes it takes those
of `small.yaml`, which also holds what a model is excused from.
"""

from __future__ import annotations

from functools import cache

import keras
import pytest

import zoo
from tests.models import golden, small

NAMES = small.NAMES


@cache
def built(name: str) -> keras.Model:
    return zoo.build(zoo.load(name))


@pytest.mark.parametrize("name", NAMES)
def test_validates_clean(name: str) -> None:
    report = zoo.check(name)
    unexplained = [
        item for item in report.diagnostics if item.code not in zoo.load(name).lint and item.level != "note"
    ]
    assert not unexplained, str(report)


@pytest.mark.parametrize("name", NAMES)
def test_allows_nothing_that_is_not_found(name: str) -> None:
    found = {item.code for item in zoo.check(name).diagnostics}
    assert set(zoo.load(name).lint) <= found, "leave out what `lint` need not allow"


@pytest.mark.parametrize("name", NAMES)
def test_says_what_it_is(name: str) -> None:
    spec = zoo.load(name)
    assert spec.name == name
    assert spec.about.endswith(".")
    assert spec.tags
    assert spec.source.get("title")
    assert all(work.get("title") for work in spec.cite) and spec.cite
    assert spec.data, "a spec names data of its own, so that it trains with no file given"


@pytest.mark.parametrize("name", NAMES)
def test_is_built_as_its_golden_table_says(name: str) -> None:
    differs = golden.difference(name, built(name))
    assert not differs, differs


def test_every_golden_table_has_a_spec() -> None:
    assert sorted(item.stem for item in golden.FOLDER.glob("*.txt")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_has_the_published_number_of_weights(name: str) -> None:
    source, total = zoo.load(name).source, built(name).count_params()
    if source.get("difference"):
        assert source["parameters"] != total, "the numbers are equal: leave `source.difference` out"
    elif "parameters" in source:
        assert source["parameters"] == total, "say why in `source.difference`"


@pytest.mark.parametrize("name", NAMES)
def test_its_shapes_are_known_without_keras(name: str) -> None:
    spec = zoo.load(name)
    told = {output: spec.trace.shape(ref) for output, ref in spec.graph.outputs.items()}
    made = dict(zip(spec.outputs, (tensor.shape for tensor in built(name).outputs), strict=True))
    assert {output: shape for output, shape in told.items() if shape is not None} == {
        output: tuple(made[output]) for output, shape in told.items() if shape is not None
    }


def test_small_sizes_and_excuses_are_of_specs_and_say_why() -> None:
    for name, entry in small.entries().items():
        assert name in NAMES
        assert set(entry) <= set(small.KEYS), name
        assert not entry.get("no_gradient") or len(entry["no_gradient"]["reason"]) > 20, name
        assert len(entry.get("does_not_halve", "a reason that is long enough")) > 20, name
