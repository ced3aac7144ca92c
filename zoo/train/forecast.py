"""``Trained.forecast``: the model's predictions as its next inputs, over and over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from zoo.data.part import WindowInput
from zoo.errors import TrainError
from zoo.layers.states import copy_states, give_states, states_aside
from zoo.train import sources
from zoo.train.predict import predict_batch

if TYPE_CHECKING:
    import pandas as pd

    from zoo.data import Part
    from zoo.data.tables.ahead import Feedback
    from zoo.data.tables.known import Known
    from zoo.data.tables.recipe import TableRecipe
    from zoo.train.trained import Trained

MOST_STEPS = 1_000_000


def forecast(run: Trained, n: int, data: Any, known: Any) -> pd.DataFrame:
    """See ``Trained.forecast``."""
    import pandas as pd

    from zoo.data.tables.ahead import feedback_of
    from zoo.data.tables.known import known_columns
    from zoo.data.tables.pipeline import TablePipeline

    steps = _check(run, n)
    part = _last_part(run) if data is None else sources.samples_of(run, data, "test")[1]
    if part is None or run.pipeline is None or part.run_rows is None:
        raise TrainError(
            "a forecast goes on from rows of a table, and samples were given",
            help="give a file, a frame or an array (row, column)",
            code="forecast.data",
        )
    assert isinstance(run.pipeline, TablePipeline)
    recipe = run.pipeline.read
    given = known_columns(known, recipe)
    feedback = feedback_of(recipe, given.columns)
    groups = _last_stretches(part, recipe)
    if given.columns and not given.group and len(groups) > 1:
        columns = ", ".join(f"`{name}`" for name in recipe.group)
        raise TrainError(
            f"the data has {len(groups)} groups, and {given.origin.name} does not say whose its rows are",
            help=f"give it the group's columns too ({columns}), or forecast one group at a time",
            code="forecast.known",
        )
    with states_aside(run.model):
        frames = [_of_group(run, part, recipe, feedback, int(group), steps, given) for group in groups]
    return pd.concat(frames, ignore_index=True)


def _check(run: Trained, n: Any) -> int:
    if isinstance(n, bool) or not isinstance(n, (int, np.integer)) or not 1 <= n <= MOST_STEPS:
        raise TrainError(
            f"a forecast has a whole number of steps from 1 to {MOST_STEPS:,}; received {n!r}",
            help="give n, such as 40",
            code="forecast.n",
        )
    if run.pipeline is None or run.pipeline.kind != "table":
        kind = "arrays" if run.pipeline is None else f"data of kind `{run.pipeline.kind}`"
        raise TrainError(
            f"`{run.spec.name}` was trained on {kind}: nothing says which of its inputs its outputs are",
            help="a forecast is for a model of tables, `data: {kind: table}`",
            code="forecast.kind",
        )
    return int(n)


def _last_part(run: Trained) -> Part:
    """The last part of the run's own data that has windows; its rows are all of them."""
    parts = [sources.part_of(run, name) for name in ("test", "val", "train")]
    return next((part for part in parts if len(part)), parts[-1])


def _last_stretches(part: Part, recipe: TableRecipe) -> list[int]:
    """The stretch of rows that each group ends with, where a window fits into it.

    A gap of time breaks a group into stretches, and only what follows the last of them is yet to come.

    Raises:
        TrainError: code ``forecast.rows``, no group ends with as many rows as a window has.
    """
    assert part.run_rows is not None
    columns = [part.index_rows[name] for name in recipe.group]
    stretches, first, lengths = np.unique(part.run_rows, return_index=True, return_counts=True)
    names = [tuple(str(column[row]) for column in columns) for row in first]
    # Of a group's stretches the later one has the higher number.
    last = dict(zip(names, zip(stretches.tolist(), lengths.tolist(), strict=True), strict=True))
    asked = {names[place] for place in np.searchsorted(stretches, np.unique(part.run_rows[part.rows]))}
    ends = [last[name] for name in asked]
    found = sorted(stretch for stretch, length in ends if length >= recipe.past)
    if not found:
        raise TrainError(
            f"no window of {recipe.past} rows fits between the last gap and the last row: "
            f"{max((length for _, length in ends), default=0)} rows are there",
            help="give more rows after the gap, or allow longer ones in `data.window.gap`",
            code="forecast.rows",
        )
    return found


