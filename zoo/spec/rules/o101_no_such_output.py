"""# O101: something is said of an output that does not exist

What it does: compares the names in `outputs`, `loss`, `loss_weights` and `metrics` with the tensors of
`graph` and the outputs of the spec.

Why it is bad: Keras would train without that loss, or stop late.

Example:

    outputs: [main, aux]
    loss: {main: mse, auxiliary: mse}

Instead: `aux`. An output under another name than its tensor: `outputs: {score: {from: aux, loss: mse}}`.
"""

from __future__ import annotations

from collections.abc import Sequence

from zoo.errors import Diagnostic, Span
from zoo.spec.rules import Rule
from zoo.spec.suggest import did_you_mean, listed

RULE = Rule("O101", "error")


def diagnose(section: str, name: str, span: Span, outputs: Sequence[str]) -> Diagnostic:
    """`section` names an output that is none."""
    mend = did_you_mean(name, outputs) or f"the outputs are {listed(outputs)}"
    return RULE(f"`{section}` names `{name}`, which is no output", span, mend)


def not_a_tensor(name: str, span: Span, tensors: Sequence[str]) -> Diagnostic:
    """`outputs` names a tensor that the graph does not have."""
    mend = did_you_mean(name, tensors) or f"the tensors are {listed(tensors)}"
    return RULE(f"the output `{name}` is no tensor of the graph", span, mend)
