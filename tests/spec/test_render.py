"""How a report looks."""

from __future__ import annotations

import json
import re

import pytest

from zoo.errors import Diagnostic, Span
from zoo.spec import Report, check_text, rules
from zoo.spec.render import render

TEXT = """spec: 1
name: siamese_tweets
inputs: {tweet_a: {shape: [280, 256]}, tweet_b: {shape: [280, 256]}}
layers:
  encoder: {LSTM: 64}
graph:
  a: [tweet_a, encoder]
  same:
    - [tweet_b, encodr]
  b: [tweet_b, encodr]
  same_author: [[a, b], Concatenate, Dense: 1]
outputs: [same_author]
"""


def of(text: str, span: Span, message: str = "wrong", related: tuple[tuple[Span, str], ...] = ()) -> str:
    return str(
        Report((Diagnostic("G201", "error", message, span, "mend it", related),), {"t.yaml": text}, "t")
    )


def test_layout_is_designs() -> None:
    report = check_text(TEXT.replace("  same:\n    - [tweet_b, encodr]\n", ""), "siamese_tweets.yaml")
    assert (
        str(report)
        == """\
error[G201]: no layer, block or model is named `encodr`
  --> siamese_tweets.yaml:8:16
   |
 5 |   encoder: {LSTM: 64}
   |   ------- a similar name is declared here
 8 |   b: [tweet_b, encodr]
   |                ^^^^^^
   = help: did you mean `encoder`?        (zoo rule G201)

siamese_tweets: 1 error"""
    )


def test_json_has_designs_keys() -> None:
    found = json.loads(check_text(TEXT).to_json())
    assert list(found[0]) == [
        "code",
        "level",
        "message",
        "file",
        "line",
        "column",
        "end_line",
        "end_column",
        "help",
        "related",
    ]
    assert found[-1]["code"] == "G201" and found[-1]["related"][0]["line"] == 5


def test_clean_report() -> None:
    report = check_text(TEXT.replace("encodr", "encoder").replace("  same:\n    - [tweet_b, encoder]\n", ""))
    assert report.ok and str(report) == "siamese_tweets: no problems found"


def test_carets_count_the_columns_of_a_terminal() -> None:
    shown = of("価格: [本, x]\n", Span("t.yaml", 1, 9, 1, 10)).split("\n")
    assert shown[3] == " 1 | 価格: [本, x]" and shown[4] == "   | " + " " * 11 + "^"
    shown = of("価格: [本, x]\n", Span("t.yaml", 1, 6, 1, 7)).split("\n")
    assert shown[4] == "   | " + " " * 7 + "^^"


def test_long_lines_are_cut_around_the_caret() -> None:
    shown = of("x" * 300 + "HERE" + "y" * 300, Span("t.yaml", 1, 301, 1, 305)).split("\n")
    assert len(shown[3]) < 110 and shown[3].startswith(" 1 | …")
    assert shown[3][shown[4].index("^") :][:4] == "HERE" and shown[4].count("^") == 4


def test_nothing_reaches_the_terminal_but_text() -> None:
    shown = of("a: \x1b[31mred\u202e\n", Span("t.yaml", 1, 4, 1, 5), "bad \x1b[2J \u202e name\n")
    assert "\x1b" not in shown and "\u202e" not in shown and "\\x1b[2J" in shown


def test_places_outside_the_text_are_only_named() -> None:
    shown = of("a: 1\n", Span("t.yaml", 9, 1, 9, 2))
    assert "t.yaml:9:1" in shown and "^" not in shown
    assert "^" not in of("", Span("t.yaml", 1, 1, 1, 2))


def test_a_span_over_several_lines_marks_its_first() -> None:
    shown = of("graph:\n  y:\n    - x\n", Span("t.yaml", 2, 3, 3, 8)).split("\n")
    assert shown[3:5] == [" 2 |   y:", "   |   ^^"]


def test_line_breaks_are_those_of_yaml() -> None:
    shown = of("a: 1\x0c\r\nb: 2\u2028c: 3", Span("t.yaml", 3, 1, 3, 2)).split("\n")
    assert shown[3] == " 3 | c: 3"


def test_colour_is_only_on_demand() -> None:
    report = check_text(TEXT)
    assert "\x1b[1;31m" in render(report, colour=True) and "\x1b" not in render(report)


def _pointed_at(text: str) -> list[str]:
    rows = text.splitlines()
    marks = [(rows[number - 1], re.search(r"\| +(\^+)$", row)) for number, row in enumerate(rows)]
    return [above[mark.start(1) : mark.end(1)] for above, mark in marks if mark]


@pytest.mark.parametrize("code", [code for code in rules.codes() if not code.startswith("K")])
def test_a_terminal_of_eighty_columns(code: str) -> None:
    path = rules.example(code)
    report = check_text(path.read_text("utf-8"), file=path.name)
    narrow = render(report, width=80)
    for line in narrow.splitlines():
        # a label may stand behind what a line points at
        assert len(line) <= 80 or re.search(r"\| +-+ ", line), line
    for item in report.diagnostics:
        assert f"{item.message} {item.help}".split() == [
            word for word in f"{item.message} {item.help}".split() if word in narrow
        ]
    assert _pointed_at(narrow) == _pointed_at(render(report)) != []
