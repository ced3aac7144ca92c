"""``Trained``'s methods that give predictions, at once or from a compiled model, here or elsewhere."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import numpy as np

from zoo.train import sources
from zoo.train.forecast import forecast
from zoo.train.predict import predict, predict_part
from zoo.train.prediction_frame import prediction_frame
from zoo.train.trained_methods import TrainedMethods
from zoo.train.units import in_units

if TYPE_CHECKING:
    import pandas as pd

    from zoo.data import Part
    from zoo.train.predictor import Predictor
    from zoo.train.stream import Stream


class PredictMethods(TrainedMethods):
    """From data to predictions."""

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
            TrainError: arrays that do not fit, or of a table do not say whether they are scaled; no data to
                predict. Samples of a book are always as the model sees them.
            DataError: a file that does not fit.
        """
        raw = self._run.raw_outputs(*sources.samples_of(self._run, data, part, scaled))
        found = in_units(raw, self._run.tasks, self._run.pipeline)
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
        x, samples = sources.samples_of(self._run, data, part, scaled)
        return prediction_frame(self._run, self._run.raw_outputs(x, samples), samples)

    def predict_file(
        self,
        out: str | os.PathLike[str] | TextIO,
        data: Any = None,
        part: str = "test",
        *,
        scaled: bool | None = None,
        engine: str | None = None,
    ) -> int:
        """Write the lines of ``predict_frame`` to a file: what ``zoo predict --out`` does.

        Windows are predicted some after another and written, so that of a book on disk (``data.store``)
        neither they nor their predictions are ever all in memory. From 10,000 windows on the model is
        compiled first, as by ``predictor``: the same numbers to 1e-5, sooner.

        Args:
            out: Parquet where its name ends in ``.parquet``, else CSV; whole or absent, instead of one of
                predictions that is there. Or an open stream, for CSV.
            data, part, scaled: as in ``predict``.
            engine: ``keras``, Keras's own numbers; ``onnxruntime`` or ``xla``, compiled however few windows
                there are. None means compiled where there are many, by the first that can and agrees.

        Returns:
            How many lines were written.

        Raises:
            TrainError, DataError: as in ``predict``; ``predict.out``, ``file.write``, no file can be written.
            BuildError: as in ``predictor``, of an engine that was asked for.

        Example:
            >>> import zoo
            >>> zoo.open("hrnn.zoo").predict_file("moves.parquet", "book.parquet")  # doctest: +SKIP
        """
        from zoo.train.prediction_file import predict_file

        return predict_file(self._run, out, data, part, scaled, engine)

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
        return forecast(self._run, n, data, known)

    def predictor(self, engine: str | None = None, *, threads: int | None = None) -> Predictor:
        """The model compiled for prediction, as it is now: the same numbers to 1e-5, in less time.

        Args:
            engine: ``onnxruntime`` (the extra ``serve``), ``xla`` or ``keras``. None means the first of them
                that can run the model and agrees with Keras; many windows of a model with recurrent layers
                are then timed on XLA too, once, and go the faster way.
            threads: of ONNX Runtime for batches, and for one window where they are much faster than one; as
                many as there are cores when None.

        Raises:
            BuildError: ``serve.engine``, ``serve.missing``, ``serve.onnx``, ``serve.xla``,
                ``serve.stateful``, ``serve.difference``: an engine that was asked for cannot be had.

        Example:
            >>> import zoo
            >>> fast = zoo.train("hrnn_lob", epochs=1).predictor()  # doctest: +SKIP
            >>> fast.predict("book.csv")  # doctest: +SKIP
        """
        from zoo.train.predictor import Predictor

        return Predictor(self._run, engine, threads)

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

        return Stream(self._run, engine, threads)

    def export(self, path: str | os.PathLike[str], format: str = "onnx", *, overwrite: bool = False) -> Path:
        """Write the model, as it is now, for those who have no speczoo.

        Args:
            path: of the file or folder; whole or absent.
            format: ``onnx``, a file whose inputs and outputs have the spec's names (the extra ``serve``);
                ``saved_model``, TensorFlow's folder, written by Keras; ``folder``, the ONNX file with what
                was fitted on the data and a ``predict.py`` that needs numpy and onnxruntime only.
            overwrite: replace an earlier export; what no export wrote is never replaced.

        Raises:
            TrainError: ``export.format``, ``export.path``, ``export.exists``, ``export.foreign``,
                ``file.write``. BuildError: ``export.state``, a model that carries a state from batch to
                batch; ``export.saved_model``, ``serve.missing``, ``serve.onnx``.

        Example:
            >>> import zoo
            >>> zoo.open("hrnn_lob.zoo").export("hrnn_lob", format="folder")  # doctest: +SKIP
        """
        from zoo.train.export import export

        return export(self._run, path, format, overwrite)

    def raw_outputs(self, x: Mapping[str, Any], part: Part | None = None) -> dict[str, np.ndarray]:
        """What the model gives, by output name, for checked inputs; numbers scaled as its targets were.

        Args:
            x: inputs by name, lazy or not.
            part: of data, where x is one.
        """
        names = list(self._run.spec.outputs)
        if part is None:
            return predict(self._run.model, x, names, batch_size=self._run.batch_size)
        return predict_part(self._run.model, part, names, batch_size=self._run.batch_size)
