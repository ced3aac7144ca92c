"""``zoo schema``: a JSON Schema of the language for editors, made from the signature table.

It is written so that a validator names the mistake: no ``anyOf`` between a step's forms, classes as closed
maps, and ``if`` only to let expressions pass. What a schema cannot know (names a spec declares, shapes) is
left to `zoo validate`.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from zoo.spec import catalogue
from zoo.spec.tools.schema_parts import Schema
from zoo.spec.tools.schema_sections import sections
from zoo.spec.tools.schema_steps import definitions

FILE = "zoo.schema.json"


def schema() -> Schema:
    """The schema of a whole spec, JSON Schema draft 7, as editors read it."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "speczoo: a Keras model as a page of text",
        "type": "object",
        "required": ["spec", "name"],
        "if": {"required": ["extends"]},
        "else": {"required": ["inputs", "graph", "outputs"]},
        "properties": sections(),
        "additionalProperties": False,
        "definitions": definitions(),
    }


def text() -> str:
    """The schema as the text of its file."""
    whole = schema()
    defined = whole.pop("definitions")
    lines = [
        f"  {json.dumps(name)}: {json.dumps(item, ensure_ascii=False)}" for name, item in defined.items()
    ]
    head = json.dumps(whole, indent=1, ensure_ascii=False).removesuffix("\n}")
    return head + ',\n "definitions": {\n' + ",\n".join(lines) + "\n }\n}\n"


def modeline(folder: Path, target: Path) -> str:
    """The first line of a spec in `folder`, by which an editor finds the schema at `target`."""
    path = os.path.relpath(target.resolve(), folder.resolve()).replace(os.sep, "/")
    return f"# yaml-language-server: $schema={path}\n"


def main(arguments: list[str]) -> int:
    """``python -m zoo.spec.tools.schema --write | --check``: the file, and the specs' first lines."""
    target = catalogue.folder() / FILE
    lacking = [
        path
        for path in catalogue.paths().values()
        if not path.read_text(encoding="utf-8").startswith(modeline(path.parent, target))
    ]
    if arguments == ["--write"]:
        target.write_text(text(), encoding="utf-8")
        for path in lacking:
            path.write_text(
                modeline(path.parent, target) + path.read_text(encoding="utf-8"), encoding="utf-8"
            )
        return 0
    if arguments != ["--check"]:
        print("usage: python -m zoo.spec.tools.schema --write | --check")
        return 2
    for path in lacking:
        print(f"{path.name} does not name the schema: run python -m zoo.spec.tools.schema --write")
    if target.is_file() and target.read_text(encoding="utf-8") == text():
        return 1 if lacking else 0
    print(
        f"{Path(*target.parts[-2:])} is not what the signature table gives: "
        "run python -m zoo.spec.tools.schema --write"
    )
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
