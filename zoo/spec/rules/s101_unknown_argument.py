"""# S101: an argument that the class does not have

What it does: compares the names of arguments with the signature of the layer, op, initializer, optimizer, …
they are given to.

Why it is bad: Keras stops at it late; other tools ignore it in silence.

Example:

    code: [book, LSTM: {units: 32, return_sequence: true}]

Instead: `return_sequences`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from zoo.errors import Diagnostic, Span
from zoo.spec.nodes import Scalar
from zoo.spec.rules import Rule
from zoo.spec.suggest import did_you_mean, listed

if TYPE_CHECKING:
    from zoo.spec.spec import Spec

RULE = Rule("S101", "error")


def check(spec: Spec) -> Iterator[Diagnostic]:
    """Every argument of every class in the spec."""
    for head, signature, arguments, _ in spec.constructions():
        if signature is None:
            continue
        for name, argument in arguments.items():
            if name in signature.arguments:
                continue
            call = name in signature.tensors or name in signature.flags
            if call and signature.family == "layers":
                mend = f"it is given when the layer is called: `call: {{{name}: …}}`"
            else:
                known = f"its arguments are {listed(signature.arguments)}"
                mend = did_you_mean(name, signature.arguments) or known
            yield RULE(f"{head} has no argument `{name}`", argument.key, mend)


def of_call(head: str, key: Scalar, known: Sequence[str]) -> Diagnostic:
    """A call-time argument that the layer does not take."""
    mend = did_you_mean(key.text, known) or f"a call of {head} takes {listed(known)}"
    return RULE(f"a call of {head} has no argument `{key.text}`", key.span, mend)


def of_op(name: str, argument: str, span: Span, known: Sequence[str]) -> Diagnostic:
    """An argument that the op does not take."""
    mend = did_you_mean(argument, known) or f"its arguments are {listed(known)}"
    return RULE(f"ops.{name} has no argument `{argument}`", span, mend)