def _of_group(
    run: Trained,
    part: Part,
    recipe: TableRecipe,
    feedback: Feedback,
    group: int,
    steps: int,
    known: Known,
) -> pd.DataFrame:
    import pandas as pd

    from zoo.data.tables.ahead import coming_rows, coming_times
    from zoo.data.tables.pipeline import TablePipeline

    assert isinstance(run.pipeline, TablePipeline) and part.values is not None and part.run_rows is not None
    rows = np.flatnonzero(part.run_rows == group)
    times = None if part.time_rows is None else part.time_rows[rows]
    rounds = -(-steps // feedback.steps)
    count = rounds * feedback.steps + recipe.known_ahead
    ahead = coming_times(times, count)
    needed = (rounds - 1) * feedback.steps + recipe.known_ahead
    names = {name: str(column[rows[-1]]) for name, column in part.index_rows.items() if name in recipe.group}
    future = coming_rows(run.pipeline, recipe, ahead, known.of_group(names), count, needed)
    values = np.concatenate([part.values[rows], future])
    said: dict[str, list[np.ndarray]] = {name: [] for name in feedback.targets}
    windows = _Windows(run, recipe, part, values)
    for turn in range(rounds):
        last = len(rows) - 1 + turn * feedback.steps
        for name, numbers in windows.after(last, feedback).items():
            said[name].append(numbers)
            for i, place in feedback.places[name]:
                values[last + 1 : last + 1 + feedback.steps, place] = numbers[:, i]
    found: dict[str, Any] = {
        name: np.repeat(column[rows[-1]], steps)
        for name, column in part.index_rows.items()
        if name in recipe.group
    }
    if recipe.time is not None and ahead is not None:
        found[recipe.time] = ahead[:steps]
    found["step"] = np.arange(1, steps + 1)
    for name, target in feedback.targets.items():
        numbers = run.pipeline.in_units(name, np.concatenate(said[name])[:steps])
        for i, column in enumerate(target.columns):
            found.setdefault(column, numbers[:, i])
    return pd.DataFrame(found)


@dataclass(eq=False)
class _Windows:
    """One group's rows, and what the model says after any of them.

    A model without a state reads the window that ends there. One that carries a state reads it with the state
    that the windows before it left, ``stride`` rows apart as in training. Where its windows follow one
    another and it speaks at every step, the window begins where the last full one ended, and is filled up
    with what it ended with so far: what it says at a step does not hang on later ones.
    """

    run: Trained
    recipe: TableRecipe
    part: Part
    values: np.ndarray

    def __post_init__(self) -> None:
        self._names = list(self.run.spec.outputs)
        self._size = self.run.batch_size or 1
        self._carries = self.run.carries_state
        self._zero = copy_states(self.run.model)
        self._states: dict[int, list[np.ndarray]] = {}
        lengths = {item.reach.length for item in self.recipe.inputs.values()}
        shifted = any(item.reach.shift for item in self.recipe.inputs.values())
        spoken = all(target.per_step for target in self.recipe.targets.values())
        self._chunk = self._carries and spoken and not shifted and lengths == {self.recipe.stride}

    def after(self, last: int, feedback: Feedback) -> dict[str, np.ndarray]:
        """Output → (row, column) scaled numbers of the rows after ``last``."""
        end = last
        if self._chunk:
            end = last + (self.recipe.stride - 1 - last) % self.recipe.stride
        if self._carries:
            give_states(self.run.model, self._state_before(end))
        raw = dict(zip(self._names, self._outputs(end, last), strict=True))
        if self._carries and end == last:
            self._states[end] = copy_states(self.run.model)
            self._states.pop(end - self.recipe.stride, None)
        found = {}
        for name, target in feedback.targets.items():
            numbers = self.run.tasks[name].numbers(raw[name])[0].reshape(-1, len(target.columns))
            first = len(numbers) - 1 - (end - last) if target.per_step else 0
            found[name] = numbers[first : first + feedback.steps]
        return found

    def _outputs(self, end: int, last: int) -> list[np.ndarray]:
        """The outputs for the windows that end at ``end``; of rows after ``last`` none is known."""
        x = {}
        for name, item in self.recipe.inputs.items():
            places = [self.recipe.features.index(column) for column in item.columns]
            stop = end + item.reach.shift + 1
            which = np.arange(stop - item.reach.length, stop)
            if end > last:
                which = np.minimum(which, last)
            rows = self.values[which][:, places]
            inner = self.part.x[name]
            shape = inner.sample_shape if isinstance(inner, WindowInput) else inner.shape[1:]
            x[name] = rows.reshape(1, *shape)
        return predict_batch(self.run.model, x, np.array([0]), self._names, self._size)

    def _state_before(self, end: int) -> list[np.ndarray]:
        """The state that the windows before the one at ``end`` left."""
        todo = []
        before = end - self.recipe.stride
        while before >= self.recipe.past - 1 and before not in self._states:
            todo.append(before)
            before -= self.recipe.stride
        state = self._states.get(before, [np.zeros_like(item) for item in self._zero])
        if todo:
            give_states(self.run.model, state)
            for place in reversed(todo):
                self._outputs(place, place)
            state = self._states[todo[0]] = copy_states(self.run.model)
        return state
