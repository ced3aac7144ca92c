"""# D304: stateful and shuffled

What it does: finds `shuffle: true` in the recipe of a stateful model.

Why it is bad: the state that a batch leaves is meant for the batch that follows it in time. Shuffled, it
belongs to another moment.

Example:

    training: {shuffle: true}

Instead: `shuffle: false` (the default for stateful models).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from zoo.errors import Diagnostic
from zoo.spec.rules import Rule
from zoo.spec.rules.d303_stateful_batch import stateful

if TYPE_CHECKING:
    from zoo.spec.spec import Spec

RULE = Rule("D304", "error")


def check(spec: Spec) -> Iterator[Diagnostic]:
    """The recipe of a stateful model."""
    shuffle = spec.recipe.get("shuffle")
    layer = next(stateful(spec), None)
    if layer is not None and shuffle is not None and shuffle.value is True:
        related = ((layer[1], "stateful here"),) if layer[1] else ()
        yield RULE(
            "a stateful model is trained in order, not shuffled",
            shuffle.span,
            "write shuffle: false",
            related,
        )
