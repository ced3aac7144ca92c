"""Warnings beyond what a report holds neither stop a spec nor hide its errors."""

from __future__ import annotations

from zoo.spec import check_text, loads
from zoo.spec.collect import MAX_FINDINGS

COUNT = MAX_FINDINGS + 50


def text(last: str) -> str:
    steps = "".join("    - BatchNormalization\n" for _ in range(COUNT))
    return (
        "spec: 1\nname: deep\ninputs: {x: {shape: [16, 8]}}\n"
        f"graph:\n  y:\n    - x\n{steps}    - {last}\noutputs: {{y: {{loss: mse}}}}\n"
    )


def test_many_warnings_do_not_stop_a_spec():
    assert len(loads(text("Dense: 1")).graph.layers) == COUNT + 1
    assert len(check_text(text("Dense: 1")).diagnostics) == MAX_FINDINGS + 1


def test_an_error_behind_them_is_told():
    report = check_text(text("Dens: 1"))
    assert [item.code for item in report.diagnostics if item.level == "error"] == ["S103"]
