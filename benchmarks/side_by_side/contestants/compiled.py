"""PyTorch compiled: ``torch.compile``, which leaves nn.LSTM and nn.GRU as they are."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from benchmarks.side_by_side.effort import Effort, Unable


def measure(name: str, folder: Path, effort: Effort) -> dict[str, float]:
    """The figures.

    Raises:
        Unable: there is no C++ compiler.
    """
    if not any(shutil.which(command) for command in (os.environ.get("CXX", "g++"), "g++", "clang++")):
        raise Unable("torch.compile needs a C++ compiler, and there is none")
    # a folder of its own: what an earlier run compiled must not be found
    os.environ["TORCHINDUCTOR_CACHE_DIR"] = str(folder / f"{name}_inductor")
    import torch

    from benchmarks.side_by_side import torch_side

    return torch_side.measure(
        "compiled", name, folder, effort, lambda model: torch.compile(model, dynamic=False)
    )
