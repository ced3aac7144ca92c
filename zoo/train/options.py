"""The numbers of a run, checked before anything slow begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from zoo.errors import TrainError

if TYPE_CHECKING:
    from zoo.spec import Spec

_BATCH = 32
# More cores than any machine has.
_THREADS = 1024


def check_epochs(epochs: Any) -> int:
    """A whole number, 0 or more; doubles that are whole are what R has.

    Raises:
        TrainError: code ``train.epochs``.
    """
    return _whole(epochs, "epochs", 0)


def fixed_batch_size(spec: Spec) -> int | None:
    """The batch size that a spec's inputs fix, or None."""
    return next((item.batch_size for item in spec.inputs.values() if item.batch_size), None)


def check_batch_size(given: Any, spec: Spec) -> int:
    """The batch size of a call, else the model's own, else the spec's, else 32.

    Raises:
        TrainError: code ``train.batch_size``: no whole number above 0, or not the one that the inputs fix.
    """
    fixed = fixed_batch_size(spec)
    if given is None:
        return fixed or _whole(spec.training.get("batch_size", _BATCH), "batch_size", 1)
    size = _whole(given, "batch_size", 1)
    if fixed and size != fixed:
        raise TrainError(
            f"batch_size is {size}, and the inputs of `{spec.name}` fix it at {fixed}",
            help=f"leave batch_size out, or give {fixed}",
            code="train.batch_size",
        )
    return size


def check_threads(given: Any) -> int | None:
    """How many threads an engine may have, or None for as many as there are cores.

    Raises:
        TrainError: code ``train.threads``.
    """
    found = None if given is None else _whole(given, "threads", 1)
    if found is not None and found > _THREADS:
        raise TrainError(
            f"threads must be {_THREADS:,} or fewer, received {found:,}",
            help="leave it out: as many as there are cores",
            code="train.threads",
        )
    return found


def check_share(share: Any) -> float:
    """``validation_split``, from 0 to below 1.

    Raises:
        TrainError: code ``train.validation``.
    """
    if not isinstance(share, (int, float, np.number)) or not 0 <= share < 1:
        raise TrainError(
            f"validation_split must be a number from 0 to below 1, received {share!r}",
            help="0.2 keeps the last fifth of the samples out of training",
            code="train.validation",
        )
    return float(share)


def _whole(value: Any, name: str, least: int) -> int:
    number = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
    if not number or value != value or abs(value) == float("inf") or int(value) != value or value < least:
        raise TrainError(
            f"{name} must be a whole number, {least} or more, received {value!r}",
            help=f"give {name}={max(least, 1)} or more",
            code=f"train.{name}",
        )
    return int(value)
