"""The golden layer table of every spec: ``python tests/models/golden.py --write [NAME…]``, or ``--check``.

A table says what was built: each layer and op with its class, output shape, weights and what it reads, a
submodel's own layers indented under it. Read it beside the figure of the paper before committing it. The
numbers of ``reference.py`` are written with it.
"""

from __future__ import annotations

import difflib
import math
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent / "golden"
_HEAD = ("layer", "class", "output", "weights", "reads")


def text(model: Any) -> str:
    """The table of a built Keras model; nothing in it depends on what the process built before."""
    rows = [_HEAD, *_rows(model, "")]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    lines = []
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        cells[3] = row[3].rjust(widths[3])
        lines.append("  ".join(cells).rstrip())
    trainable, frozen = _count(model.trainable_weights), _count(model.non_trainable_weights)
    totals = f"trainable {trainable:,}, non-trainable {frozen:,}, total {trainable + frozen:,}"
    return "\n".join([model.name, "", *lines, "", totals, ""])


def total(name: str) -> int:
    """The pinned number of weights of a spec."""
    return int(path(name).read_text("utf-8").split()[-1].replace(",", ""))


def path(name: str) -> Path:
    """Where a spec's table is kept."""
    return FOLDER / f"{name}.txt"


def difference(name: str, model: Any) -> str:
    """What differs from the kept table, and how to write it anew; empty when nothing does."""
    kept = path(name).read_text("utf-8") if path(name).exists() else ""
    lines = difflib.unified_diff(
        kept.splitlines(), text(model).splitlines(), "kept", "built", lineterm="", n=1
    )
    shown = "\n".join(lines)
    mend = f"read the change, then: python tests/models/golden.py --write {name}"
    return f"the layers of `{name}` are not those of {path(name).name}\n{shown}\n{mend}" if shown else ""


def _rows(model: Any, indent: str) -> Iterator[tuple[str, ...]]:
    import keras

    nodes = {id(node) for level in model._nodes_by_depth.values() for node in level}
    calls = {item: [node for node in item._inbound_nodes if id(node) in nodes] for item in model.operations}
    names = _names(model)
    for operation, made in calls.items():
        weights = _count(getattr(operation, "weights", []))
        for number, node in enumerate(made):
            # a shared layer has a row for each of its calls
            yield (
                f"{indent}{names[operation]}" if not number else "",
                type(operation).__name__ if not number else "",
                " ".join(_shape(tensor) for tensor in node.output_tensors),
                f"{weights:,}" if weights and not number else "",
                ", ".join(_read(tensor, calls, names) for tensor in node.arguments.keras_tensors),
            )
        if isinstance(operation, keras.Model):
            yield from _rows(operation, f"{indent}  ")


def _names(model: Any) -> dict[Any, str]:
    """The names, with those that Keras counts over the whole process counted anew in this model."""
    import keras

    found, counts = {}, Counter()
    for operation in model.operations:
        word = keras.src.utils.naming.to_snake_case(type(operation).__name__)
        automatic = re.fullmatch(rf"{word}(_\d+)?", operation.name)
        if automatic and not isinstance(operation, keras.Layer):
            counts[word] += 1
            found[operation] = f"({word} {counts[word]})"
        else:
            found[operation] = operation.name
    return found


def _read(tensor: Any, calls: dict[Any, list[Any]], names: dict[Any, str]) -> str:
    """A tensor by its maker, with `@call` where it is shared and `.port` where it gives several."""
    maker, call, port = tensor._keras_history
    node = maker._inbound_nodes[call]
    shared, several = len(calls[maker]) > 1, len(node.output_tensors) > 1
    which = f"@{calls[maker].index(node) + 1}" if shared else ""
    return f"{names[maker]}{which}{f'.{port}' if several else ''}"


def _shape(tensor: Any) -> str:
    return (
        "("
        + ", ".join("batch" if not at and n is None else str(n) for at, n in enumerate(tensor.shape))
        + ")"
    )


def _count(weights: Any) -> int:
    return sum(math.prod(weight.shape) for weight in weights)


def main(arguments: list[str]) -> int:
    """Writes or compares; 1 when some differ."""
    if not arguments or arguments[0] not in ("--write", "--check"):
        print(__doc__.splitlines()[0])
        return 2
    import zoo
    from tests.models import reference
    from zoo.spec import catalogue

    names = arguments[1:] or sorted(catalogue.paths())
    differ = 0
    for name in names:
        model = zoo.build(zoo.load(name))
        found = difference(name, model)
        differ += bool(found)
        if found and arguments[0] == "--write":
            path(name).write_text(text(model), "utf-8")
            print(f"written: golden/{name}.txt")
            reference.write(name)
        elif found:
            print(found)
    if not arguments[1:]:
        for orphan in sorted({item.stem for item in FOLDER.glob("*.txt")} - set(names)):
            differ += 1
            print(f"golden/{orphan}.txt has no spec: delete it")
    return int(differ > 0 and arguments[0] == "--check")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.exit(main(sys.argv[1:]))
