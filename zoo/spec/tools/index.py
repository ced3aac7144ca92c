"""``specs/index.json``: what ``zoo list`` shows of every model, made from the specs."""

from __future__ import annotations

import json
import sys
from typing import Any

from zoo.spec import catalogue
from zoo.spec.card import Card, card
from zoo.spec.index import FILE
from zoo.spec.tools import generated


def text() -> str:
    """The whole file, one line a model, in the order of their names."""
    rows = [json.dumps(row(card(name)), ensure_ascii=False) for name in catalogue.paths()]
    return '{"models": [\n' + ",\n".join(rows) + "\n]}\n"


def row(item: Card) -> dict[str, Any]:
    """The fields of an ``Entry``."""
    inputs = [
        {"name": name, "shape": list(one.shape), "dtype": one.dtype} for name, one in item.inputs.items()
    ]
    outputs = [
        {"name": name, "shape": None if one.shape is None else list(one.shape)}
        for name, one in item.outputs.items()
    ]
    return {
        "name": item.name,
        "about": " ".join(item.about.split()),
        "tags": list(item.tags),
        "folder": item.folder,
        "kind": item.kind,
        "inputs": inputs,
        "outputs": outputs,
        "parameters": item.parameters,
        "published": item.published,
        "num_params": len(item.params),
        "flops": None if item.uncounted else item.flops,
    }


def main(arguments: list[str]) -> int:
    """``python -m zoo.spec.tools.index --write | --check``."""
    return generated.run(arguments, "zoo.spec.tools.index", catalogue.folder() / FILE, text, "specs")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
