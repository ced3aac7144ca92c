"""# S103: a class that Keras does not have

What it does: looks every CamelCase name up among the public classes of Keras and the zoo's own, by the kind
of thing that is wanted there (a layer, an initializer, a loss, …).

Why it is bad: there is nothing to build. Some classes are refused on purpose, because they hold code: Lambda,
TFSMLayer.

Example:

    code: [book, Lstm: 32]

Instead: `LSTM`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from zoo.errors import Diagnostic, Span
from zoo.spec import signatures
from zoo.spec.rules import Rule
from zoo.spec.suggest import nearest

if TYPE_CHECKING:
    from zoo.spec.spec import Spec

RULE = Rule("S103", "error")
_WORDS = {
    "layers": "layer",
    "ops": "op",
    "losses": "loss",
    "metrics": "metric",
    "optimizers": "optimizer",
    "schedules": "learning-rate schedule",
    "callbacks": "callback",
    "initializers": "initializer",
    "regularizers": "regularizer",
    "constraints": "constraint",
    "activations": "activation",
}


def diagnose(name: str, family: str, span: Span | None) -> Diagnostic:
    """There is no `name` in `family`."""
    what = _WORDS[family]
    if reason := signatures.refused(family, name):
        mend = "" if "register" in reason or "write" in reason else "register a class of your own in code"
        return RULE(f"the {what} `{name}` is refused: {reason}", span, mend)
    # who writes `mean_squared_eror` wants that spelling of it, not the class
    known = signatures.spellings(family) if name.islower() else signatures.names(family)
    guess = nearest(name, known)
    prefix = "ops." if family == "ops" else ""
    mend = (
        f"did you mean `{prefix}{guess}`?"
        if guess
        else f"Keras has no {what} of that name; is it written in full?"
    )
    article = "an" if what[0] in "aeiou" else "a"
    return RULE(f"`{prefix}{name}` is not {article} {what}", span, mend)


def check(spec: Spec) -> Iterator[Diagnostic]:
    """Every class and every name of a class in an argument, an output or the recipe."""
    for head, family, span in spec.names_of_classes():
        if signatures.lookup(family, head) is None:
            yield diagnose(head, family, span)
