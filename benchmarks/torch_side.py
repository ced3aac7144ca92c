"""PyTorch's part of `side_by_side.py` and `explain_captum.py`; runs where torch is, needs nothing of ours.

python torch_side.py MODEL FOLDER           # times; MODEL.npz has the weights, MODEL_windows.npz the windows
python torch_side.py MODEL FOLDER explain   # integrated gradients by Captum, of MODEL_explain.npz
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch_models import build

BATCH, WINDOWS = 64, 640
# what the specs name; the others have Adam
OPTIMIZERS = {
    "gru_lob": torch.optim.RMSprop,
    "headline": torch.optim.RMSprop,
    "lob_transformer": torch.optim.AdamW,
}


def arrays(path: Path) -> list[np.ndarray]:
    """What an archive holds, in its order."""
    with np.load(path) as kept:
        return [kept[key] for key in kept.files]


def p50_p99(call: Callable[[], Any], count: int = 300) -> tuple[float, float]:
    """Milliseconds of a call, after some to warm up."""
    for _ in range(20):
        call()
    spent = []
    for _ in range(count):
        started = time.perf_counter()
        call()
        spent.append(1000 * (time.perf_counter() - started))
    return float(np.percentile(spent, 50)), float(np.percentile(spent, 99))


def times(name: str, folder: Path) -> dict[str, float]:
    """The figures of `side_by_side.py`."""
    x = [torch.tensor(item) for item in arrays(folder / f"{name}_windows.npz")]
    started = time.perf_counter()
    model = build(name, arrays(folder / f"{name}.npz"))
    built = time.perf_counter() - started

    def predict() -> list[np.ndarray]:
        with torch.inference_mode():
            parts = [model(*(item[i : i + BATCH] for item in x)) for i in range(0, WINDOWS, BATCH)]
        return [torch.cat(part).numpy() for part in zip(*parts, strict=True)]

    np.savez(folder / f"{name}_torch.npz", *predict())
    spent = []
    for _ in range(3):
        begun = time.perf_counter()
        predict()
        spent.append(time.perf_counter() - begun)
    found = {"predict": WINDOWS / min(spent)}
    one = [item[:1] for item in x]
    with torch.inference_mode():
        found["one_p50"], found["one_p99"] = p50_p99(lambda: model(*one))
    found |= train(name, model, x, built)
    found["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    return found


def train(name: str, model: torch.nn.Module, x: list[torch.Tensor], built: float) -> dict[str, float]:
    """Steps of the spec's optimizer on made-up targets."""
    constrain = getattr(model, "constrain", lambda: None)
    model.train()
    optimizer = OPTIMIZERS.get(name, torch.optim.Adam)(model.parameters())
    random = torch.Generator().manual_seed(2)
    marks = [time.perf_counter()]
    for start in range(0, len(x[0]), BATCH):
        loss = torch.zeros(())
        for output in model(*(item[start : start + BATCH] for item in x)):
            if output.shape[-1] > 1:
                truth = torch.randint(output.shape[-1], (len(output),), generator=random)
                loss = loss - output.clamp_min(1e-7).log()[torch.arange(len(output)), truth].mean()
            else:
                truth = torch.randint(2, output.shape, generator=random).float()
                loss = loss + torch.nn.functional.binary_cross_entropy(output, truth)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        constrain()
        marks.append(time.perf_counter())
    return {
        "first_step": built + marks[1] - marks[0],
        "train": BATCH / float(np.median(np.diff(marks[2:]))),
    }


def explain(name: str, folder: Path) -> dict[str, float]:
    """Captum's attributions of each output, from zeros, of class 0 or of the one number there is."""
    from captum.attr import IntegratedGradients

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
    torch.set_num_threads(2)
    work = explain if sys.argv[3:4] == ["explain"] else times
    print(json.dumps(work(sys.argv[1], Path(sys.argv[2]))))
