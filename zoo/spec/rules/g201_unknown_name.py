"""# G201: a step that nobody declared

What it does: finds steps in snake_case that are no shared layer, block, submodel or verb.

Why it is bad: the pipe has a step that means nothing. CamelCase is Keras, snake_case is yours.

Example:

    layers: {encoder: {LSTM: 64}}
    graph:
      b: [tweet_b, encodr]

Instead: the declared name; or declare it under `layers`, `models` or `blocks`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from zoo.errors import Diagnostic, Span
from zoo.spec.rules import Rule
from zoo.spec.suggest import nearest

RULE = Rule("G201", "error")


def diagnose(
    name: str, span: Span, declared: Mapping[str, Span], verbs: Sequence[str], classes: Sequence[str]
) -> Diagnostic:
    """No layer, block or model is called `name`."""
    guess = nearest(name, (*declared, *verbs)) or nearest(name, classes)
    mend = f"did you mean `{guess}`?" if guess else "declare it under `layers`, `models` or `blocks`"
    related = ((declared[guess], "a similar name is declared here"),) if guess and guess in declared else ()
    return RULE(f"no layer, block or model is named `{name}`", span, mend, related)
