"""The script of the course's examples and the vignette that explains them hold the same specs."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def inline_specs(file: str) -> dict[str, str]:
    text = (ROOT / file).read_text(encoding="utf-8")
    return dict(re.findall(r"^(\w+) <- '\n(.*?)'$", text, flags=re.S | re.M))


def test_script_and_vignette_hold_the_same_specs():
    in_script = inline_specs("examples/course.R")
    assert set(in_script) == {"hrnn", "headline", "tweets", "inception", "residual", "digits", "video"}
    assert in_script == inline_specs("r_bridge/speczoo/vignettes/functional-api.Rmd")
