"""Captum's part of `explain_captum.py`; runs where torch and captum are, needs nothing of ours.

python -m benchmarks.captum_side MODEL FOLDER    # MODEL.npz has the weights, MODEL_explain.npz the windows
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np
import torch
from captum.attr import IntegratedGradients

from benchmarks.side_by_side.clocks import arrays
from benchmarks.side_by_side.effort import THREADS
from benchmarks.side_by_side.torch_models import build

SIZES = (64, 256, 1_024)  # inner batches


def explain(name: str, folder: Path) -> dict[str, float]:
    """Captum's attributions of each output, from zeros, of its last class or of the one number there is.

    They are timed after a first call, with the batches that a few windows were fastest with.
    """
    model = build(name, arrays(folder / f"{name}.npz"))
    x = [torch.tensor(item) for item in arrays(folder / f"{name}_explain.npz")]
    forward = model.forward
    if name == "headline":
        with torch.no_grad():
            x[0] = model.embedding(x[0].long())
        forward = model.of_codes
    with torch.no_grad():
        outputs = forward(*x)
    np.savez(folder / f"{name}_outputs.npz", *(item.numpy() for item in outputs))
    spent, size = 0.0, 0
    for place in range(len(outputs)):
        # an input that an output does not read has a gradient too, of zero
        method = IntegratedGradients(
            lambda *given, place=place: forward(*given)[place] + 0 * given[-1].flatten(1).sum(1, keepdim=True)
        )
        target = outputs[place].shape[-1] - 1
        attribute(method, [item[:4] for item in x], target, SIZES[0])
        few = [item[:16] for item in x]
        size = size or min(SIZES, key=lambda size: attribute(method, few, target, size)[1])
        found, seconds = attribute(method, x, target, size)
        spent += seconds
        kept = [item.detach().numpy() for item in found]
        if name == "headline":
            kept[0] = kept[0].sum(axis=-1)
        np.savez(folder / f"{name}_captum_{place}.npz", *kept)
    return {"seconds": spent, "batch": size}


def attribute(
    method: IntegratedGradients, x: list[torch.Tensor], target: int, size: int
) -> tuple[tuple[torch.Tensor, ...], float]:
    """The attributions, and the seconds that they took."""
    begun = time.perf_counter()
    found = method.attribute(
        tuple(x),
        baselines=tuple(torch.zeros_like(item) for item in x),
        target=target,
        n_steps=64,
        method="gausslegendre",
        internal_batch_size=size,
    )
    return found, time.perf_counter() - begun


if __name__ == "__main__":
    torch.set_num_threads(THREADS)
    print(json.dumps(explain(sys.argv[1], Path(sys.argv[2]))))
