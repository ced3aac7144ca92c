"""# D302: a step that sees the future

What it does: follows, through every layer it knows, how far to the right each tensor sees along time. LSTM
and causal convolutions see nothing ahead; `same` convolutions and pooling see some steps; Bidirectional,
`go_backwards`, attention without a causal mask and layers that are not known see everything.

Why it is bad: where labels are per step (the output keeps the time axis), the output at a step uses what
comes after it: it scores well in tests and cannot be had in live use. Where the output has dropped time, the
window's own end is the present, and looking ahead inside it is fair: then this is only a note. Nothing lies
ahead of a label that is the window itself (an autoencoder's: `kind: reconstruct`, or a target of horizon 0).
In a table nothing lies ahead of targets after the window either, unless an input is shifted into their time
and holds their column (teacher forcing). In a spec without `data` nothing says what the labels are, and it is
a warning.

Example:

    inputs: {book: {shape: [100, 40]}}
    graph:
      move: [book, Conv1D: {filters: 16, kernel_size: 3, padding: same}, Dense: {units: 3, activation:
      softmax}]

Instead: `padding: causal`; `use_causal_mask: true` for attention. An autoencoder, which gives its own input
back, may say `lint: {allow: {D302: "reconstructs its input"}}`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from zoo.errors import Diagnostic, Level, Span
from zoo.spec.rules import Rule
from zoo.spec.shapes import Shape
from zoo.spec.sight import EVERYTHING, Sight
from zoo.spec.tables import is_table, per_step, table_inputs, table_targets

if TYPE_CHECKING:
    from zoo.spec.spec import Spec

RULE = Rule("D302", "error")


def check(spec: Spec) -> Iterator[Diagnostic]:
    """Every output against every input of a time-series model."""
    if not spec.is_time_series:
        return
    each_step = per_step(spec)
    for name, ref in spec.graph.outputs.items():
        if _rebuilds_the_window(spec, name):
            continue
        shape = spec.trace.shape(ref)
        for source, sight in spec.trace.sight(ref).items():
            if is_table(spec) and not _at_risk(spec, name, source):
                continue
            length = shape[sight.axis] if shape is not None and sight.axis is not None else None
            ahead = sight.ahead(length) if sight.axis is not None else float(sight.high)
            if each_step and sight.axis is None and _has_steps(shape) and len(spec.inputs[source].shape) > 1:
                # what was made of the whole window stands at every step
                ahead = EVERYTHING
            if ahead <= 0:
                continue
            keeps = each_step or (sight.axis is not None and length != 1)
            if keeps and not (sight.lost and sight.axis is None):
                # without a recipe nothing says that the labels are forecasts: an autoencoder may look
                # everywhere
                level: Level = "error" if spec.data else "warning"
                yield RULE(
                    _message(name, source, ahead, sight), _place(spec, sight, name), _help(sight), level=level
                )
            elif sight.lost or ahead == EVERYTHING:
                yield RULE(
                    _note(name, source, sight),
                    _place(spec, sight, name),
                    "fair where the label lies after the window",
                    level="note",
                )


def steps_in_time(spec: Spec) -> Iterator[tuple[str, str, int, float]]:
    """Where each step of an output is a moment that must not see later ones of an input.

    Yields:
        output, input, the axis of the output (batch first) along which its steps lie, steps of the input to
        one of the output.
    """
    each_step = per_step(spec)
    for name, ref in spec.graph.outputs.items() if spec.is_time_series else ():
        shape = spec.trace.shape(ref)
        for source, sight in spec.trace.sight(ref).items():
            if _rebuilds_the_window(spec, name) or (is_table(spec) and not _at_risk(spec, name, source)):
                continue
            length = shape[sight.axis] if shape is not None and sight.axis is not None else None
            if sight.axis is not None and (each_step or length != 1):
                yield name, source, sight.axis, float(sight.scale)
            elif each_step and _has_steps(shape) and len(spec.inputs[source].shape) > 1:
                yield name, source, 1, 1.0


def _rebuilds_the_window(spec: Spec, output: str) -> bool:
    """Whether an output's label is the window itself, as an autoencoder's is: then nothing lies ahead."""
    label, targets = spec.data.get("label"), spec.data.get("targets")
    if isinstance(label, dict) and label.get("kind") == "reconstruct":
        return True
    target = targets.get(output) if isinstance(targets, dict) else None
    return isinstance(target, dict) and target.get("horizon") == 0


def _has_steps(shape: Shape | None) -> bool:
    return shape is not None and len(shape) > 2


def _at_risk(spec: Spec, output: str, source: str) -> bool:
    """Whether a step of the output can see what it is to predict through an input of a table."""
    target, item = table_targets(spec).get(output), table_inputs(spec).get(source)
    if target is None or item is None or per_step(spec):
        return True
    shared = target.columns is None or item.columns is None or set(target.columns) & set(item.columns)
    return item.shift > 0 and bool(shared)


def _message(output: str, source: str, ahead: float, sight: Sight) -> str:
    by = f" through `{sight.cause}`" if sight.cause else ""
    if ahead == EVERYTHING:
        return f"every step of the output `{output}` sees all of `{source}`{by}, later steps included"
    steps = "1 step" if ahead == 1 else f"{ahead:g} steps"
    return f"every step of the output `{output}` sees {steps} of `{source}` after it{by}"


def _note(output: str, source: str, sight: Sight) -> str:
    how = "cannot be followed along time and counts as" if sight.lost else "is"
    return f"the output `{output}` {how} one that sees everything in the window of `{source}`"


def _help(sight: Sight) -> str:
    if sight.axis is None:
        return "keep the time axis: a summary of the window holds its last step too"
    if sight.high == EVERYTHING:
        return "use causal layers: LSTM, padding: causal, use_causal_mask: true"
    return "use padding: causal"


def _place(spec: Spec, sight: Sight, output: str) -> Span | None:
    layer = spec.graph.layers.get(sight.cause)
    if layer is not None and layer.span is not None:
        return layer.span
    return spec.outputs[output].span
