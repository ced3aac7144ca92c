"""``Trained.explain``: which samples, which number of which output, against what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from zoo.errors import TrainError
from zoo.explain.attribution import METHODS, Asked, Baselines, attribute
from zoo.explain.cells import By, group_cells
from zoo.explain.explanation import Explanation
from zoo.layers.states import states_aside
from zoo.train import sources
from zoo.train.arrays import check_inputs
from zoo.train.names import nearest
from zoo.train.seeds import check_seed
from zoo.train.tasks import Task
from zoo.train.views.names import names_of
from zoo.train.views.prices import prices_of
from zoo.train.views.samples import spread

if TYPE_CHECKING:
    from zoo.train.trained import Trained

BASELINES = ("mean", "median", "zeros", "expected")
OF = ("output", "logits")
# Methods of the shell's `zoo explain` that are functions of a Trained: method → function.
ELSEWHERE: Mapping[str, str] = MappingProxyType(
    {
        "permutation": "importance",
        **{name: name for name in ("importance", "occlusion", "factors", "attention", "sanity")},
    }
)
# Training samples that a baseline is made of, and that expected gradients draw from.
_FROM_TRAINING, _DRAWS = 512, 16


def explain(
    run: Trained,
    data: Any,
    part: str,
    *,
    output: str | None,
    target: Any,
    method: str,
    baseline: Any,
    of: str,
    step: int | None,
    windows: int | None,
    tolerance: float,
    steps: int | None,
    by: By | None,
    seed: int | None,
    scaled: bool | None,
) -> Explanation:
    """See ``Trained.explain``."""
    _check_method(method)
    _check_word(of, OF, "of")
    _check_number(tolerance, "tolerance", low=0.0)
    if steps is not None:
        _check_number(steps, "steps", low=1)
    number = run.seed if seed is None else check_seed(seed)
    name = _output(run, output)
    x, whole = sources.samples_of(run, data, part, scaled)
    places = spread(len(next(iter(x.values()))), windows)
    samples = {key: np.asarray(values[places]) for key, values in x.items()}
    names = names_of(run, samples)
    if by is not None:
        group_cells(names, by)  # refused before the work, not after it
    integrated = method == "integrated_gradients"
    said, baselines = _baselines(run, baseline, x, number) if integrated else ("none", Baselines(None))
    asked = Asked(
        model=run.model,
        inputs=list(samples.values()),
        output=list(run.spec.outputs).index(name),
        logits=of == "logits",
        baselines=baselines,
        batch=run.batch_size,
        tolerance=tolerance,
        steps=steps,
        seed=number,
    )
    with states_aside(run.model):
        raw = asked.outputs()
        mask, called = _mask(run, name, raw, target, step)
        found = attribute(method, asked, mask)
    prices, unit = prices_of(run, samples, names, whole, places)
    return Explanation(
        model=run.spec.name,
        method=method,
        output=name,
        target=called,
        attributions=dict(zip(samples, found.attributions, strict=True)),
        inputs=samples,
        values=(raw * mask).reshape(len(raw), -1).sum(axis=1),
        baseline=said,
        gap=found.gap,
        change=found.change,
        steps=found.steps,
        tolerance=tolerance,
        names=names,
        rows=None if whole is None else whole.rows[places] + 1,
        classes=_classes(run, name, raw, step),
        prices=prices,
        price_unit=unit,
        by=by,
    )


def _output(run: Trained, output: str | None) -> str:
    names = list(run.spec.outputs)
    if output is None:
        return names[0]
    if output not in names:
        raise TrainError(
            f"there is no output `{output}`", help=nearest(str(output), names), code="explain.output"
        )
    return output


def _baselines(run: Trained, baseline: Any, x: Mapping[str, Any], seed: int) -> tuple[str, Baselines]:
    """What is said of it, and what it is; ``x`` are the samples that are explained, all of them."""
    if isinstance(baseline, str):
        _check_word(baseline, BASELINES, "baseline")
        if baseline == "zeros":
            return "zeros", Baselines(None)
        whose, many = _usual(run, baseline, x)
        if baseline == "expected":
            count = min(_DRAWS, len(many[0]))
            draws = np.random.default_rng(seed).choice(len(many[0]), count, replace=False)
            return f"{count} windows of {whose}", Baselines([item[draws] for item in many])
        return f"{baseline} of {whose}", Baselines(many, baseline)
    given = check_inputs(baseline, run.spec.inputs, run.spec.vocabularies)
    return "given", Baselines([np.asarray(values) for values in given.values()])


def _usual(run: Trained, baseline: str, x: Mapping[str, Any]) -> tuple[str, list[np.ndarray]]:
    """Whose samples a baseline is made of, and these: the training part's, else those of the data ``x``."""
    whose = "the training part"
    try:
        x = sources.part_of(run, "train").x
    except TrainError as error:
        whose = "the data given (the training part is not at hand)"
        if len(next(iter(x.values()))) == 1:
            raise TrainError(
                f"the baseline `{baseline}` is made of the training part, which is not at hand, and the data "
                "given are one sample",
                help="give more data, or baseline='zeros': the mean where features are z-scores",
                code="explain.baseline",
            ) from error
    places = spread(len(next(iter(x.values()))), _FROM_TRAINING)
    return whose, [np.asarray(values[places]) for values in x.values()]


