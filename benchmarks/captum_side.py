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


def explain(name: str, folder: Path) -> dict[str, float]:
    """Captum's attributions of each output, from zeros, of class 0 or of the one number there is."""
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
    spent = 0.0
    for place in range(len(outputs)):
        # an input that an output does not read has a gradient too, of zero
        method = IntegratedGradients(
            lambda *given, place=place: forward(*given)[place] + 0 * given[-1].flatten(1).sum(1, keepdim=True)
        )
        begun = time.perf_counter()
        found = method.attribute(
            tuple(x),
            baselines=tuple(torch.zeros_like(item) for item in x),
            target=0,
            n_steps=64,
            method="gausslegendre",
            internal_batch_size=256,
        )
        spent += time.perf_counter() - begun
        kept = [item.detach().numpy() for item in found]
        if name == "headline":
            kept[0] = kept[0].sum(axis=-1)
        np.savez(folder / f"{name}_captum_{place}.npz", *kept)
    return {"seconds": spent}


if __name__ == "__main__":
    torch.set_num_threads(THREADS)
    print(json.dumps(explain(sys.argv[1], Path(sys.argv[2]))))
