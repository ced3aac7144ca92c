"""A fast wrong answer ends the run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.side_by_side.clocks import arrays

TOLERANCE = 1e-5


def check_equal(ours: Sequence[np.ndarray], theirs: Sequence[np.ndarray], said: str) -> None:
    """End the run where numbers differ by more than ``TOLERANCE``, or are none.

    Raises:
        SystemExit: naming who differs and by how much.
    """
    if len(ours) != len(theirs):
        raise SystemExit(f"{said}: {len(theirs)} outputs, and ours are {len(ours)}")
    for one, two in zip(ours, theirs, strict=True):
        if one.size != two.size:
            raise SystemExit(f"{said}: an output of shape {two.shape}, and ours is {one.shape}")
        # NumPy's maximum, which a number that is none goes through
        most = float(np.abs(one.reshape(two.shape) - two).max())
        if not most <= TOLERANCE:
            raise SystemExit(f"{said}: outputs differ from ours by {most:.1e}")


def check_contestant(name: str, kind: str, folder: Path) -> None:
    """The outputs of a contestant in the folder of a run beside ours."""
    ours, theirs = (arrays(folder / f"{name}_{who}.npz") for who in ("ours", kind))
    check_equal(ours, theirs, f"{name}: {kind}")
