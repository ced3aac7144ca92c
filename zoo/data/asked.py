"""What a model asks of its data: shape and number type of each input, the form of each output's target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Shape = tuple[int | None, ...]
Kind = Literal["labels", "one_hot", "binary", "numbers"]


@dataclass(frozen=True, slots=True)
class AskedInput:
    """One input.

    Args:
        shape: without the batch axis; None is an unknown size.
        dtype: as the spec names it.
        vocabulary: how many different whole numbers the Embedding that reads it knows, or None.
    """

    shape: Shape
    dtype: str = "float32"
    vocabulary: int | None = None


@dataclass(frozen=True, slots=True)
class AskedTarget:
    """The target of one output.

    Args:
        shape: of the target, without the batch axis; None is an unknown size.
        kind: ``labels``, whole numbers from 0; ``one_hot``, a row of 0 and one 1; ``binary``, 0 or 1;
            ``numbers``.
        classes: how many classes there are; None for numbers and for several yes-or-no units.
    """

    shape: Shape
    kind: Kind
    classes: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Inputs and targets by name, in the spec's order."""

    inputs: Mapping[str, AskedInput]
    targets: Mapping[str, AskedTarget]


def asked_of(input_shapes: Mapping[str, Sequence[int | None]], outputs: Mapping[str, int | None]) -> Asked:
    """What shapes and numbers of classes alone say: inputs of numbers, one class or one number a sample."""
    return Asked(
        {name: AskedInput(tuple(shape)) for name, shape in input_shapes.items()},
        {
            name: AskedTarget((1,), "numbers")
            if classes is None
            else AskedTarget((1,), "binary", 2)
            if classes == 1
            else AskedTarget((), "labels", classes)
            for name, classes in outputs.items()
        },
    )
