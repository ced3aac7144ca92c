from __future__ import annotations

from zoo.spec import rules
from zoo.spec.tools import catalogue


def test_the_page_is_current():
    assert catalogue.main(["--check"]) == 0, "run python -m zoo.spec.tools.catalogue --write"


def test_every_code_has_its_page_and_its_family():
    text = catalogue.text()
    assert all(f"### {code}: " in text and f"| [{code}](#" in text for code in rules.codes())
