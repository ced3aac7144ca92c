"""A trained model compiled for prediction: the same numbers as ``Trained.predict``, faster."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from zoo.errors import TrainError
from zoo.layers.states import carries_state
from zoo.serve.predictor import ModelPredictor
from zoo.train import sources
from zoo.train.options import check_threads
from zoo.train.prediction_frame import prediction_frame
from zoo.train.units import in_units

if TYPE_CHECKING:
    import pandas as pd

    from zoo.data import Part
    from zoo.train.trained import Trained


class Predictor:
    """What ``Trained.predictor`` returns.

    It holds the weights that the model had when it was made; a later ``fit`` is not seen.

    Args:
        run: the trained model.
        engine: ``onnxruntime``, ``xla`` or ``keras``; the first that can and agrees with Keras when None, and
            for many windows XLA's recurrent loops once these are measured to be faster.
        threads: of ONNX Runtime for batches; as many as there are cores when None.

    Attributes:
        run: the trained model.
        compiled: the model on its engine.
    """

    def __init__(self, run: Trained, engine: str | None = None, threads: int | None = None) -> None:
        self.run = run
        self.compiled = ModelPredictor(run.spec, run.model, engine=engine, threads=check_threads(threads))
        # asked for at every window, and the same for all
        self._stateful = carries_state(run.model)
        self._tasks = run.tasks
        self._numbers = any(task.classes is None for task in self._tasks.values())
        self._wanted = [(item.shape, np.dtype(item.dtype), name) for name, item in run.spec.inputs.items()]

    @property
    def engine(self) -> str:
        """The name of the engine."""
        return self.compiled.engine.name

    @property
    def batch_engine(self) -> str:
        """The name of the engine for many windows, each by itself: another once it was measured faster."""
        return self.compiled.batches.engine.name

    def predict(
        self, data: Any = None, part: str = "test", *, scaled: bool | None = None, dense: bool | None = None
    ) -> Any:
        """Predictions, as ``Trained.predict`` gives them.

        Args:
            data, part, scaled: as there.
            dense: encode each row of a long series once and cut windows from the codes. None means where the
                model reads each step by itself first, and windows overlap so much that it pays.

        Raises:
            TrainError, DataError: as there. BuildError: ``serve.dense``, asked for where it cannot be had.
        """
        found = in_units(
            self.raw_outputs(*sources.samples_of(self.run, data, part, scaled), dense=dense),
            self.run.tasks,
            self.run.pipeline,
        )
        return next(iter(found.values())) if len(found) == 1 else found

    def predict_frame(
        self, data: Any = None, part: str = "test", *, scaled: bool | None = None, dense: bool | None = None
    ) -> pd.DataFrame:
        """Predictions as a table, one line a window, as ``Trained.predict_frame`` gives them."""
        x, samples = sources.samples_of(self.run, data, part, scaled)
        return prediction_frame(self.run, self.raw_outputs(x, samples, dense=dense), samples)

    def raw_outputs(
        self, x: Mapping[str, Any], part: Part | None = None, *, dense: bool | None = None
    ) -> dict[str, np.ndarray]:
        """What the model gives, by output name, for checked inputs; see ``Trained.raw_outputs``."""
        if self.engine == "keras":
            return self.run.raw_outputs(x, part)
        return self.compiled.outputs(x, dense=dense)

    def one(self, *inputs: np.ndarray) -> Any:
        """The prediction for one window, with as little around the model as there can be.

        Args:
            inputs: an array for each input in the spec's order, without the batch axis, scaled as the model
                sees them, of the input's dtype.

        Returns:
            The output without its batch axis, in the units of the data; a map by name where there are
            several.

        Raises:
            TrainError: ``predict.window``, arrays of another number or shape; ``predict.state``, the model
                carries a state from window to window.
        """
        if self._stateful:
            raise TrainError(
                f"`{self.run.spec.name}` carries a state from window to window: one alone has no meaning",
                help="predict() takes the windows in their order",
                code="predict.state",
            )
        if len(inputs) < len(self._wanted):
            raise self._refused(f"{len(inputs)} of {len(self._wanted)} arrays")
        outputs = self.compiled.one([self._checked(item, place) for place, item in enumerate(inputs)])
        raw = dict(zip(self.compiled.names, outputs, strict=True))
        told = in_units(raw, self._tasks, self.run.pipeline) if self._numbers else raw
        found = {name: values[0] for name, values in told.items()}
        return next(iter(found.values())) if len(found) == 1 else found

    def _checked(self, window: Any, place: int) -> np.ndarray:
        """One window with its batch axis."""
        if place >= len(self._wanted):
            raise self._refused("more arrays than the model has inputs")
        shape, dtype, name = self._wanted[place]
        try:
            array = np.asarray(window, dtype)
        except (TypeError, ValueError):
            raise self._refused(f"input `{name}` has what are no numbers") from None
        fits = len(array.shape) == len(shape) and all(
            size in (None, given) for size, given in zip(shape, array.shape, strict=True)
        )
        if not fits:
            raise self._refused(f"input `{name}` has shape {tuple(array.shape)}")
        if dtype.kind == "f" and not np.isfinite(array).all():
            # an engine may make something believable of a number that is none
            raise self._refused(
                f"input `{name}` has numbers that are missing or infinite", "fill or leave out such windows"
            )
        return array[None]

    def _refused(self, what: str, advice: str | None = None) -> TrainError:
        wanted = ", ".join(f"`{name}` {tuple(shape)}" for shape, _, name in self._wanted)
        return TrainError(
            f"one window is an array for each input; received {what}",
            help=advice or f"give {wanted}, without the batch axis",
            code="predict.window",
        )

    def __repr__(self) -> str:
        other = self.compiled.batches.engine
        many = "" if other is self.compiled.engine else f"; many windows: recurrent loops on {other.name}"
        return f"Predictor({self.run.spec.name!r}, {self.engine}{many})"
