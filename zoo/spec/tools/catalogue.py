"""``docs/rules.md``: every rule's page under one another, made from the rules' own docstrings."""

from __future__ import annotations

import sys
from pathlib import Path

from zoo.spec import rules
from zoo.spec.tools import generated

TARGET = Path(__file__).resolve().parents[3] / "docs" / "rules.md"
_FAMILIES = {
    "D": "data and time",
    "E": "extends and use",
    "G": "graph and shapes",
    "K": "Keras itself (--deep)",
    "O": "outputs and losses",
    "P": "parameters",
    "S": "signatures",
    "T": "training",
    "Y": "YAML",
}
_HEAD = """\
# The codes of `zoo validate`

Made by `python -m zoo.spec.tools.catalogue --write` from the rules in `zoo/spec/rules/`; change a page there.
`zoo rule CODE` prints one. A warning, or a rule about time, is allowed in a spec with a reason:
`lint: {allow: {D301: "as published"}}`.
"""


def text() -> str:
    """The whole page."""
    codes = rules.codes()
    parts = [_HEAD, "| code | level | what it catches |\n|---|---|---|\n" + "".join(map(_row, codes))]
    for letter, about in _FAMILIES.items():
        own = [code for code in codes if code.startswith(letter)]
        if own:
            parts.append(f"## {letter}: {about}\n")
            parts += [f"##{rules.page(code)}\n" for code in own]
    return "\n".join(parts)


def _row(code: str) -> str:
    title = rules.page(code).partition("\n")[0].partition(": ")[2]
    anchor = "".join(
        char for char in f"{code}: {title}".lower().replace(" ", "-") if char.isalnum() or char in "-_"
    )
    return f"| [{code}](#{anchor}) | {rules.module(code).RULE.level} | {title} |\n"


def main(arguments: list[str]) -> int:
    """``python -m zoo.spec.tools.catalogue --write | --check``."""
    return generated.run(arguments, "zoo.spec.tools.catalogue", TARGET, text, "rules")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