def _mask(
    run: Trained, output: str, raw: np.ndarray, target: Any, step: int | None
) -> tuple[np.ndarray, str]:
    """1 at the number that is explained, for each sample; and what that number is called."""
    task = run.tasks[output]
    mask = np.zeros(raw.shape, np.float32)
    flat, said = mask.reshape(len(raw), -1), ""
    if raw.ndim > 2:
        place = _step(step, raw.shape[1])
        flat, said = mask[:, place].reshape(len(raw), -1), f" at step {place + 1} of {raw.shape[1]}"
        raw = raw[:, place]
    elif step is not None:
        raise TrainError(f"the output `{output}` has no steps", help="leave `step` out", code="explain.step")
    numbers = raw.reshape(len(raw), -1)
    names = _numbers(run, output, task, numbers.shape[1])
    if target is None and task.classes and numbers.shape[1] > 1:
        flat[np.arange(len(flat)), numbers.argmax(axis=1)] = 1.0
        called = "predicted class"
    else:
        place = 0 if target is None else _target(target, names, output)
        flat[:, place] = 1.0
        called = f"`{names[place]}`"
    if not np.shares_memory(flat, mask):
        raise AssertionError("a mask is written through its view")
    return mask, called + said


def _classes(run: Trained, output: str, raw: np.ndarray, step: int | None) -> np.ndarray | None:
    """(window,) the name of the class that the model says; None of numbers."""
    task = run.tasks[output]
    if not task.classes:
        return None
    if raw.ndim > 2:
        raw = raw[:, _step(step, raw.shape[1])]
    numbers = raw.reshape(len(raw), -1)
    if numbers.shape[1] == 1:
        # Of two classes the output has one number: the chance of the second.
        return np.where(numbers[:, 0] > 0.5, *_two(run, output))
    return np.array(_numbers(run, output, task, numbers.shape[1]))[numbers.argmax(axis=1)]


def _two(run: Trained, output: str) -> tuple[str, str]:
    levels = run.class_names(output)
    return (levels[1], levels[0]) if len(levels) == 2 else ("1", "0")


def _numbers(run: Trained, output: str, task: Task, count: int) -> list[str]:
    """What the numbers of an output are called."""
    levels = run.class_names(output)
    if task.classes and count > 1:
        return levels if len(levels) == count else [str(number) for number in range(count)]
    if task.classes:
        return [levels[1] if len(levels) == 2 else "1"]
    if run.pipeline is not None:
        return run.pipeline.number_names(output, count)
    return ["value"] if count == 1 else [f"value_{number + 1}" for number in range(count)]


def _target(target: Any, names: Sequence[str], output: str) -> int:
    if isinstance(target, (int, np.integer)) and not isinstance(target, bool) and 0 <= target < len(names):
        return int(target)
    if str(target) in names:
        return list(names).index(str(target))
    # The shell writes places as text, R as doubles.
    place = int(text) if (text := str(target).removesuffix(".0")).isdigit() else -1
    if isinstance(target, (str, float)) and 0 <= place < len(names):
        return place
    raise TrainError(
        f"the output `{output}` has nothing called {target!r}",
        help=f"{nearest(str(target), names)}; or its place, from 0",
        code="explain.target",
    )


def _step(step: int | None, count: int) -> int:
    if step is None:
        return count - 1
    if isinstance(step, bool) or not isinstance(step, (int, np.integer)) or not -count <= step < count:
        raise TrainError(
            f"`step` is a place from 0 to {count - 1}; received {step!r}",
            help="leave it out for the last one",
            code="explain.step",
        )
    return int(step) % count


def _check_method(method: Any) -> None:
    if method in ELSEWHERE:
        raise TrainError(
            f"`{method}` is a view of its own, with settings of its own",
            help=f"run.{ELSEWHERE[method]}()",
            code="explain.method",
        )
    _check_word(method, METHODS, "method")


def _check_word(value: Any, known: Sequence[str], name: str) -> None:
    if value not in known:
        raise TrainError(
            f"`{name}` is one of: {', '.join(known)}; received {value!r}",
            help=nearest(str(value), list(known)),
            code=f"explain.{name}",
        )


def _check_number(value: Any, name: str, low: float) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float, np.number)) or not value >= low:
        raise TrainError(
            f"`{name}` is a number from {low:g}; received {value!r}",
            help="leave it out for the usual one",
            code=f"explain.{name}",
        )
