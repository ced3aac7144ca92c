"""docs/language.md is what the language is: its listings validate, its tables are the code's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

import zoo
from zoo.cli.main import cli
from zoo.spec import data_section, params, provenance, recipe_values, rules, sections, toys
from zoo.spec.expression_values import FUNCTIONS
from zoo.spec.lower import blocks, inputs, pipes, submodels

PAGE = Path(__file__).resolve().parents[2] / "docs" / "language.md"
TEXT = PAGE.read_text(encoding="utf-8")
LISTINGS = re.findall(r"^```yaml\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)

TABLES: dict[str, Iterable[str]] = {
    "the spec": sections.SECTIONS,
    "source": provenance.SOURCE_KINDS,
    "cite, each entry": provenance.CITE_REQUIRED,
    "lint": ("allow",),
    "params.NAME": params.KEYS,
    "inputs.NAME": inputs.KEYS,
    "models.NAME": submodels.KEYS,
    "blocks.NAME": blocks.KEYS,
    "outputs.NAME": sections.OUTPUT_KEYS,
    "data": data_section.DATA_KEYS,
    **{f"data.{name}": keys for name, keys in data_section.DATA_INNER.items()},
    **{f"data.{name}.NAME": keys for name, keys in data_section.DATA_NAMED.items()},
    "training": sections.TRAINING_KINDS,
}


# What the page says of a mistake: a line of YAML on the page → its code.
MISTAKES = {
    "{units: =max(1, n)}": "S104",
    "{units: =k[0]}": "Y104",
    "{doc: rows, then columns}": "S104",
    "about: note: this": "Y104",
    "units: =n * #2": "S104",
    "{units:64}": "S107",
    "[x, Dense:64]": "S107",
    "*name": "Y103",
    "[[x, [y, Dense: 1]], Add]": "S107",
}
SPEC = """spec: 1
name: wrong
params: {{n: 4, k: {{default: [1, 2]}}}}
inputs: {{x: {{shape: [4]{doc}}}, y: {{shape: [4]}}}}
{about}
graph:
  pipe: {pipe}
  layer: {layer}
outputs: [pipe, layer]
"""


def prose_before_the_tables() -> str:
    return re.sub(r"^```.*?^```$", "", TEXT, flags=re.MULTILINE | re.DOTALL).split("## All sections")[0]


def words_in_code(text: str) -> set[str]:
    return {word for code in re.findall(r"`([^`]+)`", text) for word in re.findall(r"\w+", code)}


@pytest.mark.parametrize("listing", LISTINGS, ids=lambda text: re.search(r"^name: (\w+)", text, re.M)[1])
def test_every_listing_is_a_whole_spec_without_a_finding(listing: str):
    report = zoo.check_text(listing)
    assert [item for item in report.diagnostics if item.level != "note"] == [], str(report)


def test_no_yaml_escapes_the_check():
    assert len(LISTINGS) == len(re.findall(r"^ *```ya?ml", TEXT, re.MULTILINE)) > 0


def test_the_tables_at_the_end_are_the_codes():
    rows = re.findall(r"^\| `([^`]+)` \| (.*) \|$", TEXT.split("## All sections and keys\n")[1], re.MULTILINE)
    assert {name: re.findall(r"`(\w+)`", keys) for name, keys in rows} == {
        name: list(keys) for name, keys in TABLES.items()
    }


def test_every_key_is_explained_above_the_tables():
    explained = words_in_code(prose_before_the_tables())
    assert {key for keys in TABLES.values() for key in keys} - explained == set()


def test_every_verb_word_and_toy_is_named():
    named = words_in_code(prose_before_the_tables())
    choices = {word for words in recipe_values.CHOICES.values() for word in words}
    assert ({*pipes.VERBS, "each", "call"} | choices | set(FUNCTIONS)) - named == set()
    assert {name for kind in toys.TOYS.values() for name in kind} - named == set()


def test_every_verb_is_shown_in_a_listing():
    shown = "\n".join(LISTINGS)
    assert [verb for verb in (*pipes.VERBS, "each", "call") if not re.search(rf"\b{verb}:", shown)] == []


def test_every_code_command_and_option_exists():
    assert set(re.findall(r"\b[A-Z]\d{3}\b", TEXT)) <= set(rules.codes())
    for name, rest in re.findall(r"`zoo ([a-z-]+)([^`]*)`", TEXT):
        assert name in cli.commands
        options = {text for option in cli.commands[name].params for text in option.opts}
        assert set(re.findall(r"--[a-z-]+", rest)) <= options


@pytest.mark.parametrize("written", MISTAKES)
def test_a_mistake_on_the_page_has_the_code_that_it_names(written: str):
    assert f"`{written}`" in TEXT
    parts = {"doc": "", "about": "", "pipe": "[[x, y], Add, Dense: 1]", "layer": "[x, Dense: 1]"}
    if written.startswith("{doc"):
        parts["doc"] = ", " + written[1:-1]
    elif written.startswith("about"):
        parts["about"] = written
    elif written.startswith("["):
        parts["pipe"] = written
    elif written.startswith("units"):
        parts["layer"] = f"\n    - x\n    - Dense:\n        {written}"
    else:
        parts["layer"] = f"[x, Dense: {written}]"
    assert MISTAKES[written] in {item.code for item in zoo.check_text(SPEC.format(**parts)).diagnostics}


def test_every_link_leads_somewhere():
    anchors = {
        re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-")
        for title in re.findall(r"^## (.*)$", TEXT, re.MULTILINE)
    }
    for target in re.findall(r"\]\(([^)]+)\)", TEXT):
        assert target[1:] in anchors if target[0] == "#" else (PAGE.parent / target).is_file(), target


def test_the_readme_leads_to_the_page(root: Path):
    assert "(docs/language.md)" in (root / "README.md").read_text(encoding="utf-8")
