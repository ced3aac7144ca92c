"""How long the command and the R package take to start: whole processes, beside bare interpreters.

    python benchmarks/start_up.py

Prints the best of some runs, wall-clock. Python's files are compiled and in the cache of the disk.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Sequence

ROUNDS = 7
PYTHON = (sys.executable, "-c")
ZOO = (sys.executable, "-m", "zoo.cli")
FROM_PYTHON = {
    "`import zoo`": (*PYTHON, "import zoo"),
    "`zoo --help`": (*ZOO, "--help"),
    "`zoo list`": (*ZOO, "list"),
    "`zoo validate hrnn_lob`": (*ZOO, "validate", "hrnn_lob"),
    "`import keras`, for comparison": (*PYTHON, "import keras"),
}
FROM_R = {
    "`library(speczoo)`": ("Rscript", "-e", "library(speczoo)"),
    "`library(ggplot2)`, for comparison": ("Rscript", "-e", "library(ggplot2)"),
}


def seconds(command: Sequence[str], rounds: int = ROUNDS) -> float:
    """Of the fastest of some runs; the first one warms up."""
    spent = []
    for _ in range(rounds + 1):
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)
        spent.append(time.perf_counter() - start)
    return min(spent[1:])


def lines(bare: Sequence[str], commands: dict[str, Sequence[str]], said: str) -> list[str]:
    """Lines of a table: how many times a bare interpreter, how much longer than it, and the whole."""
    least = seconds(bare)
    found = [f"| {said} | 1.0 × |  | {1_000 * least:.0f} |"]
    for what, command in commands.items():
        spent = seconds(command)
        found.append(
            f"| {what} | {spent / least:.1f} × | {1_000 * (spent - least):.0f} | {1_000 * spent:.0f} |"
        )
    return found


def with_speczoo() -> bool:
    """Whether R has the package."""
    if shutil.which("Rscript") is None:
        return False
    has = 'quit(status = !requireNamespace("speczoo", quietly = TRUE))'
    return (
        subprocess.run(["Rscript", "-e", has], capture_output=True, stdin=subprocess.DEVNULL).returncode == 0
    )


def main() -> None:
    """Start each, and print the table."""
    print("| | of a bare start | above it, ms | whole, ms |\n|---|---|---|---|")
    print("\n".join(lines((*PYTHON, "pass"), FROM_PYTHON, "bare Python")))
    if with_speczoo():
        print("\n".join(lines(("Rscript", "-e", "1"), FROM_R, "bare Rscript")))
    else:
        print("\nR, or its package speczoo, is not installed here.")


if __name__ == "__main__":
    main()
