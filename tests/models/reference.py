"""Outputs of every small model, stored: ``python tests/models/reference.py --write [NAME…]``, or ``--check``.

Weights and inputs come from ``formula``, so that nothing but Keras, the backend or the spec can change the
numbers. Each file says what they were made with.
"""

from __future__ import annotations

import json
import os
import re
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent / "reference"
SAMPLES = 2
FIRST = 6


def outputs(name: str) -> dict[str, Any]:
    """Each output of a model in a few numbers."""
    from tests.models import formula, small

    made = small.filled(name)
    arrays = formula.outputs(made.model, formula.inputs(made.spec, SAMPLES))
    return {
        output: {
            "shape": list(array.shape),
            "mean": _short(array.mean()),
            "deviation": _short(array.std()),
            "first": [_short(value) for value in array.ravel()[:FIRST]],
        }
        for output, array in zip(made.spec.outputs, arrays, strict=True)
    }


def difference(name: str) -> str:
    """What differs from the stored numbers by more than rounding; empty when nothing does."""
    path = FOLDER / f"{name}.json"
    mend = f"where that is meant: python tests/models/reference.py --write {name}"
    if not path.exists():
        return f"{path.name} is missing; {mend}"
    from tests.models import small

    kept, now = json.loads(path.read_text("utf-8")), outputs(name)
    if kept["params"] != small.entry(name).get("params", {}):
        return f"{path.name} was made at other sizes than those of small.yaml; {mend}"
    if _close(kept["outputs"], now):
        return ""
    by = ", ".join(f"{package} {number}" for package, number in kept["made_with"].items())
    return f"`{name}` gave {kept['outputs']} with {by}, and now gives {now}; {mend}"


def write(name: str) -> None:
    """Stores the numbers of a spec."""
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.json").write_text(_text(name), "utf-8")
    print(f"written: reference/{name}.json")


def _close(kept: Any, now: Any) -> bool:
    if isinstance(kept, dict) and isinstance(now, dict):
        return list(kept) == list(now) and all(_close(kept[key], now[key]) for key in kept)
    if isinstance(kept, list) and isinstance(now, list):
        return len(kept) == len(now) and all(map(_close, kept, now))
    return abs(kept - now) <= 1e-5 + 1e-4 * abs(kept)


def _short(value: Any) -> float:
    return float(f"{float(value):.6g}")


def _text(name: str) -> str:
    from tests.models import small

    stored = {
        "name": name,
        "made_by": "python tests/models/reference.py --write",
        "made_with": {package: version(package) for package in ("keras", "tensorflow", "numpy")},
        "params": small.entry(name).get("params", {}),
        "samples": SAMPLES,
        "outputs": outputs(name),
    }
    # a list of numbers on one line
    return (
        re.sub(r"\[[^\[\]{}]+\]", lambda part: " ".join(part[0].split()), json.dumps(stored, indent=1)) + "\n"
    )


def main(arguments: list[str]) -> int:
    """Writes or compares; 1 when some differ."""
    if not arguments or arguments[0] not in ("--write", "--check"):
        print((__doc__ or "").splitlines()[0])
        return 2
    from tests.models import small

    differ = 0
    for name in arguments[1:] or small.NAMES:
        found = difference(name)
        differ += bool(found)
        if found and arguments[0] == "--write":
            write(name)
        elif found:
            print(found)
    return int(differ > 0 and arguments[0] == "--check")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.exit(main(sys.argv[1:]))
