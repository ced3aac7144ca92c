"""A model with its spec, its data's pipeline and its history: what ``zoo.train`` and ``zoo.open`` return."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import keras
import numpy as np

from zoo.layers.states import carries_state, states_aside
from zoo.spec.values import plain_value
from zoo.train import bundle, layers, sources
from zoo.train.engine import Fit, run_fit
from zoo.train.fitting import batches_of, fit_batches
from zoo.train.forecast import forecast
from zoo.train.judge.baselines import Baselines
from zoo.train.judge.evaluate import Evaluation
from zoo.train.options import check_epochs, fixed_batch_size
from zoo.train.predict import predict, predict_part
from zoo.train.prediction_frame import prediction_frame
from zoo.train.schedules import settle
from zoo.train.seeds import check_seed, seeded
from zoo.train.tasks import Task, task
from zoo.train.units import in_units
from zoo.train.views.attention import attention
from zoo.train.views.factors import factors
from zoo.train.views.importance import importance
from zoo.train.views.occlusion import occlude
from zoo.train.views.sanity import sanity

if TYPE_CHECKING:
    import pandas as pd

    from zoo.data import Part, Pipeline
    from zoo.explain.attention import AttentionMaps
    from zoo.explain.cells import By
    from zoo.explain.explanation import Explanation
    from zoo.explain.factors import Factors
    from zoo.explain.occlusion import Occlusion
    from zoo.explain.permutation import Importance
    from zoo.explain.sanity import Sanity
    from zoo.spec import Spec
    from zoo.train.predictor import Predictor
    from zoo.train.stream import Stream


class Trained:
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

    def predict(self, data: Any = None, part: str = "test", *, scaled: bool | None = None) -> Any:
        """Predictions: one array, or a map by output name where there are several.

        Numbers of a table are in the unit of their column. Classes come as a probability each. The parameters
        of a Student t distribution are its location, its scale and its degrees of freedom.

        Where the model carries a state from window to window, it begins with every session or symbol, and a
        part of the run's data goes on from the state that the windows before it left. Arrays are taken batch
        after batch, as Keras takes them, from a state of zero.

        Args:
            data: what the pipeline takes: a path, a book, a frame, for a table also an array (row, column),
                all in the units of their columns; or samples as arrays: one, a list in order, or a map by
                input name. None means the data of the run.
            part: ``train``, ``val`` or ``test``, of the data of the run.
            scaled: of samples as arrays, where the model's data were scaled: True when they are as the model
                sees them, False when they are in the units of their columns.

        Raises:
            TrainError: arrays that do not fit, or do not say whether they are scaled; no data to predict.
            DataError: a file that does not fit.
        """
        raw = self.raw_outputs(*sources.samples_of(self, data, part, scaled))
        found = in_units(raw, self.tasks, self.pipeline)
        return next(iter(found.values())) if len(found) == 1 else found

    def predict_frame(
        self, data: Any = None, part: str = "test", *, scaled: bool | None = None
    ) -> pd.DataFrame:
        """Predictions as a table, one line a window: what ``zoo predict`` writes.

        First come the row at which the window ends (counted from 1) and, in a table, its time and group. Then
        the numbers in the unit of their column, and of classes a probability each and the likeliest one's
        name. With several outputs their names stand before.

        Args:
            data, part, scaled: as in ``predict``.
        """
        x, samples = sources.samples_of(self, data, part, scaled)
        return prediction_frame(self, self.raw_outputs(x, samples), samples)

    def predict_file(
        self,
        out: str | os.PathLike[str] | TextIO,
        data: Any = None,
        part: str = "test",
        *,
        scaled: bool | None = None,
    ) -> int:
        """Write the lines of ``predict_frame`` to a file: what ``zoo predict --out`` does.

        Windows are predicted some after another and written, so that of a book on disk (``data.store``)
        neither they nor their predictions are ever all in memory.

        Args:
            out: Parquet where its name ends in ``.parquet``, else CSV; whole or absent. Or an open stream,
                for CSV.
            data, part, scaled: as in ``predict``.

        Returns:
            How many lines were written.

        Raises:
            TrainError, DataError: as in ``predict``; ``predict.out``, ``file.write``, no file can be written.

        Example:
            >>> import zoo
            >>> zoo.open("hrnn.zoo").predict_file("moves.parquet", "book.parquet")  # doctest: +SKIP
        """
        from zoo.train.prediction_file import predict_file

        return predict_file(self, out, data, part, scaled)

    def predictor(self, engine: str | None = None, *, threads: int | None = None) -> Predictor:
        """The model compiled for prediction, as it is now: the same numbers to 1e-5, in less time.

        Args:
            engine: ``onnxruntime`` (the extra ``serve``), ``xla`` or ``keras``. None means the first of them
                that can run the model and agrees with Keras.
            threads: of ONNX Runtime for batches; as many as there are cores when None.

        Raises:
            BuildError: ``serve.engine``, ``serve.missing``, ``serve.onnx``, ``serve.xla``,
                ``serve.stateful``, ``serve.difference``: an engine that was asked for cannot be had.

        Example:
            >>> import zoo
            >>> fast = zoo.train("hrnn_lob", epochs=1).predictor()  # doctest: +SKIP
            >>> fast.predict("book.csv")  # doctest: +SKIP
        """
        from zoo.train.predictor import Predictor

        return Predictor(self, engine, threads)

    def stream(self, engine: str | None = None, *, threads: int | None = None) -> Stream:
        """Predictions row by row: ``stream.push(snapshot)``. The window is kept, and nothing is done twice.

        Args:
            engine, threads: as in ``predictor``.

        Raises:
            TrainError: ``stream.state``, ``stream.inputs``, a model that has no such windows. DataError:
                ``stream.sample``, ``stream.scale``, a recipe that needs more than a snapshot and the last.

        Example:
            >>> import zoo
            >>> stream = zoo.train("hrnn_lob", epochs=1).stream()  # doctest: +SKIP
            >>> for snapshot in snapshots:  # doctest: +SKIP
            ...     chances = stream.push(snapshot)
        """
        from zoo.train.stream import Stream

        return Stream(self, engine, threads)

    def export(self, path: str | os.PathLike[str], format: str = "onnx", *, overwrite: bool = False) -> Path:
        """Write the model, as it is now, for those who have no speczoo.

        Args:
            path: of the file or folder; whole or absent.
            format: ``onnx``, a file whose inputs and outputs have the spec's names (the extra ``serve``);
                ``saved_model``, TensorFlow's folder, written by Keras; ``folder``, the ONNX file with what
                was fitted on the data and a ``predict.py`` that needs numpy and onnxruntime only.
            overwrite: replace an earlier export.

        Raises:
            TrainError: ``export.format``, ``export.path``, ``export.exists``, ``export.foreign``,
                ``file.write``. BuildError: ``export.state``, a model that carries a state from batch to
                batch; ``export.saved_model``, ``serve.missing``, ``serve.onnx``.

        Example:
            >>> import zoo
            >>> zoo.open("hrnn_lob.zoo").export("hrnn_lob", format="folder")  # doctest: +SKIP
        """
        from zoo.train.export import export

        return export(self, path, format, overwrite)

    def forecast(self, n: int, data: Any = None, *, known: Any = None) -> pd.DataFrame:
        """The next ``n`` rows, each predicted from the ones predicted before it; in the columns' own units.

        Nothing corrects it on the way: errors grow. A model of several steps gives as many rows at a time. A
        state is carried from row to row, after it went through all rows that there are. Of a distribution the
        number itself is fed back, the median or the location.

        Args:
            n: rows.
            data: a table to go on from, as in ``predict``; each of its groups, after its last row. None
                means the run's own data, to its end.
            known: columns whose coming values are known, such as a price list: a frame, a map or the path of
                a file, a row for each row to come; with the group's columns where there are several groups.
                The calendar's features need none.

        Returns:
            A frame: group and time (where its step is regular), ``step`` from 1, and each predicted column.

        Raises:
            TrainError, DataError: ``forecast.n``, ``forecast.kind``, ``forecast.data``; ``forecast.columns``,
                inputs read columns that nothing predicts; ``forecast.horizon``, no output is of the next row;
                ``forecast.known``, ``forecast.time``, ``forecast.scale``; ``forecast.rows``, fewer rows than
                a window has follow the last gap.

        Example:
            >>> import zoo
            >>> run = zoo.train("rnn_sine", epochs=2)  # doctest: +SKIP
            >>> run.forecast(40)  # doctest: +SKIP
        """
        return forecast(self, n, data, known)

    def raw_outputs(self, x: Mapping[str, Any], part: Part | None = None) -> dict[str, np.ndarray]:
        """What the model gives, by output name, for checked inputs; numbers scaled as its targets were.

        Args:
            x: inputs by name, lazy or not.
            part: of data, where x is one.
        """
        names = list(self.spec.outputs)
        if part is None:
            return predict(self.model, x, names, batch_size=self.batch_size)
        return predict_part(self.model, part, names, batch_size=self.batch_size)

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

    def explain(
        self,
        data: Any = None,
        part: str = "test",
        *,
        output: str | None = None,
        target: Any = None,
        method: str = "integrated_gradients",
        baseline: Any = "mean",
        of: str = "output",
        step: int | None = None,
        windows: int | None = 256,
        tolerance: float = 0.01,
        steps: int | None = None,
        by: By | None = None,
        seed: int | None = None,
        scaled: bool | None = None,
    ) -> Explanation:
        """What each number of a window brings to an output: integrated gradients.

        They add up to what the output differs by from the baseline's; how far they miss it, the completeness
        gap, is always in the result, and gradients are added until it is within the tolerance. Words are
        attributed at their embeddings. Numbers are those that the model sees: scaled.

        Args:
            data, part, scaled: as in ``predict``.
            output: by name; the first one when None.
            target: a class by name or number, or one of several numbers an output gives; each window's
                predicted class, or the first number, when None.
            method: ``integrated_gradients``, ``gradient_x_input`` or ``smoothgrad``. What else
                ``zoo explain --method`` knows are functions of their own: ``importance`` (permutation),
                ``occlusion``, ``factors``, ``attention``, ``sanity``.
            baseline: what a window is set against: ``mean`` or ``median`` of the training part, ``zeros``,
                ``expected`` (16 windows drawn from it: expected gradients), or a window as ``predict``
                takes it.
            of: ``output``, such as a class's probability, or ``logits``, before the last activation.
            step: of an output of each step, counted from 0; the last one when None.
            windows: at most so many, evenly spread; None for all.
            tolerance: of each window's gap, relative to what the output changes by.
            steps: gradients along the line, a fixed number instead of the tolerance; for ``smoothgrad``
                noisy copies.
            by: what the tables are grouped by, as in ``importance``; ``.frame(by)`` gives any other of the
                same attributions. None: by feature, level and time.
            seed: of what is drawn.

        Raises:
            TrainError: ``explain.method``, ``explain.output``, ``explain.target``, ``explain.baseline`` and
                the like, with what there is.

        Source: Sundararajan, Taly, Yan, "Axiomatic attribution for deep networks" (2017).

        Example:
            >>> import zoo
            >>> run = zoo.train("hrnn_lob", epochs=1)  # doctest: +SKIP
            >>> print(run.explain(target="up", by=["side", "level"]))  # doctest: +SKIP
        """
        from zoo.train.views.explain import explain

        return explain(
            self,
            data,
            part,
            output=output,
            target=target,
            method=method,
            baseline=baseline,
            of=of,
            step=step,
            windows=windows,
            tolerance=tolerance,
            steps=steps,
            by=by,
            seed=seed,
            scaled=scaled,
        )

    def importance(
        self,
        data: Any = None,
        part: str = "test",
        *,
        by: By = "feature",
        repeats: int = 5,
        metric: str | None = None,
        within: str = "session",
        block: int = 1,
        time_block: int | None = None,
        windows: int | None = 1000,
        seed: int | None = None,
        scaled: bool | None = None,
    ) -> Importance:
        """Permutation importance: how much worse the model is once numbers come from other windows.

        The numbers of a group are exchanged between windows, all of them in the same way, and the rest stays.
        A number that another one tells as well costs little: ask for groups of what goes together.

        Args:
            data, part, scaled: as in ``evaluate``; here a part may be named.
            by: what makes a group: ``feature``, ``level``, ``field``, ``side``, ``input``, ``time``, or
                several of them; or a map, name of a group → its features.
            repeats: permutations of each group.
            metric: a score of the report. None: macro-F1 of classes, mean absolute error of numbers.
            within: ``session`` exchanges numbers within a session or symbol, ``all`` among all windows.
            block: windows that stay neighbours; 1 permutes single ones. A model that carries a state sees
                whole stretches of other numbers where this is larger.
            time_block: steps that are one group where ``by`` says ``time``; a tenth of the window when None.
            windows: so many at most, evenly spread; None is all. The model goes through them once for each
                permutation of each group.
            seed: of the permutations; the run's own when None.

        Raises:
            TrainError: ``explain.by``, ``explain.metric``, ``explain.within``, ``explain.repeats``,
                ``explain.block``; no data, or none with targets. DataError: a file that does not fit.

        Source: Breiman 2001, as Fisher, Rudin and Dominici 2019 have it for any model; the intervals draw
        blocks of neighbouring windows anew.

        Example:
            >>> import zoo
            >>> run = zoo.train("hrnn_lob", epochs=1)  # doctest: +SKIP
            >>> print(run.importance(by="level"))  # doctest: +SKIP
        """
        return importance(
            self,
            data,
            part,
            by=by,
            repeats=repeats,
            metric=metric,
            within=within,
            block=block,
            time_block=time_block,
            windows=windows,
            seed=seed,
            scaled=scaled,
        )

    def attention(
        self,
        data: Any = None,
        part: str = "test",
        *,
        window: int | None = None,
        windows: int | None = 256,
        scaled: bool | None = None,
    ) -> AttentionMaps:
        """What the layers that attend weigh their steps by: the mean over windows, or one window's.

        Args:
            data, part, scaled: as in ``predict``.
            window: which one, from 0, as ``predict`` counts them; None is the mean over ``windows`` of them.
            windows: so many at most, evenly spread.

        Raises:
            TrainError: ``explain.no_attention``, no layer attends; ``explain.window``, no such window.
        """
        return attention(self, data, part, window=window, windows=windows, scaled=scaled)

    def factors(
        self,
        data: Any = None,
        part: str = "test",
        *,
        windows: int | None = None,
        seed: int | None = None,
        scaled: bool | None = None,
    ) -> Factors:
        """The factor report: how each feature goes together with the model's output, and with the truth.

        Pearson's and Spearman's correlations over the windows, of each feature at the window's end and of its
        mean over the window, with the probability of each class or with each number; intervals from drawing
        blocks of neighbouring windows anew.

        Args:
            data, part, scaled: as in ``evaluate``; here a part may be named.
            windows: so many at most, evenly spread; None is all.
            seed: of the draws; the run's own when None.

        Raises:
            TrainError: ``explain.factors``, no input of numbers, outputs of too many; no data with targets.
        """
        return factors(self, data, part, windows=windows, seed=seed, scaled=scaled)

    def occlusion(
        self,
        data: Any = None,
        part: str = "test",
        *,
        output: str | None = None,
        target: str | int | None = None,
        by: By = "feature",
        patch: tuple[int, int] | None = None,
        baseline: str = "mean",
        windows: int | None = 64,
        seed: int | None = None,
        scaled: bool | None = None,
    ) -> Occlusion:
        """What an output loses as patches of a window are covered: an attribution for each number.

        What a patch is worth is shared by its numbers, so that sums over them are in the output's unit. Steps
        and features that work together are worth more than the sum of their patches.

        Args:
            data, part, scaled: as in ``predict``.
            output: which one; the first when None.
            target: name of a class, or a number's place from 0. None: the class that the model says for each
                window, or the first number.
            by: how the frame groups the numbers; as in ``importance``.
            patch: its steps and features; a tenth of the window's steps of one feature when None.
            baseline: what covers it: ``mean``, the mean window of the training part (of these windows where
                that part is not at hand), or ``zeros``. Words are covered by 0.
            windows: so many at most, evenly spread.
            seed: of the interval's draws; the run's own when None.

        Raises:
            TrainError: ``explain.output``, ``explain.target``, ``explain.by``, ``explain.patch``,
                ``explain.baseline``, ``explain.windows``; no data.

        Source: Zeiler and Fergus 2014, "Visualizing and Understanding Convolutional Networks".
        """
        return occlude(
            self,
            data,
            part,
            output=output,
            target=target,
            by=by,
            patch=patch,
            baseline=baseline,
            windows=windows,
            seed=seed,
            scaled=scaled,
        )

    def sanity(
        self,
        data: Any = None,
        part: str = "test",
        *,
        method: str = "occlusion",
        output: str | None = None,
        windows: int | None = 64,
        seed: int | None = None,
        scaled: bool | None = None,
    ) -> Sanity:
        """Do attributions follow what the model has learnt? Layer by layer its weights are made random.

        Attributions that stay the same tell of the inputs, or of the architecture, and not of the model. They
        are of the class that the model says for each window, or of an output's first number. The weights are
        changed in a copy: the model's own are only read.

        Args:
            data, part, scaled: as in ``predict``.
            method: ``occlusion``, or one of ``explain``.
            output: which one; the first when None.
            windows: so many at most, evenly spread.
            seed: of the random weights; one that follows from the run's own when None.

        Raises:
            TrainError: ``explain.method``, ``explain.output``, ``explain.windows``; no data.

        Source: the cascading randomisation of Adebayo et al. 2018, "Sanity Checks for Saliency Maps".
        """
        return sanity(
            self, data, part, method=method, output=output, windows=windows, seed=seed, scaled=scaled
        )

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

        Returns:
            name → value of each epoch of this call; ``.history`` holds all.

        Raises:
            TrainError: samples that do not fit the model, or a loss that became NaN.
            KeyboardInterrupt: after Ctrl-C, when the best weights so far are in the model.
        """
        number = self.seed if seed is None else check_seed(seed)
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
            done = run_fit(
                self.model,
                train,
                val,
                epochs=passes,
                callbacks=callbacks,
                reset_states=self.resets_states,
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
