"""# D310: a scaler fitted on more than the training part

What it does: looks at `data.scale.fit`.

Why it is bad: means and deviations of the validation and test parts tell the model about the future.

Example:

    data: {scale: {method: zscore, fit: all}}

Instead: `fit: train`, which is the default.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from zoo.errors import Diagnostic
from zoo.spec.rules import Rule

if TYPE_CHECKING:
    from zoo.spec.spec import Spec

RULE = Rule("D310", "error")


def check(spec: Spec) -> Iterator[Diagnostic]:
    """The scaler of the recipe."""
    scale = spec.data.get("scale")
    if isinstance(scale, dict) and scale.get("fit", "train") != "train":
        yield RULE(
            f"the scaler is fitted on `{scale['fit']}`, which holds more than the training part",
            spec.pipeline["scale"].span,
            "write fit: train",
        )
