"""A loss given in code against the activation it judges: rule O104 of specs, for calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from zoo.errors import TrainError
from zoo.spec.graph import Argument, Object
from zoo.spec.rules import o104_activation_and_loss as o104
from zoo.spec.spec import Spec


def check(spec: Spec, losses: Mapping[str, Any]) -> None:
    """Refuse losses that contradict the activations of their outputs.

    Args:
        spec: what the model was built from; its ``lint`` may allow O104.
        losses: output → loss, as a caller writes it: a name, ``{Class: args}``, an object or a function.

    Raises:
        TrainError: code ``train.contradiction``; all outputs at once.
    """
    if o104.RULE.code in spec.lint:
        return
    outputs = {
        name: replace(output, loss=_as_declared(losses.get(name))) for name, output in spec.outputs.items()
    }
    found = list(o104.check(replace(spec, outputs=outputs)))
    if found:
        raise TrainError(
            "; ".join(item.message for item in found),
            help="; ".join(dict.fromkeys(item.help for item in found)),
            code="train.contradiction",
        )


def _as_declared(loss: Any) -> Argument | None:
    """A loss as a spec would hold it, so far as the rule reads it."""
    if loss is None or isinstance(loss, str):
        return None if loss is None else Argument(loss)
    if isinstance(loss, Mapping):
        head, args = next(iter(loss.items()), ("", None))
        given = args if isinstance(args, Mapping) else {}
        return Argument(
            Object(str(head), "losses", {str(name): Argument(item) for name, item in given.items()})
        )
    name = getattr(loss, "__name__", type(loss).__name__)
    return Argument(Object(name, "losses", {"from_logits": Argument(getattr(loss, "from_logits", False))}))
