"""# E104: the file of a submodel's weights is not there

What it does: looks for the file that `weights` of a submodel names: a `.safetensors` file, or a bundle
(`.zoo`), in the folder of the spec that names it. The file is not opened before the model is built;
`zoo validate --deep` builds it, and tells here when the weights do not fit.

Why it is bad: a pretrained model would begin with random weights. A file outside the spec's folder is
refused, so that a spec from a stranger opens no other file.

Example:

    models: {tower: {use: encoder, weights: ../encoder.safetensors, trainable: false}}

Instead: put the file beside the spec and name it without leaving the folder: `weights: encoder.zoo`.
`zoo import --weights` and `Trained.save` write such files. A spec given as text has no folder: its weights
are not found there, which is a warning until the model is built.
"""

from __future__ import annotations

from collections.abc import Sequence

from zoo.errors import Diagnostic, Span
from zoo.spec.rules import Rule
from zoo.spec.suggest import did_you_mean

RULE = Rule("E104", "error")
ENDINGS = (".safetensors", ".zoo")


def missing(name: str, known: Sequence[str], span: Span) -> Diagnostic:
    """The folder has no such file."""
    mend = did_you_mean(name, known) or "put the file beside the spec"
    return RULE(f"there is no file `{name}` in the folder of this spec", span, mend)


def outside(name: str, span: Span) -> Diagnostic:
    """A path that leaves the folder, or may."""
    return RULE(
        f"`{name}` is not in the folder of this spec",
        span,
        "put the file beside the spec and name it without a path: weights: tower.safetensors",
    )


def other_ending(name: str, span: Span) -> Diagnostic:
    """Neither safetensors nor a bundle."""
    return RULE(
        f"`{name}` is neither a .safetensors file nor a bundle (.zoo)",
        span,
        "`zoo import model.keras --weights tower.safetensors` makes one of a Keras file",
    )


def unfit(name: str, model: str, reason: str, span: Span | None, mend: str) -> Diagnostic:
    """The file was opened, and is not what the submodel needs."""
    return RULE(f"the weights in `{name}` for the model `{model}` {reason}", span, mend)


def no_folder(name: str, span: Span) -> Diagnostic:
    """A spec given as text."""
    return RULE(
        f"the weights in `{name}` cannot be found: this text has no folder",
        span,
        "save it as a file beside the weights and load that",
        level="warning",
    )
