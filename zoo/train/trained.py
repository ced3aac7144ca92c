"""A model with its spec, its data's pipeline and its history: what ``zoo.train`` and ``zoo.open`` return."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras

from zoo.layers.states import carries_state, states_aside
from zoo.spec.values import plain_value
from zoo.train import bundle, layers, sources
from zoo.train.engine import Fit, run_fit
from zoo.train.execution.choose import check_asked, choose
from zoo.train.fitting import batches_of, fit_batches
from zoo.train.judge.baselines import Baselines
from zoo.train.judge.evaluate import Evaluation
from zoo.train.options import check_epochs, fixed_batch_size
from zoo.train.predict_methods import PredictMethods
from zoo.train.progress import Progress
from zoo.train.schedules import settle
from zoo.train.seeds import check_seed, seeded
from zoo.train.tasks import Task, task
from zoo.train.views.methods import ViewMethods

if TYPE_CHECKING:
    from zoo.data import Pipeline
    from zoo.spec import Spec


class Trained(PredictMethods, ViewMethods):
    """A model that can be trained on, judged, used and kept.

    ``fit`` and ``compile`` change it in place.

    Args:
        spec: what the model was built from.
        model: the compiled Keras model.
        seed: of the run; a later ``fit`` without a seed of its own goes on from it.

    Attributes:
        pipeline: from a book to the model's inputs, fitted on the training part; None for arrays without one.
        history: name → value of each epoch, over all fits.
        evaluation: the report on the test part, or None.
        baselines: output → what the report is set beside, fitted on the training part.
        interrupted: the last fit ended by Ctrl-C; the weights are then those of its best epoch.
        data_card: what the data was: ``about``, ``simulated``, ``fingerprint``, ``given``, ``source``.
        overrides: what ``compile`` changed in the spec's recipe, so far as a bundle can hold it.
    """

    def __init__(self, spec: Spec, model: keras.Model, *, seed: int) -> None:
        self.spec = spec
        self.model = model
        self.seed = seed
        self.pipeline: Pipeline | None = None
        self.history: dict[str, list[float]] = {}
        self.evaluation: Evaluation | None = None
        self.baselines: dict[str, Baselines] = {}
        self.interrupted = False
        self.data_card: dict[str, Any] = {}
        self.overrides: dict[str, Any] = {}
        self.prepared: Any = None
        self._compiled: dict[str, Any] = {}
        self._losses: dict[str, Any] = {name: plain_value(item.loss) for name, item in spec.outputs.items()}

    @classmethod
    def untrained(cls, spec: Spec, *, seed: int | None = None, pretrained: bool = True) -> Trained:
        """The spec's model with fresh weights, but for submodels that name a file; needs no data."""
        from zoo.build.model import build

        number = check_seed(spec.training.get("seed") if seed is None else seed)
        with seeded(number):
            return cls(spec, build(spec, pretrained=pretrained), seed=number)

    @property
    def tasks(self) -> dict[str, Task]:
        """Output → what it is asked for, by its loss and its shape."""
        shapes = [tuple(output.shape[1:]) for output in self.model.outputs]
        return {
            name: task(loss, shape) for (name, loss), shape in zip(self._losses.items(), shapes, strict=True)
        }

    @property
    def metrics(self) -> dict[str, float]:
        """The model's scores on the test part; empty before it was judged."""
        return self.evaluation.metrics if self.evaluation else {}

    @property
    def epochs(self) -> int:
        """Epochs trained, over all fits."""
        return max(map(len, self.history.values()), default=0)

    def class_names(self, output: str) -> list[str]:
        """What the classes of an output are called, by their numbers; empty where nobody said."""
        named = self.data_card.get("levels", {}).get(output)
        if named is None and self.pipeline is not None:
            named = self.pipeline.class_names(output)
        return [str(name) for name in named or ()]

    @property
    def batch_size(self) -> int | None:
        """The batch size that the model's inputs fix, or None."""
        return fixed_batch_size(self.spec)

    @property
    def carries_state(self) -> bool:
        """Does a layer carry a state from batch to batch?"""
        return carries_state(self.model)

    @property
    def resets_states(self) -> bool:
        """Do the states begin anew with every epoch, as they do unless the spec says ``never``?"""
        return self.spec.training.get("reset_states", "epoch") != "never"

    def evaluate(self, data: Any = None, *, scaled: bool | None = None) -> Evaluation:
        """The report of the model beside its baselines.

        Args:
            data: ``(x, y)``, or what the pipeline takes. A book that the run was trained on is judged on its
                test part alone, any other data on all of it. None means the test part of the run's data.
            scaled: whether the numbers of ``(x, y)`` are scaled, as in ``predict``.

        Raises:
            TrainError: no data, or arrays that do not fit. DataError: a file that does not fit.
        """
        evaluation = sources.evaluation_of(self, data, scaled)
        if data is None:
            self.evaluation = evaluation
        return evaluation

    def fit(
        self,
        x: Any,
        y: Any,
        *,
        epochs: int = 1,
        batch_size: int | None = None,
        validation_split: float = 0.0,
        validation_data: tuple[Any, Any] | None = None,
        class_weight: Any = None,
        callbacks: Sequence[keras.callbacks.Callback] = (),
        seed: int | None = None,
        verbose: int = 0,
        scaled: bool | None = None,
        plan: str = "auto",
    ) -> dict[str, list[float]]:
        """Train on arrays, in place.

        Args:
            x: an array, a list in the spec's order, or a map by input name.
            y: the same by output; class numbers count from 0.
            epochs: passes over the samples.
            batch_size: samples in a step; the spec's own, else 32, when None.
            validation_split: the last share of the samples, kept out of training. They must be in time order.
            validation_data: ``(x, y)`` instead of a share.
            class_weight: ``balanced``, class → weight, or output → either.
            callbacks: Keras callbacks.
            seed: of the order of the samples; the run's own when None.
            verbose: 0 silent, 1 a bar on a terminal, 2 a line an epoch.
            scaled: whether all these numbers are scaled, as in ``predict``.
            plan: how the steps are run, as in ``zoo.train``.

        Returns:
            name → value of each epoch of this call; ``.history`` holds all.

        Raises:
            TrainError: samples that do not fit the model, or a loss that became NaN.
            KeyboardInterrupt: after Ctrl-C, when the best weights so far are in the model.
        """
        number, asked = self.seed if seed is None else check_seed(seed), check_asked(plan)
        train, val = fit_batches(
            self,
            x,
            y,
            seed=number,
            batch_size=batch_size,
            validation_split=validation_split,
            validation_data=validation_data,
            class_weight=class_weight,
            scaled=scaled,
        )
        passes = check_epochs(epochs)
        with seeded(number + self.epochs):
            settle(self, len(train), passes)
            execution = choose(self.model, self.spec, train, passes, asked=asked, say=Progress(verbose).say)
            done = run_fit(
                self.model,
                train,
                val,
                epochs=passes,
                callbacks=callbacks,
                reset_states=self.resets_states,
                execution=execution,
                verbose=verbose,
            )
        return self.add(done)

    def add(self, done: Fit) -> dict[str, list[float]]:
        """Take a finished fit into the history.

        Raises:
            KeyboardInterrupt: the fit was interrupted.
        """
        self.take(done)
        if done.interrupted:
            raise KeyboardInterrupt
        return done.history

    def take(self, done: Fit) -> None:
        """Take a fit into the history, interrupted or not."""
        before, new = self.epochs, max(map(len, done.history.values()), default=0)
        for name in {**self.history, **done.history}:
            values = self.history.get(name, []) + [math.nan] * (before - len(self.history.get(name, [])))
            added = done.history.get(name, [])
            # A value that one fit watched and another did not is missing there, so that rows stay epochs.
            self.history[name] = values + added + [math.nan] * (new - len(added))
        self.interrupted = done.interrupted
        # What was said of the old weights is not true of the new ones.
        if new or done.interrupted:
            self.evaluation = None

    def score(
        self, x: Any, y: Any, batch_size: int | None = None, *, scaled: bool | None = None
    ) -> dict[str, float]:
        """Keras's own ``evaluate`` by name, the loss and the compiled metrics; arrays as in ``fit``."""
        batches = batches_of(self, x, y, batch_size, scaled)
        with states_aside(self.model):
            scores = self.model.evaluate(batches, return_dict=True, verbose=0)
        return {name: float(value) for name, value in scores.items()}

    def compile(self, **overrides: Any) -> None:
        """Compile the model again, in place; what is left out is the spec's.

        A bundle keeps names, numbers, lists and maps. An object made in code cannot be kept without keeping
        code: the opened model then has the spec's.

        Args:
            overrides: ``optimizer``, ``loss``, ``loss_weights``, ``metrics``, as Keras or a spec writes them.
        """
        from zoo.build.compile import by_output, compile_model

        compile_model(self.model, self.spec, **overrides)
        self._losses = {name: plain_value(item.loss) for name, item in self.spec.outputs.items()}
        if "loss" in overrides:
            self._losses |= dict.fromkeys(self._losses) | by_output(
                overrides["loss"], list(self._losses), "loss"
            )
        self._compiled = dict(overrides)
        self.overrides = {name: value for name, value in overrides.items() if _is_plain(value)}

    def freeze(self, *names: str) -> None:
        """Keep the weights of these layers from changing in a fit; all layers where none is named.

        The model is compiled again: an optimizer that had learnt something of the weights begins anew.

        Args:
            names: of layers as the spec names them; a submodel's name means all of its layers.

        Raises:
            TrainError: code ``layers.unknown``.
        """
        self._set_trainable(names, False)

    def unfreeze(self, *names: str) -> None:
        """Let fits change the weights of these layers again; see ``freeze``."""
        self._set_trainable(names, True)

    def _set_trainable(self, names: Sequence[str], trainable: bool) -> None:
        if layers.set_trainable(self.model, names or None, trainable):
            self.compile(**self._compiled)

    def get_weights(self, *names: str) -> layers.Arrays:
        """Copies of the weights: layer → weight → array; of these layers, or of all that have any.

        Raises:
            TrainError: code ``layers.unknown``.
        """
        return layers.weights_of(self.model, names or None)

    def set_weights(self, weights: Mapping[str, Mapping[str, Any]]) -> None:
        """Give layers new weights; what is left out stays. Either all of them fit, or none is given.

        Args:
            weights: layer → weight → array, as ``get_weights`` gives them.

        Raises:
            TrainError: codes ``layers.unknown``, ``weights.unknown``, ``weights.shape``, ``weights.number``.
        """
        layers.give_weights(self.model, weights)
        self.evaluation = None

    def summary(self) -> str:
        """Keras's summary of the model as text."""
        lines: list[str] = []
        self.model.summary(print_fn=lambda line, **_: lines.append(line), line_length=80)
        return "\n".join(lines)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the bundle; see ``zoo.open``.

        Raises:
            BundleError: the file cannot be written; an old one is then as it was.
        """
        return bundle.save(self, path)

    def to_bytes(self) -> bytes:
        """The bundle as bytes, to keep in a database; see ``zoo.from_bytes``."""
        return bundle.to_bytes(self)

    def __repr__(self) -> str:
        trained = f"{self.epochs} epochs" if self.epochs else "untrained"
        return f"Trained({self.spec.name!r}, {trained}, {self.model.count_params():,} parameters)"


def _is_plain(value: Any) -> bool:
    """Can a bundle hold it? Objects of code cannot be kept without keeping code."""
    if isinstance(value, Mapping):
        return all(isinstance(key, str) and _is_plain(item) for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, (str, int, float, bool))
