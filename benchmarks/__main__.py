"""``make bench``: speed side by side, start-up, front end and R, in one run.

Writes `benchmarks/RESULTS.md` and, for the models' cards, `specs/speed.json`.

    python -m benchmarks --torch .venv-bench/bin/python
    python -m benchmarks --quick                            # whether it runs; writes nothing

Outputs are compared first, and a fast wrong answer ends the run. Read the ratios, on a machine with nothing
else to do.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import bars, cards
from benchmarks.machine import machine, processor
from benchmarks.side_by_side.figures import Found, table
from benchmarks.side_by_side.race import MODELS, race
from benchmarks.side_by_side.roofline import rate, roofline
from zoo.spec.card import SPEED

HERE = Path(__file__).resolve().parent
QUICK = ("bin_ctabl",)
HEAD = """# Speed

Made by `make bench`; do not edit. Ratios first: above 1 × ours is better; in brackets stands the other's
number. Every contestant had the same weights and windows, a process of its own and two threads, and gave our
outputs to 1e-5. *Consecutive windows* stand beside the others' batch prediction, *a tick of a stream* beside
their one window. *Arithmetic alone* is what the products of the model would take at the rate of a large
matrix product; training has three times those of a prediction."""


def side_by_side(
    models: Sequence[str], torch: str | None, effort: str, races: dict[str, Found]
) -> Iterator[list[str]]:
    """A section for each model as it is done, then the bars; ``races`` takes what was found."""
    speed = rate()
    yield ["## Side by side", "", f"A large matrix product: {speed / 1e9:.0f} Gflop/s.", ""]
    for name in models:
        found, unable = race(name, torch=torch, effort=effort)
        races[name] = found
        yield table(name, found, roofline(name, speed), unable)
    yield ["## What was asked for", "", *bars.table(races), ""]


def script(title: str, name: str, *arguments: str, text: bool = False) -> tuple[list[str], bool]:
    """A section of what another benchmark prints, and whether it went well.

    Args:
        title: of the section.
        name: of a script beside this file.
        arguments: of the script.
        text: it prints columns of text, not Markdown.
    """
    done = subprocess.run(
        [sys.executable, str(HERE / name), *arguments],
        capture_output=True, text=True, stdin=subprocess.DEVNULL, cwd=HERE.parent,
        env={**os.environ, "PYTHONPATH": str(HERE.parent), "TF_CPP_MIN_LOG_LEVEL": "3"},
    )  # fmt: skip
    said = done.stdout.rstrip() if done.returncode == 0 else done.stderr.rstrip()[-2_000:]
    fenced = text or done.returncode != 0
    body = ["```text", said, "```"] if fenced else [said]
    failed = [] if done.returncode == 0 else [f"`{name}` failed.", ""]
    return [f"## {title}", "", *failed, *body, ""], done.returncode == 0


def of_r(numpy1: str | None) -> Iterator[tuple[list[str], bool]]:
    """The sections that need R."""
    if shutil.which("Rscript") is None:
        yield ["## R", "", "R is not installed here.", ""], True
        return
    given = [numpy1] if numpy1 else []
    yield script("Predictions from R", "r_predict.py", *given, text=True)
    yield script("Arrays between R and Python", "r_values.py", *given, text=True)


def main(arguments: list[str]) -> int:
    """All of it; 1 where a script failed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--torch", help="a Python that has torch")
    parser.add_argument("--numpy1", help="a Python with NumPy 1, for reticulate's arrays; see r_values.py")
    parser.add_argument("--write", type=Path, default=HERE / "RESULTS.md", help="RESULTS.md beside this file")
    parser.add_argument("--quick", action="store_true", help="one small model, hardly repeated, without R")
    asked = parser.parse_args(arguments)
    effort, models = ("quick", QUICK) if asked.quick else ("full", MODELS)
    head = [HEAD, "", *machine(asked.torch), ""]
    raced: list[list[str]] = []
    races: dict[str, Found] = {}
    for section in side_by_side(models, asked.torch, effort, races):
        print("\n".join(section), flush=True)
        raced.append(section)
    *sections, asked_for = raced
    rest, well = [], True
    parts = [script("Start-up", "start_up.py"), script("The front end, a spec", "front_end.py")]
    for section, went in [*parts, *([] if asked.quick else of_r(asked.numpy1))]:
        print("\n".join(section), flush=True)
        rest.append(section)
        well &= went
    if not asked.quick:
        lines = [*head, *asked_for, *(line for section in [*sections, *rest] for line in section)]
        asked.write.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
        (HERE.parent / "specs" / SPEED).write_text(
            cards.speed(races, f"{processor()}, {os.cpu_count()} cores"), encoding="utf-8"
        )
    return 0 if well else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
