"""YAML's traps (GRAMMAR.md): each is met with one finding, at its place, that says how to mend it."""

from __future__ import annotations

import pytest

from zoo.spec import check_text

HEAD = "spec: 1\nname: t\nparams: {n: 2, sizes: [8, 16]}\ninputs: {x: {shape: [4]}}\n"
TAIL = "\noutputs: {y: {loss: mse}}\n"


def one(graph: str, tail: str = TAIL) -> tuple[str, str, str]:
    """Code, message and help of the one finding."""
    report = check_text(f"{HEAD}graph:\n{graph}{tail}")
    assert len(report.diagnostics) == 1, str(report)
    found = report.diagnostics[0]
    assert found.span is not None and found.help
    return found.code, found.message, found.help


@pytest.mark.parametrize(
    ("step", "code", "mend"),
    [
        ("Dense: {units:64}", "S107", "`units: 64`"),
        ("Dense:64", "S107", "blank after the colon"),
        ("Dense: {units: =max(1, n)}", "S104", 'quote it: "=max(1, n)"'),
        ("Dense: {units: =max(1, n, 3), activation: relu}", "S104", 'quote it: "=max(1, n, 3)"'),
        ("Dense: =max(1, n)", "S104", 'quote it: "=max(1, n)"'),
        ("Dense: =sizes[0]", "Y104", "quote the whole expression"),
        ("Dense: ={1: 2}", "Y104", "quote the whole expression"),
        ("?Dense", "Y103", "`?` must be quoted"),
        ("*Dense", "Y103", "`*` must be quoted"),
        ("Dense: &d 4", "Y103", "`&` must be quoted"),
        ("Dense: !d 4", "Y103", "`!` must be quoted"),
        ("Dense: @d", "Y104", "quote the value"),
        ("Dense: `d`", "Y104", "quote the value"),
        ("Dense: %d", "Y104", "quote the value"),
        ("Dense: |", "Y104", "quote the value"),
        ("Dense: > 3", "Y104", "quote the value"),
    ],
)
def test_flow_style(step: str, code: str, mend: str) -> None:
    found = one(f"  y: [x, {step}]")
    assert found[0] == code and mend in found[2], found


@pytest.mark.parametrize(
    ("step", "code", "mend"),
    [
        ("Dense: ={1: 2}[1]", "Y104", "quote a text with `: `"),
        ("Dense: =max(1, 2 #3)", "S104", "quote the whole expression"),
        ("Dense: =n * #3", "S104", "quote the whole expression"),
        ("Dense: =n #3", "S104", "quote the whole expression"),
    ],
)
def test_block_style(step: str, code: str, mend: str) -> None:
    found = one(f"  y:\n    - x\n    - {step}")
    assert found[0] == code and mend in found[2], found


def test_comma_in_a_text() -> None:
    text = f"{HEAD}graph: {{y: [x, Dense: 3]}}{TAIL}".replace("n: 2", "n: {default: 2, doc: window, in rows}")
    report = check_text(text)
    assert [item.code for item in report.diagnostics] == [
        "S104",
    ] and "`window, in rows`" in str(report)


def test_colon_in_a_text() -> None:
    assert one("  y: [x, Dense: 3]", f"{TAIL}about: One model: small\n")[0] == "Y104"


@pytest.mark.parametrize(
    "step",
    [
        "Dense: =n % 3 + 1",
        "Dense: =3 if n > 1 else 4",
        'Dense: "=max(1, n)"',
        "Dense: '=sizes[0]'",
        "Dense: {units: 3, activation: ='relu' if n > 1 else None}",
    ],
)
def test_what_is_safe_in_flow_style(step: str) -> None:
    report = check_text(f"{HEAD}graph: {{y: [x, {step}]}}{TAIL}")
    assert report.ok, str(report)


@pytest.mark.parametrize(
    "step", ["Dense: =sizes[0]", "Dense: =max(1, n)", "Dense: =n # a comment", "Dense: =n  #"]
)
def test_what_is_safe_in_block_style(step: str) -> None:
    report = check_text(f"{HEAD}graph:\n  y:\n    - x\n    - {step}{TAIL}")
    assert not report.diagnostics, str(report)
