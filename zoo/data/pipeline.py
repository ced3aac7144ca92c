"""What was fitted on the training part, as plain values: enough to treat new data the same way."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from numpy.typing import NDArray

from zoo.data.kinds import load_kind
from zoo.data.part import Part
from zoo.errors import DataError

FORMAT = 1
Outputs = Mapping[str, int | None]


@dataclass(frozen=True, eq=True)
class Pipeline(ABC):
    """The fitted state of a run's data, JSON-able; one subclass for each kind of data.

    Args:
        recipe: the spec's ``data`` section.
        input_shapes: input name → shape without the batch axis; None is an unknown size.
        outputs: output name → number of classes, None for a number.
    """

    kind: ClassVar[str]
    reads_files: ClassVar[bool]  # does it know a way from a file or frame to the inputs?

    recipe: dict[str, Any]
    input_shapes: dict[str, tuple[int | None, ...]]
    outputs: dict[str, int | None]

    @abstractmethod
    def load(self, source: Any, *, labels: bool = False) -> Any:
        """The data of a source, checked; it has a length, ``unit`` (of a row), ``name``, ``simulated``."""

    @abstractmethod
    def part_of(self, loaded: Any, *, labels: bool) -> Part:
        """All samples of loaded data as one part, with their targets when ``labels``."""

    def transform(self, source: Any, *, labels: bool = False) -> Part:
        """New data, treated as the training data was, as samples to predict.

        Args:
            source: path, frame, or what else this kind reads. For ``arrays``, x as an array, list or map by
                input name.
            labels: also make the targets; samples without a known future are left out then. For ``arrays``,
                ``source`` is (x, y) in this case.

        Raises:
            DataError: when the data does not fit the recipe or the inputs.
        """
        return self.part_of(self.load(source, labels=labels), labels=labels)

    @property
    def scales(self) -> bool:
        """Does it scale numbers, so that arrays have to say whether they are scaled already?"""
        return False

    def scale_inputs(self, x: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        """Samples in the units of their columns, by input name, scaled as the training data was."""
        return dict(x)

    def scale_target(self, output: str, values: NDArray[Any]) -> NDArray[Any]:
        """Numbers in the unit of the data as the model gives them: the way back of ``in_units``."""
        return values

    def columns_of(self, name: str) -> tuple[tuple[str, ...], int]:
        """Names of an input's columns, none where nobody named them, and the rows that it reads ahead."""
        return (), 0

    @abstractmethod
    def class_names(self, output: str) -> list[str]:
        """Names of the classes of an output in the order of their numbers; empty where they have none."""

    def in_units(self, output: str, values: NDArray[Any]) -> NDArray[Any]:
        """Numbers that the model gives for an output, (sample, …), in the unit of the data they came from."""
        return values

    def for_scores(self, output: str, values: NDArray[Any]) -> NDArray[Any]:
        """Numbers of an output in the unit in which their errors are told."""
        return values

    def number_names(self, output: str, count: int) -> list[str]:
        """A name for each of the ``count`` numbers that an output gives for a sample."""
        return ["value"] if count == 1 else [f"value_{number}" for number in range(1, count + 1)]

    def about_labels(self) -> str:
        """A line for reports on what is predicted; may be empty."""
        return ""

    @abstractmethod
    def fitted(self) -> dict[str, Any]:
        """What this kind has fitted, as plain values."""

    @classmethod
    @abstractmethod
    def restore(cls, state: Mapping[str, Any], common: Mapping[str, Any]) -> Self:
        """The pipeline of ``fitted`` (in ``state``) and the arguments that all kinds have (``common``)."""

    def to_dict(self) -> dict[str, Any]:
        """Plain values that survive JSON unchanged."""
        return {
            "format": FORMAT,
            "kind": self.kind,
            "recipe": self.recipe,
            "input_shapes": {name: list(shape) for name, shape in self.input_shapes.items()},
            "outputs": dict(self.outputs),
            **self.fitted(),
        }

    @staticmethod
    def from_dict(state: Mapping[str, Any]) -> Pipeline:
        """The pipeline of ``to_dict``.

        Raises:
            DataError: ``data.pipeline`` when the state is damaged or of a newer format.
        """
        if not isinstance(state, Mapping) or state.get("format") != FORMAT:
            found = state.get("format") if isinstance(state, Mapping) else type(state).__name__
            raise DataError(
                f"the data pipeline's state has format {found!r}; this version reads format {FORMAT}",
                help="open it with the version of speczoo that wrote it, or train again",
                code="data.pipeline",
            )
        try:
            common = {
                "recipe": dict(state["recipe"]),
                "input_shapes": {name: tuple(shape) for name, shape in state["input_shapes"].items()},
                "outputs": dict(state["outputs"]),
            }
            made: Pipeline = load_kind(str(state["kind"])).pipeline.restore(state, common)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DataError(
                f"the data pipeline's state is damaged: {type(error).__name__}: {error}",
                help="train again, or open an undamaged bundle",
                code="data.pipeline",
            ) from None
        return made


def read_scaler(pairs: Sequence[Sequence[float]]) -> list[tuple[float, float]]:
    """Shifts and factors of a stored scaler."""
    return [(float(shift), float(factor)) for shift, factor in pairs]
