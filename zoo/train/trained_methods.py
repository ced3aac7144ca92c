"""The base of the methods of ``Trained`` that have a file of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from zoo.train.trained import Trained


class TrainedMethods:
    """Methods that ``Trained`` alone inherits."""

    @property
    def _run(self) -> Trained:
        return cast("Trained", self)
