"""Contestant after contestant, each in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from benchmarks.side_by_side.compare import check_contestant
from benchmarks.side_by_side.effort import EFFORTS, THREADS
from benchmarks.side_by_side.figures import CONTESTANTS
from benchmarks.side_by_side.given import give

ROOT = Path(__file__).resolve().parents[2]
MODELS = ("hrnn_lob", "deeplob", "bin_ctabl", "gru_lob", "lob_transformer", "headline")
IN_TORCH = ("torch", "compiled")


class Raced(NamedTuple):
    """What came of a model.

    Args:
        found: contestant → figure → number, ours first.
        unable: contestant → why it has none.
    """

    found: dict[str, dict[str, float]]
    unable: dict[str, str]


def race(
    name: str, kinds: Sequence[str] = tuple(CONTESTANTS), torch: str | None = None, effort: str = "full"
) -> Raced:
    """All figures of a model.

    Args:
        name: of the model.
        kinds: of the contestants; ours is always there.
        torch: a Python that has torch.
        effort: ``full`` or ``quick``.

    Raises:
        SystemExit: a contestant failed, or its outputs are not ours.
    """
    raced = Raced({}, {})
    with TemporaryDirectory() as folder:
        give(name, Path(folder), EFFORTS[effort])
        for kind in ("ours", *(kind for kind in kinds if kind != "ours")):
            if kind == "folded" and name != "hrnn_lob":
                continue
            if kind in IN_TORCH and torch is None:
                raced.unable[kind] = "no Python with torch was given"
                continue
            told = _child(torch if kind in IN_TORCH else sys.executable, [kind, name, folder, effort])
            if "unable" in told:
                raced.unable[kind] = str(told["unable"])
                continue
            check_contestant(name, kind, Path(folder))
            raced.found[kind] = told
    return raced


def _child(python: str | None, arguments: list[str]) -> dict[str, float]:
    """One contestant."""
    environment = {
        **os.environ,
        "OMP_NUM_THREADS": str(THREADS),
        "TF_NUM_INTRAOP_THREADS": str(THREADS),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [python or sys.executable, "-m", "benchmarks.side_by_side.child", *arguments],
        capture_output=True, text=True, env=environment, stdin=subprocess.DEVNULL, cwd=ROOT,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments[:2])} failed:\n{done.stderr[-2000:]}")
    found: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return found
