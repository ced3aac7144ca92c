"""What a search or a sweep goes by: a score of the validation part, and which way is up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoo.errors import TrainError
from zoo.spec.rules.t101_unknown_metric import reported
from zoo.train.judge.scores import CLASS_SCORES, NUMBER_SCORES
from zoo.train.names import nearest

if TYPE_CHECKING:
    from zoo.spec import Spec

DEFAULT = "val_loss"
_MORE_IS_BETTER = ("acc", "auc", "f1", "mcc", "r2", "precision", "recall", "similarity")


def check_objective(name: object, spec: Spec, *, also: tuple[str, ...] = ()) -> str:
    """A score that models may be chosen by; ``val_loss`` for None.

    Args:
        name: as the user gave it.
        spec: what is trained.
        also: further names that the caller knows.

    Raises:
        TrainError: code ``tune.objective``.
    """
    if name is None:
        return DEFAULT
    if name in also:
        return str(name)
    text = str(name)
    known = [*dict.fromkeys([*_reported(spec), *_of_reports(spec)]), *also]
    if text.startswith("test"):
        raise TrainError(
            f"`{text}` is a score of the test part: what is chosen by it is no longer measured by it",
            help=f"take `val{text[4:]}`",
            code="tune.objective",
        )
    if text not in known:
        help_ = f"take `val_{text}`" if f"val_{text}" in known else nearest(text, known)
        raise TrainError(
            f"there is no score `{text}` of the validation part", help=help_, code="tune.objective"
        )
    return text


def more_is_better(name: str) -> bool:
    """Whether a higher score is a better one, told by its name."""
    return any(word in name for word in _MORE_IS_BETTER)


def _reported(spec: Spec) -> list[str]:
    return [name for name in reported(spec) if name.startswith("val_")]


def _of_reports(spec: Spec) -> list[str]:
    """Those of ``Evaluation.metrics``; which outputs have classes is known when the model is built."""
    heads = [f"{output}_" for output in spec.outputs] if len(spec.outputs) > 1 else [""]
    return [f"val_{head}{name}" for head in heads for name in (*CLASS_SCORES, *NUMBER_SCORES)]
