"""The figures of a model in PyTorch, as it is or compiled. Needs torch and nothing of ours."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from benchmarks.side_by_side.clocks import arrays, best, p50_p99, peak
from benchmarks.side_by_side.effort import THREADS, Effort
from benchmarks.side_by_side.torch_models import build

# what the specs name; the others have Adam
OPTIMIZERS = {
    "gru_lob": torch.optim.RMSprop,
    "headline": torch.optim.RMSprop,
    "lob_transformer": torch.optim.AdamW,
}
Wrap = Callable[[torch.nn.Module], Callable[..., tuple[torch.Tensor, ...]]]


def measure(
    kind: str, name: str, folder: Path, effort: Effort, wrap: Wrap = lambda model: model
) -> dict[str, float]:
    """The figures of a contestant.

    Args:
        kind: of the contestant; its outputs become MODEL_KIND.npz.
        name: of the model; its weights and windows are in the folder.
        folder: of the run.
        effort: how much.
        wrap: makes of a module what is called; its time counts towards the first step.
    """
    torch.set_num_threads(THREADS)
    x = [torch.tensor(item) for item in arrays(folder / f"{name}_windows.npz")]
    started = time.perf_counter()
    model = build(name, arrays(folder / f"{name}.npz"))
    called = wrap(model)
    built = time.perf_counter() - started

    def predict() -> list[np.ndarray]:
        starts = range(0, effort.windows, effort.batch)
        with torch.inference_mode():
            parts = [
                called(*(item[start : min(start + effort.batch, effort.windows)] for item in x))
                for start in starts
            ]
        return [torch.cat(part).numpy() for part in zip(*parts, strict=True)]

    np.savez(folder / f"{name}_{kind}.npz", *predict())
    found = {"predict": best(predict, effort.windows, effort)}
    one = [item[:1] for item in x]
    with torch.inference_mode():
        found["one_p50"], found["one_p99"] = p50_p99(lambda: called(*one), effort)
    y = [torch.tensor(item) for item in arrays(folder / f"{name}_targets.npz")]
    optimizer = OPTIMIZERS.get(name, torch.optim.Adam)(model.parameters())
    model.train()
    return found | _trained(model, called, optimizer, x, y, built, effort) | {"peak": peak()}


def _trained(
    model: torch.nn.Module,
    called: Callable[..., tuple[torch.Tensor, ...]],
    optimizer: torch.optim.Optimizer,
    x: list[torch.Tensor],
    y: list[torch.Tensor],
    built: float,
    effort: Effort,
) -> dict[str, float]:
    # what a spec asks of its weights after each step
    constrain = getattr(model, "constrain", lambda: None)
    begun = time.perf_counter()
    first = 0.0
    epochs: list[float] = []
    while len(epochs) < effort.epochs or sum(epochs[1:]) < effort.seconds:
        started = time.perf_counter()
        for start in range(0, effort.batch * effort.steps, effort.batch):
            part = slice(start, start + effort.batch)
            loss = loss_of(called(*(item[part] for item in x)), [item[part] for item in y])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            constrain()
            first = first or time.perf_counter()
        epochs.append(time.perf_counter() - started)
    return {
        "first_step": built + first - begun,
        "train": effort.batch * effort.steps / min(epochs[1:]),
    }


def loss_of(outputs: tuple[torch.Tensor, ...], targets: list[torch.Tensor]) -> torch.Tensor:
    """Cross-entropy of probabilities, summed over the outputs."""
    loss = torch.zeros(())
    for output, truth in zip(outputs, targets, strict=True):
        if output.shape[-1] > 1:
            loss = loss + torch.nn.functional.nll_loss(output.clamp_min(1e-7).log(), truth)
        else:
            loss = loss + torch.nn.functional.binary_cross_entropy(output, truth)
    return loss
