"""What an output is asked for, read off its loss and its shape: a class, a yes or no, or numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

Kind = Literal["labels", "one_hot", "binary", "numbers"]

_KINDS: dict[str, Kind] = {
    "sparse_categorical_crossentropy": "labels",
    "categorical_crossentropy": "one_hot",
    "categorical_focal_crossentropy": "one_hot",
    "categorical_hinge": "one_hot",
    "binary_crossentropy": "binary",
    "binary_focal_crossentropy": "binary",
}


@dataclass(frozen=True, slots=True)
class Task:
    """What one output is asked for.

    Args:
        kind: ``labels``, whole numbers from 0; ``one_hot``, a row of 0 and one 1; ``binary``, 0 or 1;
            ``numbers``.
        shape: the output's shape without the batch; None is an unknown size.
        from_logits: the output is scores, not probabilities.
        point: where the loss is of a distribution, the place on the output's last axis of the number itself:
            the target has one number where the output has several. Else None.
        quantiles: those of a Pinball loss, in the order of the output's last axis; else empty.
    """

    kind: Kind
    shape: tuple[int | None, ...]
    from_logits: bool = False
    point: int | None = None
    quantiles: tuple[float, ...] = ()

    @property
    def spread(self) -> str:
        """``quantiles`` or ``student_t`` where the output is a distribution; else empty."""
        return "quantiles" if self.quantiles else "" if self.point is None else "student_t"

    @property
    def classes(self) -> int | None:
        """How many classes there are, or None for numbers and for several yes-or-no units."""
        if self.kind == "numbers" or (self.kind == "binary" and not self._one_unit):
            return None
        return 2 if self.kind == "binary" else self.shape[-1]

    @property
    def target_shape(self) -> tuple[int | None, ...]:
        """The shape of ``y`` without the batch."""
        if self.kind == "labels":
            return self.shape[:-1]
        return self.shape if self.point is None else (*self.shape[:-1], 1)

    @property
    def data_shape(self) -> tuple[int | None, ...]:
        """What data has to fill: the output's own shape with its classes, or the target's for numbers."""
        return self.shape if self.classes else self.target_shape

    def numbers(self, raw: np.ndarray) -> np.ndarray:
        """What the model gives → the numbers to be compared with the target's."""
        return raw if self.point is None else np.asarray(raw)[..., self.point : self.point + 1]

    @property
    def _one_unit(self) -> bool:
        return not self.shape or self.shape[-1] == 1

    def probabilities(self, raw: np.ndarray) -> np.ndarray:
        """What the model gives → probabilities by class, ``(samples, class)``; steps count as samples.

        A yes or no of one unit becomes two columns.
        """
        raw = np.asarray(raw, dtype=np.float64)
        if self.kind == "binary":
            p = 1 / (1 + np.exp(-np.clip(raw, -500, 500))) if self.from_logits else raw
            return (
                np.stack([1 - p.ravel(), p.ravel()], axis=1) if self._one_unit else p.reshape(-1, p.shape[-1])
            )
        flat = raw.reshape(-1, raw.shape[-1])
        if self.from_logits:
            flat = np.exp(flat - flat.max(axis=1, keepdims=True))
        # Losses clip and renormalise; rows of a sigmoid layer under this loss need not sum to one.
        return flat / np.maximum(flat.sum(axis=1, keepdims=True), 1e-12)

    def truth(self, y: np.ndarray) -> np.ndarray:
        """Targets as the model is trained on them → class numbers, ``(samples,)``."""
        y = np.asarray(y)
        if self.kind == "one_hot":
            return y.reshape(-1, y.shape[-1]).argmax(axis=1)
        return y.ravel().astype(np.int64)


def task(loss: Any, shape: tuple[int | None, ...]) -> Task:
    """The task of an output of this loss and shape; a loss nobody here knows asks for numbers.

    Args:
        loss: as Keras or a spec writes it: a name, ``{Class: args}``, a loss object, a function, or None.
        shape: without the batch.
    """
    name, args = _named(loss)
    kind = _KINDS.get(name, "numbers")
    quantiles = tuple(args.get("quantiles", (0.1, 0.5, 0.9))) if name == "pinball" else ()
    point = 0 if name == "student_t" else _median(quantiles) if quantiles else None
    return Task(kind, tuple(shape), bool(args.get("from_logits", False)), point, quantiles)


def _median(quantiles: Sequence[float]) -> int:
    return min(range(len(quantiles)), key=lambda place: abs(quantiles[place] - 0.5))


def _named(loss: Any) -> tuple[str, Mapping[str, Any]]:
    if isinstance(loss, Mapping) and len(loss) == 1:
        head, args = next(iter(loss.items()))
        return _snake(str(head)), args if isinstance(args, Mapping) else {}
    if isinstance(loss, str):
        return _snake(loss), {}
    if hasattr(loss, "get_config"):
        return _snake(type(loss).__name__), loss.get_config()
    return _snake(getattr(loss, "__name__", "")), {}


def _snake(name: str) -> str:
    """``SparseCategoricalCrossentropy`` and ``sparse_categorical_crossentropy`` are one loss."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
