"""PyTorch as it is."""

from __future__ import annotations

from pathlib import Path

from benchmarks.side_by_side import torch_side
from benchmarks.side_by_side.effort import Effort


def measure(name: str, folder: Path, effort: Effort) -> dict[str, float]:
    """The figures."""
    return torch_side.measure("torch", name, folder, effort)
