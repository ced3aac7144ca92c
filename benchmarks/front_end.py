"""How fast specs are read, resolved and checked: no Keras, one process.

    python benchmarks/front_end.py

Prints processor time, which a shared machine disturbs less: of each spec the best of some rounds.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from statistics import median

from zoo.spec import catalogue, check

ROUNDS, SLOWEST = 5, 10


def milliseconds(file: Path) -> float:
    """Of the processor, for one check."""
    spent = []
    for _ in range(ROUNDS):
        start = time.process_time()
        report = check(file)
        spent.append(1_000 * (time.process_time() - start))
        assert report.ok, file
    return min(spent)


def main() -> None:
    """Check every spec, and print the slowest."""
    files = catalogue.paths()
    check(next(iter(files.values())))
    found = {name: milliseconds(file) for name, file in files.items()}
    assert "keras" not in sys.modules and "tensorflow" not in sys.modules
    print("| spec | ms of the processor |\n|---|---|")
    print(f"| median of {len(found)} | {median(found.values()):.1f} |")
    print(f"| all of them | {sum(found.values()):.0f} |")
    for name in sorted(found, key=lambda name: -found[name])[:SLOWEST]:
        print(f"| {name} | {found[name]:.1f} |")


if __name__ == "__main__":
    main()
