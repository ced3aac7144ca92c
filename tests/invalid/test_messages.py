"""Every code has bad specs and golden messages; every rule's docstring is a page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.invalid import golden
from zoo.spec import rules

CASES = golden.cases()
EXAMPLES = Path(rules.__file__).parent / "examples"


@pytest.mark.parametrize("path", CASES, ids=[path.stem for path in CASES])
def test_message_is_the_golden_one(path: Path) -> None:
    kept = golden.golden(path)
    assert kept.exists(), f"{kept.name} is missing: read `python -m tests.invalid`, then add --write"
    assert f"{golden.check(path)}\n" == kept.read_text("utf-8")


@pytest.mark.parametrize("path", CASES, ids=[path.stem for path in CASES])
def test_case_is_about_its_code_alone(path: Path) -> None:
    report = golden.check(path)
    assert {item.code for item in report.diagnostics} == {golden.code(path)}, str(report)
    for item in report.diagnostics:
        assert item.span is None or item.span.file.endswith(".yaml")
        assert not item.message.endswith(".") and "\n" not in item.message


@pytest.mark.parametrize("code", rules.codes())
def test_code_has_a_golden_message(code: str) -> None:
    examples = sorted(path.name for path in EXAMPLES.glob(f"{code}_*"))
    assert len(examples) == 1, f"zoo/spec/rules/examples needs one {code}_*.yaml, this code's example"
    # deep/ holds the messages of those that need Keras; tests/tools/test_deep.py reads them
    kept = golden.FOLDER / "deep" if code.startswith("K") else golden.FOLDER
    assert (kept / examples[0]).with_suffix(".txt").exists()


def test_no_example_is_left_over() -> None:
    assert {golden.code(path) for path in EXAMPLES.iterdir()} == set(rules.codes())


def test_no_golden_is_left_over() -> None:
    texts = {path.stem for path in golden.FOLDER.glob("*.txt")}
    assert texts == {path.stem for path in CASES}


@pytest.mark.parametrize("code", rules.codes())
def test_page_has_its_sections(code: str) -> None:
    page = rules.page(code)
    assert re.match(rf"# {code}: \S", page), "the page begins with its title"
    places = [
        page.find(f"\n\n{section}") for section in ("What it does:", "Why it is bad:", "Example:", "Instead:")
    ]
    assert -1 not in places and places == sorted(places), "a page has its four sections, in their order"
    example = page[page.index("\n\nExample:") : page.index("\n\nInstead:")]
    assert re.search(r"^    \S", example, re.MULTILINE), "the example is indented by four"
    assert rules.module(code).RULE.code == code
