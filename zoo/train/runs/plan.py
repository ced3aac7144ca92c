"""The numbers of a run: the call's, else those that a resumed run was begun with, else the spec's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import keras

from zoo.train.options import check_batch_size, check_epochs
from zoo.train.runs import record
from zoo.train.runs.claim import Claim
from zoo.train.runs.keeper import resumes
from zoo.train.seeds import check_seed

if TYPE_CHECKING:
    from zoo.spec import Spec


@dataclass(frozen=True, slots=True)
class Plan:
    """What ``zoo.train`` goes by.

    Args:
        epochs: passes over the training part.
        batch_size: samples in a step.
        seed: of weights, order and dropout.
        class_weight: as the call or the spec has it.
    """

    epochs: int
    batch_size: int
    seed: int
    class_weight: Any

    @classmethod
    def of(
        cls, spec: Spec, folder: Claim | None, epochs: Any, batch_size: Any, seed: Any, class_weight: Any
    ) -> Plan:
        """The numbers in use; None means that the call leaves one out.

        Raises:
            TrainError: codes ``train.epochs``, ``train.batch_size``, ``train.seed``.
        """

        def given(name: str, value: Any) -> Any:
            return folder.option(name, value) if folder is not None else value

        def first(name: str, value: Any, default: Any = None) -> Any:
            found = given(name, value)
            return spec.training.get(name, default) if found is None else found

        return cls(
            check_epochs(first("epochs", epochs, 1)),
            check_batch_size(given("batch_size", batch_size), spec),
            check_seed(first("seed", seed)),
            first("class_weight", class_weight),
        )

    def asked(self, spec: Spec, callbacks: Sequence[keras.callbacks.Callback]) -> record.Record:
        """The same for ``run.json``, beside the spec and the callbacks given in the call."""
        options = {
            "epochs": self.epochs,
            "batch_size": self.batch_size,
            "class_weight": self.class_weight,
            "callbacks": [type(item).__name__ for item in callbacks if resumes(item)],
        }
        return record.asked("zoo.train", spec, seed=self.seed, options=options)
