"""# G101: a tensor that does not exist

What it does: finds names in sources, in `call:` and among an op's tensors that are neither an input nor a key
of `graph`.

Why it is bad: the graph has a hole.

Example:

    inputs: {book: {shape: [100, 20]}}
    graph:
      code: [bok, LSTM: 32]

Instead: the name of an input or of another pipe. Names given inside a block or a `repeat` are not seen
outside it.
"""

from __future__ import annotations

from collections.abc import Iterable

from zoo.errors import Diagnostic, Span
from zoo.spec.nodes import Scalar
from zoo.spec.rules import Rule
from zoo.spec.suggest import listed, nearest

RULE = Rule("G101", "error")


def diagnose(
    name: str, span: Span, visible: Iterable[str], similar: Scalar | None, is_layer: bool
) -> Diagnostic:
    """No tensor is called `name`."""
    names = tuple(visible)
    guess = nearest(name, names)
    if is_layer:
        mend = f"`{name}` is declared as a layer; call it on a tensor: [tensor, {name}]"
    elif guess:
        mend = f"did you mean `{guess}`?"
    else:
        mend = f"the tensors here are {listed(names)}" if names else "declare it under `inputs` or `graph`"
    related = ((similar.span, "a similar name is declared here"),) if similar and guess else ()
    return RULE(f"no input or tensor is named `{name}`", span, mend, related)


def too_early(name: str, span: Span) -> Diagnostic:
    """``_`` where nothing flows."""
    return RULE(f"`{name}` stands where nothing flows yet", span, "name a tensor")
