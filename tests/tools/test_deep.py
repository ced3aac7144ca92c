"""What Keras itself says: the goldens of tests/invalid/deep."""

from __future__ import annotations

from pathlib import Path

import pytest

from zoo.build.deep import check_deep, check_source
from zoo.spec import rules
from zoo.spec.source import Source

GOLDEN = Path(__file__).resolve().parents[1] / "invalid" / "deep"
CASES = [rules.example(code) for code in rules.codes() if code.startswith("K")]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_keras_is_translated(path: Path):
    report = check_source(Source(path.name, path.read_text()))
    assert not report.ok
    assert f"{report}\n" == (GOLDEN / f"{path.stem}.txt").read_text()


def test_a_good_spec_stays_clean():
    assert check_deep("siamese_tweets").diagnostics == ()


def test_static_errors_are_told_without_a_build():
    report = check_source(Source("x", "spec: 1\nname: x\n"))
    assert {item.code for item in report.diagnostics} == {"S105"}
