"""Bad specs and what is said about them: ``CODE_slug.yaml`` here or among the rules' examples, the golden
``CODE_slug.txt`` here.

A first line ``# with units=64`` gives the overrides of the check. A message names the file without its
folder, so that no golden knows where the checkout lies.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from zoo.spec import Report, rules
from zoo.spec.check import examine
from zoo.spec.source import Source, decode

FOLDER = Path(__file__).resolve().parent


def cases() -> list[Path]:
    """Every bad spec, but for those of the codes that need Keras (``tests/tools/test_deep.py``)."""
    examples = [rules.example(code) for code in rules.codes() if not code.startswith("K")]
    return sorted([*FOLDER.glob("*.yaml"), *examples], key=lambda path: path.name)


def check(path: Path) -> Report:
    """What is wrong with a bad spec."""
    text, problem = decode(path.read_bytes(), path.name)
    if problem is not None:
        return Report((problem,), {path.name: ""}, path.name)
    with contextlib.chdir(path.parent):
        return examine(Source(path.name, text, Path(path.name)), overrides(text))[1]


def overrides(text: str) -> dict[str, str]:
    """The values that the first line of a case gives."""
    first = text.partition("\n")[0]
    given = first.removeprefix("# with ").split(", ") if first.startswith("# with ") else []
    return {name: value for name, _, value in (item.partition("=") for item in given)}


def golden(path: Path) -> Path:
    """Where the message of a case is kept."""
    return FOLDER / f"{path.stem}.txt"


def code(path: Path) -> str:
    """The code that a case is about."""
    return path.stem.partition("_")[0]
