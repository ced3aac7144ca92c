"""The result of ``prepare``."""

from __future__ import annotations

from dataclasses import dataclass

from zoo.data.part import Part
from zoo.data.pipeline import Pipeline


@dataclass(frozen=True, eq=False)
class Prepared:
    """Data ready to train on.

    Args:
        pipeline: what was fitted on the training part.
        train, val, test: the parts, in time order; val and test may be empty when their share is 0.
        about: a sentence for reports; it says so when the data is simulated or a toy.
        simulated: True when no market ever showed these numbers.
        fingerprint: SHA-256 of the data, for the bundle's manifest.
        toy: name of the toy that the data is, or empty.
        ordered: the samples are in time order, so that the one before says something of the next.
    """

    pipeline: Pipeline
    train: Part
    val: Part
    test: Part
    about: str
    simulated: bool
    fingerprint: str = ""
    toy: str = ""
    ordered: bool = True

    def __repr__(self) -> str:
        return f"Prepared({self.about})"
