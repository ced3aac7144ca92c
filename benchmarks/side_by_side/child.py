"""One contestant in this process: ``python -m benchmarks.side_by_side.child KIND MODEL FOLDER EFFORT``.

Its last line is a JSON object: figures, or why there are none.
"""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from pathlib import Path

from benchmarks.side_by_side.effort import EFFORTS, Unable


def main(kind: str, name: str, folder: str, effort: str) -> None:
    """Measure, and print."""
    if kind != "ours":
        # the building of a textbook model is ours, TensorFlow's memory is as TensorFlow has it
        os.environ["TF_CPU_ALLOCATOR_USE_BFC"] = "false"
    contestant = import_module(f"benchmarks.side_by_side.contestants.{kind}")
    try:
        found = contestant.measure(name, Path(folder), EFFORTS[effort])
    except Unable as error:
        found = {"unable": str(error)}
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
