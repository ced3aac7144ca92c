"""Keep ``zoo/spec/signatures.json`` what Keras is: ``python -m zoo.build.signatures --write|--check``.

The front end of the compiler imports no Keras: all it knows of layers, ops, losses and so on is this table.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

TABLE = Path(__file__).parents[1] / "spec" / "signatures.json"
SECTIONS = ("families", "aliases", "refused")


def render(table: Mapping[str, Any]) -> str:
    """The table as text: one line a class, so that a change in Keras reads well in a diff."""
    sections = (f'"{section}": {{\n{_groups(table[section])}\n}}' for section in SECTIONS)
    return "{\n" + ",\n".join((f'"keras": {json.dumps(table["keras"])}', *sections)) + "\n}\n"


def _groups(groups: Mapping[str, Mapping[str, Any]]) -> str:
    lines = []
    for group, rows in groups.items():
        body = (f"{json.dumps(name)}:{json.dumps(row, separators=(',', ':'))}" for name, row in rows.items())
        lines.append(f'"{group}": {{\n' + ",\n".join(body) + "\n}")
    return ",\n".join(lines)


def drift(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """What differs between two tables, a line each."""
    found = [] if old.get("keras") == new["keras"] else [f"Keras {old.get('keras')} became {new['keras']}"]
    for section in SECTIONS:
        before, after = old.get(section, {}), new[section]
        for group in sorted({*before, *after}):
            found += [
                f"{section}/{group}: {line}" for line in _changes(before.get(group, {}), after.get(group, {}))
            ]
    return found


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    words = []
    for name in sorted({*before, *after}):
        if name not in before:
            words.append(f"{name} is new")
        elif name not in after:
            words.append(f"{name} is gone")
        elif before[name] != after[name]:
            words.append(f"{name} was {json.dumps(before[name])}, is {json.dumps(after[name])}")
    return words


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check the table; the exit status is 1 when it has drifted."""
    parser = argparse.ArgumentParser(prog="python -m zoo.build.signatures", description=__doc__)
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--write", action="store_true", help="write the table")
    action.add_argument("--check", action="store_true", help="exit 1 when the table has drifted from Keras")
    options = parser.parse_args(arguments)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from zoo.build.signature_scan import collect

    table = collect()
    text = render(table)
    if options.write:
        TABLE.write_text(text, encoding="utf-8")
        return 0
    current = TABLE.read_text(encoding="utf-8") if TABLE.exists() else "{}"
    if text == current:
        return 0
    lines = drift(json.loads(current), table) or ["the layout of the file differs"]
    lines.append("mend it with: python -m zoo.build.signatures --write")
    print(f"{TABLE.name} is not what the installed Keras gives:", *lines, sep="\n  ", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
