"""Shapes of recurrent layers and of the wrappers around layers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from zoo.spec.shapes.dims import Shape, ShapeProblem, Shapes, Step, show

STATES = {"LSTM": 2, "GRU": 1, "SimpleRNN": 1}


def recurrent(step: Step) -> Shapes:
    """(batch, time, features) → (batch, units), or (batch, time, units), then the states."""
    if len(step.one) != 3:
        raise ShapeProblem(f"{step.head} reads (batch, time, feature) and receives {show(step.one)}", "time")
    batch, time, features = step.one
    step.known(features, "feature")
    units = int(step.args["units"])
    out: Shape = (batch, time, units) if step.args["return_sequences"] else (batch, units)
    states = ((batch, units),) * STATES[step.head] if step.args["return_state"] else ()
    return (out, *states)


def bidirectional(step: Step) -> Shapes | None:
    """What the inner layer gives, read both ways and merged; then the states forward and backward."""
    found = step.inner((step.one,)) if step.inner else None
    if found is None:
        return None
    out, *states = found
    last = None if out[-1] is None else 2 * out[-1]
    outs = {"concat": ((*out[:-1], last),), None: (out, out)}.get(step.args["merge_mode"], (out,))
    return (*outs, *states, *states)


def time_distributed(step: Step) -> Shapes | None:
    """(batch, time, …) → the inner layer at every step."""
    if len(step.one) < 3:
        raise ShapeProblem(f"TimeDistributed takes (batch, time, …) and receives {show(step.one)}", "time")
    batch, time, *rest = step.one
    found = step.inner(((batch, *rest),)) if step.inner else None
    if found is None or len(found) != 1:
        return None
    return ((batch, time, *found[0][1:]),)


RULES: Mapping[str, Callable[[Step], Shapes | None]] = {
    **dict.fromkeys(STATES, recurrent),
    "Bidirectional": bidirectional,
    "TimeDistributed": time_distributed,
}
