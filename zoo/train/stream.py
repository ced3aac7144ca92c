"""``Trained.stream``: a prediction for each snapshot as it comes in."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from zoo.data.live import LiveRows, is_named
from zoo.errors import TrainError
from zoo.layers.states import carries_state
from zoo.serve.stream import RowStream
from zoo.train.predictor import Predictor
from zoo.train.units import in_units

if TYPE_CHECKING:
    from zoo.data.live_table import LiveTable
    from zoo.train.trained import Trained


class Stream:
    """What ``Trained.stream`` returns.

    Args:
        run: a trained model of one input of windows.
        engine, threads: as in ``Trained.predictor``.

    Attributes:
        run: the trained model.
        compiled: the model on its engine.
        engine: the engine's name.
        rows: makes features of snapshots, or of a table's rows; None for a model whose data came as arrays.
        skipped: snapshots that ``clean`` left out, so far.
    """

    def __init__(self, run: Trained, engine: str | None = None, threads: int | None = None) -> None:
        _check(run)
        predictor = Predictor(run, engine, threads)
        self.run = run
        (item,) = run.spec.inputs.values()
        self.compiled = predictor.compiled
        self._core = RowStream(predictor.compiled, item.shape, threads)
        # of each group that rows name
        self._windows: dict[tuple[str, ...], RowStream] = {(): self._core}
        self.engine = predictor.engine
        self._names = predictor.compiled.names
        self._tasks = run.tasks
        self._numbers = any(task.classes is None for task in self._tasks.values())
        self._length = item.shape[0]
        self._width = math.prod(size or 1 for size in item.shape[1:])
        self.rows = _live_rows(run)
        self.skipped = 0

    @property
    def coded(self) -> bool:
        """Whether each row is encoded once, when it comes in, and not once a window."""
        return self._core.coded

    def __repr__(self) -> str:
        rows = "snapshots" if self.rows is not None else "rows"
        return f"Stream({self.run.spec.name!r}, {self.engine}, windows of {self._length} {rows})"

    def reset(self) -> None:
        """A session begins: what was pushed before is forgotten, of all groups."""
        self._core.reset()
        self._windows = {(): self._core}
        if self.rows is not None:
            self.rows.reset()

    def push(self, snapshot: Any, *, scaled: bool = False) -> Any:
        """The prediction for the window that ends at this snapshot.

        Args:
            snapshot: of an order book, raw: (4·level,) ask price, ask size, bid price, bid size of each level
                from the best, or a map or row of a frame by the names ``ask_price_1``, …; of a table, a map
                or row of a frame by its columns' names, or their numbers. A book's row may also say its
                ``time_ns``, which must not go backwards, and its ``session`` and ``symbol``: another one
                begins the window anew. Features and their scaling are those of the training. For other
                models, and with ``scaled``: (feature,) numbers as the model sees them.
            scaled: the numbers are features, scaled already.

        Returns:
            What ``Trained.predict`` gives for that window: an array, or a map by output name where there are
            several. None until the window is full, and for a snapshot that ``clean`` leaves out. In a table
            a step of time longer than ``window.gap`` begins the window anew, and each group that rows name
            has a window of its own.

        Raises:
            DataError: ``stream.row`` and the codes of a file's rows; the snapshot is then not kept.
            TrainError: ``stream.row``, features of another number, or not scaled where nothing scales them.
        """
        snapshot = _one_row(snapshot)
        if self.rows is None or scaled:
            row, window = self._features(snapshot), self._core
        else:
            found = self.rows.push(snapshot)
            if found is None:
                self.skipped += 1
                return None
            row, window = found, self._window_of(self.rows.group)
            if self.rows.begins:
                window.reset()
        outputs = window.push(row)
        if outputs is None:
            return None
        raw: Mapping[str, np.ndarray] = dict(zip(self._names, outputs, strict=True))
        told = in_units(raw, self._tasks, self.run.pipeline) if self._numbers else raw
        made = {name: values[0] for name, values in told.items()}
        return next(iter(made.values())) if len(made) == 1 else made

    def _window_of(self, group: tuple[str, ...]) -> RowStream:
        if group not in self._windows:
            self._windows[group] = self._core.another()
        return self._windows[group]

    def _features(self, given: Any) -> np.ndarray:
        if is_named(given):
            given = self._by_name(given)
        try:
            row = np.asarray(given, np.float32).reshape(-1)
        except (TypeError, ValueError):
            raise TrainError(
                f"a row is {self._width} numbers, scaled as the model sees them; received what are none",
                help="give one number a feature, in the model's order",
                code="stream.row",
            ) from None
        if len(row) != self._width or not np.isfinite(row).all():
            raise TrainError(
                f"a row is {self._width} finite numbers, scaled as the model sees them; received {len(row)}"
                + (" numbers, some missing or infinite" if len(row) == self._width else ""),
                help="give one number a feature",
                code="stream.row",
            )
        return row

    def _by_name(self, given: Any) -> list[Any]:
        """The features of a map or row of a frame in the model's order."""
        if self.rows is None:
            raise TrainError(
                f"`{self.run.spec.name}` does not know what its features are called, and the row has names",
                help="give the numbers without names, in the model's order",
                code="stream.row",
            )
        missing = [name for name in self.rows.names if name not in given]
        if missing:
            raise TrainError(
                f"the row has no feature `{missing[0]}`"
                + (f" and lacks {len(missing) - 1} more" if len(missing) > 1 else ""),
                help=f"give {', '.join(self.rows.names[:4])}{', …' if len(self.rows.names) > 4 else ''}, "
                "as the model sees them",
                code="stream.row",
            )
        return [given[name] for name in self.rows.names]


def _one_row(snapshot: Any) -> Any:
    """A frame of one row as that row."""
    if not (hasattr(snapshot, "iloc") and hasattr(snapshot, "columns")):
        return snapshot
    if len(snapshot) != 1:
        raise TrainError(
            f"one row is pushed at a time; received a frame of {len(snapshot)}",
            help="push each of them: stream.push(frame.iloc[i])",
            code="stream.row",
        )
    return {name: values.iloc[0] for name, values in snapshot.items()}


def _live_rows(run: Trained) -> LiveRows | LiveTable | None:
    from zoo.data.book_pipeline import BookPipeline
    from zoo.data.live_table import LiveTable
    from zoo.data.tables.pipeline import TablePipeline

    if isinstance(run.pipeline, TablePipeline):
        return LiveTable(run.pipeline)
    return LiveRows(run.pipeline) if isinstance(run.pipeline, BookPipeline) else None


def _check(run: Trained) -> None:
    if carries_state(run.model):
        raise TrainError(
            f"`{run.spec.name}` carries a state from batch to batch, and a stream pushes overlapping windows",
            help="forecast() and predict() carry it",
            code="stream.state",
        )
    if len(run.spec.inputs) != 1:
        raise TrainError(
            f"a stream is of one input; `{run.spec.name}` has {len(run.spec.inputs)}",
            help="run.predictor().one(…) takes a window of each",
            code="stream.inputs",
        )
    (item,) = run.spec.inputs.values()
    if len(item.shape) < 2:
        raise TrainError(
            f"the input of `{run.spec.name}` has no time axis: its shape is {tuple(item.shape)}",
            help="run.predictor().one(x) predicts one sample",
            code="stream.inputs",
        )
