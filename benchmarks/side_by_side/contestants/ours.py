"""Ours: the model as zoo builds, trains, compiles and streams it. Others have its weights and ONNX file."""

from __future__ import annotations

import sys
import time
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np

import zoo
from benchmarks.side_by_side.clocks import arrays, best, p50_p99, peak
from benchmarks.side_by_side.compare import check_equal
from benchmarks.side_by_side.effort import Effort
from benchmarks.side_by_side.keras_side import MANY, Clock, alone
from zoo.data.part import WindowInput
from zoo.data.windowing import cut_windows
from zoo.train.engine import run_fit
from zoo.train.execution.choose import plan_of
from zoo.train.fitting import fit_batches
from zoo.train.trained import Trained


def measure(name: str, folder: Path, effort: Effort) -> dict[str, float]:
    """The figures; writes MODEL.npz, MODEL_ours.npz and MODEL.onnx."""
    x = arrays(folder / f"{name}_windows.npz")
    started = time.perf_counter()
    spec = zoo.load(name)
    run = Trained.untrained(spec, seed=7)
    built = time.perf_counter() - started
    np.savez(folder / f"{name}.npz", *run.model.get_weights())
    predictor = run.predictor()
    few = {key: item[: effort.windows] for key, item in zip(spec.inputs, x, strict=True)}

    def predict() -> Any:
        return predictor.compiled.outputs(few, dense=False)

    np.savez(folder / f"{name}_ours.npz", *predict().values())
    found = {"predict": best(predict, effort.windows, effort)}
    one = [item[0] for item in x]
    found["one_p50"], found["one_p99"] = p50_p99(lambda: predictor.one(*one), effort)
    found |= _over_a_series(run, predictor, effort)
    found |= _trained(run, x, arrays(folder / f"{name}_targets.npz"), built, effort)
    found["peak"] = peak()
    fresh = Trained.untrained(spec, seed=7)
    fresh.export(folder / f"{name}.onnx")
    return found


def _trained(run: Trained, x: list[Any], y: list[Any], built: float, effort: Effort) -> dict[str, float]:
    """The first step of a short training, run as Keras runs it, and the windows a second of a long one."""
    samples = effort.batch * effort.steps
    given = (
        {key: item[:samples] for key, item in zip(run.spec.inputs, x, strict=True)},
        {key: item[:samples] for key, item in zip(run.spec.outputs, y, strict=True)},
    )
    clock = Clock(effort)
    begun = time.perf_counter()
    run.fit(*given, batch_size=effort.batch, callbacks=[clock], scaled=True, plan="off", epochs=1)
    first_step = built + clock.first_step - begun
    batch = [[item[: effort.batch] for item in part.values()] for part in given]
    plan = plan_of(run.spec, lambda: tuple(map(alone, batch)), effort.batch, anew=True)
    clock = Clock(effort)
    train, _ = fit_batches(
        run,
        *given,
        seed=7,
        batch_size=effort.batch,
        validation_split=0.0,
        validation_data=None,
        class_weight=None,
    )
    run_fit(run.model, train, epochs=MANY, callbacks=[clock], execution=plan)
    print("\n".join(plan.lines()), file=sys.stderr)
    return {"first_step": first_step, "train": samples / min(clock.epochs[1:])}


def _over_a_series(run: Trained, predictor: Any, effort: Effort) -> dict[str, float]:
    """Consecutive windows of one series, and its rows one after the other."""
    (item, *more) = run.spec.inputs.values()
    if more or len(item.shape) < 2:
        return {}
    length, width = item.shape[0], int(np.prod(item.shape[1:]))
    rows = np.random.default_rng(3).standard_normal((effort.consecutive + length - 1, width))
    rows = rows.astype(np.float32)
    x = {next(iter(run.spec.inputs)): WindowInput(cut_windows(rows, length), tuple(item.shape))}
    _check_dense(predictor.compiled, x)
    stream = run.stream()
    told = [stream.push(row, scaled=True) for row in rows[:length]][-1]
    check_equal([told], [predictor.one(rows[:length].reshape(item.shape))], f"{run.spec.name}: stream")
    following = cycle(rows)
    p50, p99 = p50_p99(lambda: stream.push(next(following), scaled=True), effort)
    dense = best(lambda: predictor.compiled.outputs(x), effort.consecutive, effort)
    return {"dense": dense, "tick_p50": p50, "tick_p99": p99}


def _check_dense(compiled: Any, x: dict[str, Any]) -> None:
    """Consecutive windows have the outputs that each has by itself."""
    ours, alone = (list(compiled.outputs(x, dense=dense).values()) for dense in (None, False))
    check_equal(ours, alone, "consecutive windows")
