"""Check: an output's steps up to t, as the inputs after t change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from zoo.audit.finding import Finding
from zoo.audit.nodes import first_moving
from zoo.audit.probe import moved, run, tolerance_of
from zoo.audit.subject import Subject
from zoo.audit.windows import WINDOWS, Arrays, windows_of, with_other_future
from zoo.spec.rules import d302_look_ahead

CHECK = "causality"
RULE = "D302"
_MOMENTS = (0.25, 0.5, 0.75)  # of a window


@dataclass(frozen=True, slots=True)
class _Steps:
    """Steps of an output that stand for moments of an input.

    Args:
        output, source: their names.
        axis: of the output, batch first, along which the steps lie.
        scale: steps of the input to one of the output.
    """

    output: str
    source: str
    axis: int
    scale: float

    def known(self, length: int, steps: int, step: int) -> int:
        """How many of an output's ``length`` steps lie at ``step`` of ``steps`` or before."""
        return int(np.floor(length - 1 - (steps - 1 - step) / self.scale + 1e-9)) + 1


def check_causality(subject: Subject, seed: int) -> Iterator[Finding]:
    """One finding a pair of an output that keeps the time axis and an input."""
    found = list(_steps_of(subject))
    if not found:
        yield Finding(
            CHECK, "not checked", "no output has steps that are moments of its window: nothing is ahead"
        )  # fmt: skip
        return
    fixed = subject.model.inputs[0].shape[0]
    x = windows_of(subject, fixed or WINDOWS, seed)
    base = run(subject.model, x, subject.inputs, training=False)
    for item in found:
        yield _of_pair(subject, item, x, base[subject.outputs.index(item.output)], seed)


def _of_pair(subject: Subject, item: _Steps, x: Arrays, base: np.ndarray, seed: int) -> Finding:
    steps, length = x[item.source].shape[1], base.shape[item.axis]
    bound, worst, at = tolerance_of(base), 0.0, -1
    for step in sorted({int(steps * share) for share in _MOMENTS} & set(range(steps - 1))):
        count = item.known(length, steps, step)
        if count < 1:
            continue
        changed = with_other_future(x, item.source, step, seed)
        outputs = run(subject.model, changed, subject.inputs, training=False)
        after = outputs[subject.outputs.index(item.output)]
        gap = moved(_until(base, item.axis, count), _until(after, item.axis, count))
        if gap > worst or at < 0:
            worst, at = gap, step
    pair = f"output `{item.output}`"
    if at < 0:
        said = f"the windows of `{item.source}` are too short to change the end of them"
        return Finding(CHECK, "not checked", said)
    if worst <= bound:
        said = f"the steps of {pair} stay as they are when `{item.source}` changes after them"
        return Finding(CHECK, "clean", said, worst, bound, f"of {pair}")
    reason = subject.allowed(RULE)
    said = f"the steps of {pair} up to step {at + 1} move when `{item.source}` changes after it"
    return Finding(
        CHECK,
        "allowed" if reason else "leak",
        f"{said}; the spec allows it: {reason}" if reason else said,
        worst,
        bound,
        f"of {pair}",
        f"layer {_where(subject, item, x, at, seed)}",
        RULE,
        "use causal layers: LSTM, padding: causal, use_causal_mask: true"
        + ("" if subject.spec else "; where the labels are the window itself, give them as y"),
    )


def _where(subject: Subject, item: _Steps, x: Arrays, step: int, seed: int) -> str:
    steps = x[item.source].shape[1]

    def seen(one: np.ndarray, two: np.ndarray) -> float:
        # A result that has lost the time axis, or has another, tells nothing by itself.
        if one.ndim < 3 or one.shape[1] != steps:
            return 0.0
        return moved(one[:, : step + 1], two[:, : step + 1])

    changed = with_other_future(x, item.source, step, seed)
    found = first_moving(subject.model, x, changed, subject.inputs, training=False, seen=seen)
    return found or first_moving(subject.model, x, changed, subject.inputs, training=False)


def _until(values: np.ndarray, axis: int, count: int) -> np.ndarray:
    return np.take(values, np.arange(count), axis=axis)


def _steps_of(subject: Subject) -> Iterator[_Steps]:
    if subject.spec is not None:
        for name, source, axis, scale in d302_look_ahead.steps_in_time(subject.spec):
            yield _Steps(name, source, axis, scale)
        return
    sample = subject.sample
    for name, output in zip(subject.outputs, subject.model.outputs, strict=True):
        for source, tensor in zip(subject.inputs, subject.model.inputs, strict=True):
            if _one_window(output.shape, tensor.shape) and not _rebuilds(sample, name, source):
                yield _Steps(name, source, 1, 1.0)


def _one_window(output: tuple[int | None, ...], source: tuple[int | None, ...]) -> bool:
    """Without a spec, an output whose first axis is as long as an input's has its steps."""
    return len(output) > 2 and len(source) > 1 and output[1] == source[1]


def _rebuilds(sample: object, output: str, source: str) -> bool:
    """Is the target the input itself, as an autoencoder's is?"""
    x, y = getattr(sample, "x", {}), getattr(sample, "y", {})
    if source not in x or output not in y or len(x[source]) != len(y[output]):
        return False
    one, two = np.asarray(x[source][:WINDOWS]), np.asarray(y[output][:WINDOWS])
    return one.size == two.size and bool(np.allclose(one.ravel(), two.ravel()))
