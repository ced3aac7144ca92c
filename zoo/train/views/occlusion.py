"""What an output of a run says of some windows, and what it loses as patches of them are covered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from zoo.errors import TrainError
from zoo.explain.cells import By
from zoo.explain.grouped import grouped
from zoo.explain.names import Names
from zoo.explain.occlusion import Occlusion, occlusion, patches
from zoo.explain.resampling import blocks_of
from zoo.train.names import nearest
from zoo.train.parts import Sample
from zoo.train.predict import predict
from zoo.train.sources import samples_of
from zoo.train.views.names import names_of
from zoo.train.views.samples import reach_of, spread, where_of

if TYPE_CHECKING:
    from zoo.train.trained import Trained


_MEAN_OF = 1024  # windows of the training part


def occlude(
    run: Trained,
    data: Any,
    part: str,
    *,
    output: str | None,
    target: str | int | None,
    by: By,
    patch: tuple[int, int] | None,
    baseline: str,
    windows: int | None,
    seed: int | None,
    scaled: bool | None,
) -> Occlusion:
    """See ``Trained.occlusion``."""
    name = output_named(run, output)
    lazy, found = samples_of(run, data, part, scaled)
    places = spread(len(next(iter(lazy.values()))), windows)
    x = {key: np.asarray(values[places]) for key, values in lazy.items()}
    names, steps, features = names_of(run, x), *_patch(patch)
    steps = steps or tenth(names)
    targets, told = _targets(run, name, numbers_of(run, name, run.raw_outputs(x)[name]), target)
    cover = _baseline(run, x, baseline)
    attributions = occluded(run, run.model, x, names, name, targets, cover, (steps, features))
    seen = None if found is None else found.take(places)
    rows = None if seen is None else seen.rows
    reach = reach_of(run, Sample(lazy, {}, rows=rows, part=seen))
    frame, columns = grouped(
        attributions,
        names,
        by,
        block=blocks_of(len(places), reach, None if seen is None else seen.runs),
        rng=np.random.default_rng(run.seed if seed is None else seed),
        # Steps that were covered together have the same share of what they are worth.
        time_block=steps,
    )
    sized = f"{steps} × {features}" if steps * features > 1 else "single numbers"
    where = where_of(run, len(places), data, part)
    about = f"{told}, less as {sized} are covered by {baseline}; {where}"
    return Occlusion(attributions, frame, columns, name, run.spec.name, about)


def _patch(patch: tuple[int, int] | None) -> tuple[int, int]:
    """Steps (0: a tenth of the window) and features."""
    if patch is None:
        return 0, 1
    sizes = list(patch) if isinstance(patch, (list, tuple)) else []
    if len(sizes) != 2 or not all(float(size) == int(size) and size >= 1 for size in sizes):
        raise TrainError(
            f"`patch` is its steps and its features, two whole numbers from 1; received {patch!r}",
            help="patch=(10, 1) covers ten steps of one feature at a time",
            code="explain.patch",
        )
    return int(sizes[0]), int(sizes[1])


def _targets(
    run: Trained, output: str, said: np.ndarray, target: str | float | None
) -> tuple[np.ndarray, str]:
    """(window,) the class or number of each that is explained, and its name."""
    task = run.tasks[output]
    if target is None and task.classes:
        return said.argmax(axis=1), f"the class that `{output}` says"
    names = run.class_names(output) if task.classes else []
    known = names if len(names) == said.shape[1] else [str(number) for number in range(said.shape[1])]
    # R writes whole numbers as doubles.
    asked = str(int(target) if isinstance(target, float) and target == int(target) else target)
    place = 0 if target is None else known.index(asked) if asked in known else None
    if place is None:
        raise TrainError(
            f"`{output}` has no class or number `{target}`",
            help=nearest(str(target), known),
            code="explain.target",
        )
    return np.full(len(said), place), f"`{known[place]}` of `{output}`" if said.shape[
        1
    ] > 1 else f"`{output}`"


def _baseline(run: Trained, x: Mapping[str, np.ndarray], asked: str) -> dict[str, np.ndarray]:
    if asked not in ("mean", "zeros"):
        raise TrainError(
            f"there is no baseline `{asked}`",
            help="known: `mean`, the mean window of the training part, and `zeros`",
            code="explain.baseline",
        )
    if asked == "zeros":
        return {name: np.zeros(values.shape[1:], values.dtype) for name, values in x.items()}
    if run.prepared is None or not len(run.prepared.train):
        return mean_window(x)
    train = run.prepared.train.x
    places = spread(len(run.prepared.train), _MEAN_OF)
    return mean_window({name: np.asarray(values[places]) for name, values in train.items()})


def output_named(run: Trained, output: str | None) -> str:
    """The output that is asked for; the first where none is.

    Raises:
        TrainError: ``explain.output``.
    """
    known = list(run.spec.outputs)
    if output is None or output in known:
        return output or known[0]
    raise TrainError(f"there is no output `{output}`", help=nearest(output, known), code="explain.output")


def numbers_of(run: Trained, output: str, raw: np.ndarray) -> np.ndarray:
    """(sample, number) of what a model gave for an output: chances of its classes, or its numbers."""
    task = run.tasks[output]
    if not task.classes:
        return np.asarray(task.numbers(raw), np.float64).reshape(len(raw), -1)
    # Of an output per step the last step's.
    return task.probabilities(raw).reshape(len(raw), -1, task.classes)[:, -1]


def mean_window(x: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Input → (…) the mean of its samples; of words the number 0, as padding has it."""
    return {
        name: values.mean(axis=0).astype(values.dtype)
        if values.dtype.kind == "f"
        else np.zeros(values.shape[1:], values.dtype)
        for name, values in x.items()
    }


def occluded(
    run: Trained,
    model: keras.Model,
    x: Mapping[str, np.ndarray],
    names: Names,
    output: str,
    target: np.ndarray,
    baseline: Mapping[str, np.ndarray],
    patch: tuple[int, int] | None = None,
) -> dict[str, np.ndarray]:
    """Input → (sample, …): what the output's target loses with each patch, shared by its numbers.

    Args:
        run: whose outputs they are.
        model: that is asked: the run's own, or another of its spec.
        x: input name → samples.
        names: what their numbers are called.
        output: which one.
        target: (sample,) the class or number that is explained.
        baseline: input name → (…) what covers a patch.
        patch: its steps and features; a tenth of the window's steps and one feature when None.
    """
    outputs, rows = list(run.spec.outputs), np.arange(len(target))

    def asked(given: Mapping[str, Any]) -> np.ndarray:
        raw = predict(model, given, outputs, batch_size=run.batch_size)
        return numbers_of(run, output, raw[output])[rows, target]

    steps, features = patch or (tenth(names), 1)
    return occlusion(asked, x, baseline, patches(names, steps, features))


def tenth(names: Names) -> int:
    """A tenth of the longest window's steps, at least one."""
    longest = max((len(item.lags) for item in names.values() if item.lags is not None), default=1)
    return max(1, round(longest / 10))
