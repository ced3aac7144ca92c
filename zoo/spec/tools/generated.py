"""The command of a generated file: ``--write`` makes it, ``--check`` says whether it still is as made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path


def run(arguments: list[str], module: str, target: Path, text: Callable[[], str], source: str) -> int:
    """One call of ``python -m MODULE --write | --check``; returns its exit status.

    Args:
        arguments: of the command line.
        module: the command's own name.
        target: the generated file.
        text: makes what belongs in it.
        source: what it is made from, in the plural.
    """
    if arguments == ["--write"]:
        target.parent.mkdir(exist_ok=True)
        target.write_text(text(), encoding="utf-8")
        return 0
    if arguments != ["--check"]:
        print(f"usage: python -m {module} --write | --check")
        return 2
    if target.is_file() and target.read_text(encoding="utf-8") == text():
        return 0
    print(f"{Path(*target.parts[-2:])} is not what the {source} say: run python -m {module} --write")
    return 1
