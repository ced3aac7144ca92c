"""The ways of running a model's steps, each timed on a batch."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from zoo.tensorflow_loops.layers import loops_of
from zoo.train.execution.execute import executed
from zoo.train.execution.plan import WAYS, ExecutionPlan, Timing, this_machine
from zoo.train.runs.state import capture, restore
from zoo.train.tensorflow_determinism import deterministic

# Of later steps, for each way: at least so many, and for so many seconds.
_STEPS, _SECONDS = 5, 1.0
# XLA takes many times as long to compile a step as Keras to trace it: where that took more seconds than
# these, XLA is not tried.
_PATIENCE = 10.0
# How far the loss of the first step, and of a later one, may be from Keras's own, relative to it.
_TOLERANCE, _LATER = 1e-5, 1e-3


def measure(model: keras.Model, batch: tuple[Any, ...], size: int) -> ExecutionPlan:
    """All ways that give Keras's own numbers, timed; the plan is for a training without end.

    Args:
        model: compiled; it is trained on the batch, so it must not be one that is in use.
        batch: inputs, targets and, where there are some, weights of samples, as Keras takes them.
        size: samples in it.
    """
    loops = loops_of(model, size)
    start = capture(model)
    timings: dict[str, Timing] = {}
    refused: dict[str, str] = {}
    reference: list[float] = []
    for way in WAYS:
        if way == "loops" and not loops:
            refused[way] = (
                "no LSTM or GRU has the usual activations, a known length, no mask and no recurrent dropout"
            )
            continue
        if way == "xla" and timings["keras"].first > _PATIENCE:
            refused[way] = f"not tried, since Keras's own first step took {timings['keras'].first:.0f} s"
            continue
        restore(model, start)
        plan = ExecutionPlan(way, loops, batch_size=size)
        try:
            with deterministic(), executed(model, plan):
                first, step, losses = _timed(lambda: _step(model, batch))
        except Exception as failure:
            # XLA has no code for some operations, and says so in as many ways as there are
            if way == "keras":
                raise
            refused[way] = _in_a_line(failure)
            continue
        reference = reference or losses
        difference = _apart(losses[0], reference[0])
        later = _apart(losses[_STEPS], reference[_STEPS])
        if difference <= _TOLERANCE and later <= _LATER:
            timings[way] = Timing(first, step, difference)
        else:
            refused[way] = (
                f"its loss is {difference:.1e} off Keras's after a step, {later:.1e} after {_STEPS + 1}"
            )
    return ExecutionPlan("keras", loops, timings, size, this_machine(), refused).for_steps(None)


def _in_a_line(failure: Exception) -> str:
    """The first line of what an exception says, or its name."""
    lines = (re.sub(r"\x1b\[\d*m", "", line).strip() for line in str(failure).splitlines())
    # Keras says in which layer, in bold, and then what.
    said = [line for line in lines if line and not line.startswith("Exception encountered when calling")]
    return f"{type(failure).__name__}: {said[0][:200]}" if said else type(failure).__name__


def _step(model: keras.Model, batch: tuple[Any, ...]) -> float:
    x, y, *weights = batch
    found = model.train_on_batch(x, y, sample_weight=weights[0] if weights else None)
    return float(np.ravel(found)[0])


def _timed(step: Callable[[], float]) -> tuple[float, float, list[float]]:
    """Seconds of the first step, the median of later ones, and the losses."""
    begun = time.perf_counter()
    losses = [step()]
    first = time.perf_counter() - begun
    spent: list[float] = []
    while len(spent) < _STEPS or sum(spent) < _SECONDS:
        begun = time.perf_counter()
        losses.append(step())
        spent.append(time.perf_counter() - begun)
    return first, float(np.median(spent)), losses


def _apart(loss: float, reference: float) -> float:
    if not (math.isfinite(loss) and math.isfinite(reference)):
        return 0.0 if repr(loss) == repr(reference) else math.inf
    return abs(loss - reference) / max(abs(reference), 1e-3)
