"""Check: the output for a window, as the other windows of its batch change."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from zoo.audit.finding import Finding, Status
from zoo.audit.nodes import first_moving
from zoo.audit.probe import moved, run, tolerance_of
from zoo.audit.subject import Subject
from zoo.audit.windows import WINDOWS, Arrays, windows_of, with_other

CHECK = "batch"
RULE = "D301"
_MODES = {True: "in training mode", False: "in inference mode"}
_HELP = {
    True: "use LayerNormalization over the features, or CausalNormalization",
    False: "a layer computes across the batch's axis: let it compute along time or features",
}


def check_batch(subject: Subject, seed: int) -> Iterator[Finding]:
    """One finding a mode: in training, with the same noise, and in inference."""
    fixed = subject.model.inputs[0].shape[0]
    size = fixed or WINDOWS
    if size < 2:
        yield Finding(CHECK, "not checked", "the model's batches hold one window: nothing else is in them")
        return
    x = windows_of(subject, size, seed)
    for training in (True, False):
        yield _of_mode(subject, x, training=training)


def _of_mode(subject: Subject, x: Arrays, *, training: bool) -> Finding:
    model, names = subject.model, subject.inputs
    base = run(model, x, names, training=training)
    size = len(next(iter(x.values())))
    worst, bound, place, keep = -1.0, 0.0, 0, 0
    # The first and the last: a layer that runs along the batch sees only one side of it.
    for kept in (0, size - 1):
        after = run(model, with_other(x, kept), names, training=training)
        for number, (one, two) in enumerate(zip(base, after, strict=True)):
            gap = _of_window(one, two, kept, size)
            if gap - tolerance_of(one) > worst - bound or worst < 0:
                worst, bound, place, keep = gap, tolerance_of(one), number, kept
    output, mode = subject.outputs[place], _MODES[training]
    if worst <= bound:
        return Finding(
            CHECK, "clean", f"{mode}, a window's output stays as it is when the rest of its batch changes",
            worst, bound, f"of output `{output}`",
        )  # fmt: skip

    def seen(one: np.ndarray, two: np.ndarray) -> float:
        return _of_window(one, two, keep, size)

    where = first_moving(model, x, with_other(x, keep), names, training=training, seen=seen)
    status, said = _status(subject, training=training)
    return Finding(
        CHECK, status, f"{mode}, a window's output moves as the other windows of its batch change{said}",
        worst, bound, f"of output `{output}`", f"layer {where}", RULE, _HELP[training],
    )  # fmt: skip


def _of_window(one: np.ndarray, two: np.ndarray, keep: int, size: int) -> float:
    """How far one window's part of a result moves; a result without a batch axis says nothing of windows."""
    if one.shape != two.shape or one.ndim == 0 or len(one) % size:
        return 0.0
    return moved(np.split(one, size)[keep], np.split(two, size)[keep])


def _status(subject: Subject, *, training: bool) -> tuple[Status, str]:
    if reason := subject.allowed(RULE):
        return "allowed", f"; the spec allows it: {reason}"
    if training and not subject.in_time:
        return "note", "; its samples are independent, and none lies in another's future"
    return "leak", ""
