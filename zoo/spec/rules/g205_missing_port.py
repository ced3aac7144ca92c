"""# G205: an output that the step does not have

What it does: finds `name.port` where the layer, submodel or op has no such output, `.h` without
`return_state` above all.

Why it is bad: there is nothing to pick.

Example:

    enc: [past, LSTM: 16]
    dec: [known, LSTM: {units: 16, call: {initial_state: [enc.h, enc.c]}}]

Instead: `LSTM: {units: 16, return_state: true}`.
"""

from __future__ import annotations

from collections.abc import Iterable

from zoo.errors import Diagnostic, Span
from zoo.spec.rules import Rule
from zoo.spec.suggest import did_you_mean, listed

RULE = Rule("G205", "error")
STATES = {"h", "c", "fw_h", "fw_c", "bw_h", "bw_c"}


def diagnose(
    name: str, port: str, ports: Iterable[str], head: str, span: Span, declared: Span | None
) -> Diagnostic:
    """`name` has no output `port`."""
    ports = tuple(ports)
    if port in STATES and not STATES & set(ports):
        mend = f"give {head} `return_state: true`" if head else "only recurrent layers have states"
    else:
        mend = did_you_mean(port, ports) or (
            f"its outputs are {listed(ports)}" if ports else f"use `{name}` itself"
        )
    related = ((declared, f"`{name}` is made here"),) if declared else ()
    return RULE(f"`{name}` has no output `{port}`", span, mend, related)
