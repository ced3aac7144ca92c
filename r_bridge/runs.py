"""What R does with a model and data: fit, evaluate, predict, and a whole run of a recipe."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

import zoo
from r_bridge import columns, levels, predictions, table_rows
from r_bridge.errors import RArgumentError
from r_bridge.formulas import with_data
from r_bridge.given import (
    data_named,
    in_r_positions,
    inputs_of,
    is_null,
    not_null,
    read_by_recipe,
    refuse_texts,
    source_of,
    targets_of,
)
from r_bridge.models import described, loss_first
from r_bridge.tensors import named_tensors
from r_bridge.without_na import Factor
from zoo.build.tensorflow_start import load_keras_quietly
from zoo.errors import ZooError
from zoo.spec.values import plain_value
from zoo.train import sources
from zoo.train.tasks import task


def fit(
    model: Any,
    x: Any,
    y: Any,
    validation_x: Any = None,
    validation_y: Any = None,
    listeners: Any = None,
    **settings: Any,
) -> Any:
    """Train a model in place on R arrays.

    Args:
        model: what the handle stands for.
        x: R arrays for the inputs: one, or a list by name or in order.
        y: R arrays or factors for the outputs, likewise.
        validation_x: R arrays to validate on after each epoch, or NULL.
        validation_y: their targets.
        listeners: R functions to call during the training; see `r_bridge.listeners`.
        settings: epochs, batch_size, validation_split, class_weight, seed, scaled.
    """
    from r_bridge.listeners import listening

    given = not_null(settings)
    with columns.forgotten_on_error(model):
        inputs, targets = inputs_of(model.spec, x, "x", columns.of_model(model)), targets_of(model, y, "y")
        columns.remember(model, x)
        if validation_x is not None and not is_null(validation_x):
            given["validation_data"] = (
                inputs_of(model.spec, validation_x, "validation_data[[1]]", columns.of_model(model)),
                targets_of(model, validation_y, "validation_data[[2]]"),
            )
        if "class_weight" in given:
            named = {name: levels.of_output(model, name) or () for name in model.spec.outputs}
            given["class_weight"] = levels.class_weights(named, given["class_weight"])
        try:
            with listening(listeners) as told:
                history = model.fit(inputs, targets, verbose=0, callbacks=told, **given)
        except ZooError as error:
            raise in_r_positions(error) from None
    return {"history": numbers(history), "epochs": len(next(iter(history.values()), []))}


def evaluate(
    model: Any, x: Any, y: Any, batch_size: int | None = None, scaled: bool | None = None
) -> dict[str, Any]:
    """Loss and metrics by name on R arrays; or the run's own evaluation on its test part, or on a file."""
    if is_null(y):
        source = source_of(model, x)
        if source is None and not is_null(x):
            raise RArgumentError(
                "`y` is missing: an array of inputs alone cannot be judged",
                help="give the targets too: evaluate(model, x, y)",
                code="argument.y",
            )
        with data_named("give `data` and `y`: evaluate(model, x, y)", model, "evaluate(model, data)"):
            report = model.evaluate(source)
        return {
            "text": str(report),
            "metrics": _flat(report.metrics),
            "baselines": _flat(report.baselines),
            "confusion": {
                name: {"counts": counts, "levels": list(report.outputs[name].levels)}
                for name, counts in report.confusion.items()
            },
        }
    try:
        inputs = inputs_of(model.spec, x, "x", columns.of_model(model))
        score = model.score(inputs, targets_of(model, y, "y"), batch_size=batch_size, scaled=scaled)
    except ZooError as error:
        raise in_r_positions(error) from None
    return {"score": {name: float(value) for name, value in loss_first(score).items()}}


def predict(model: Any, x: Any, type: str = "raw", part: str = "test", scaled: bool | None = None) -> Any:
    """Predictions by output name: raw arrays, or frames of chances, classes or numbers.

    Args:
        model: what the handle stands for.
        x: R arrays, a data frame, the path of a file, or NULL for the run's own data.
        type: ``raw``, ``prob``, ``class`` or ``numeric``.
        part: of the run's own data.
        scaled: whether arrays are scaled as the model's data were; None: nobody said.
    """
    return predicted(model, x, type, part, scaled, model.raw_outputs)


def predicted(
    model: Any, x: Any, type: str, part: str, scaled: bool | None, raw_outputs: Callable[..., Any]
) -> dict[str, Any]:
    """What ``predict`` gives, from what ``raw_outputs(inputs, part)`` computes.

    Args:
        model, x, type, part, scaled: as in ``predict``.
        raw_outputs: ``Trained.raw_outputs``, or one that gives the same.
    """
    outputs = list(model.spec.outputs)
    data = source_of(model, x)
    if data is None and not is_null(x):
        data = inputs_of(model.spec, x, "new_data", columns.of_model(model))
    table = table_rows.rows_of(model, data)
    if isinstance(data, dict) and all(
        isinstance(item, np.ndarray) and not len(item) for item in data.values()
    ):
        raw = {
            name: np.empty((0, *(size or 0 for size in output.shape[1:])), np.float32)
            for name, output in zip(outputs, model.model.outputs, strict=True)
        }
    else:
        with data_named("give `new_data`: predict(model, x)", model, "predict(model, data)"):
            samples = sources.samples_of(model, table.part if table else data, part, scaled)
        raw = raw_outputs(*samples)
    made = {name: predictions.as_type(model, name, np.asarray(raw[name]), type) for name in outputs}
    if table is not None and type != "raw":
        made = {name: table.placed(frame) for name, frame in made.items()}
    return {"outputs": made, "single": len(outputs) == 1, "by_row": table is not None}


def places(model: Any, part: str = "test") -> Any:
    """Where the samples of a part of the run's data stand in it, one row a sample."""
    import pandas as pd

    from zoo.train.prediction_frame import places as places_of

    with data_named("give data: augment(model, data)", model, "augment(model, data)"):
        found = sources.part_of(model, part)
    frame = pd.DataFrame(places_of(found, len(found)))
    time = getattr(getattr(model.pipeline, "read", None), "time", None)
    return table_rows.by_clock(frame, time, model.data_card.get("clock"))


def window_ends(model: Any, data: Any) -> Any:
    """The rows, counted from 1, that the windows of a recorded book in a frame end at; None of all else."""
    if model.pipeline is None or model.pipeline.kind != "orderbook" or not hasattr(data, "iloc"):
        return None
    part = model.pipeline.transform(data)
    named = part.index_rows.get("row")
    if named is None and (part.values is None or len(part.values) != len(data)):
        return None
    ends = part.rows + 1 if named is None else named[part.rows]
    return ends.astype(np.int32)


def train(
    spec: Any,
    x: Any,
    y: Any = None,
    params: dict[str, Any] | None = None,
    listeners: Any = None,
    seed: int | None = None,
    clean: str | None = None,
    **settings: Any,
) -> dict[str, Any]:
    """Run a spec's whole recipe: prepare the data, train, evaluate on the test part.

    Args:
        spec: a Spec, or a name or path.
        x: NULL (the recipe's own source), a path, a data frame, or R arrays when ``y`` is given.
        y: R arrays or factors, or NULL.
        params: parameter overrides; only with a name or path.
        listeners: R functions to call during the training; see `r_bridge.listeners`.
        seed: wins over the spec's.
        clean: ``drop`` leaves out rows that cannot be true or lack a value; None keeps the recipe's word.
        settings: epochs, batch_size, out, class_weight.
    """
    given = not_null(settings)
    loaded = zoo.load(spec, **(params or {})) if isinstance(spec, str) else spec
    load_keras_quietly()
    data, known = training_data(loaded, x, y)
    if clean is not None:
        loaded = _cleaned(loaded, data, clean)
    if "class_weight" in given:
        named = {name: known.get(name, ()) for name in loaded.outputs}
        given["class_weight"] = levels.class_weights(named, given["class_weight"])
    from r_bridge.listeners import listening

    try:
        with listening(listeners) as told:
            model = zoo.train(loaded, data, seed=seed, verbose=0, callbacks=told, **given)
    except ZooError as error:
        raise in_r_positions(error) from None
    for name, names in known.items():
        levels.remember(model, name, names)
    levels.name_report(model)
    if not is_null(y):
        columns.remember(model, x)
    table_rows.remember(model, data)
    return described(model)


def _cleaned(spec: Any, data: Any, clean: str) -> Any:
    """The spec with this word for rows that cannot be: what is predicted later is cleaned alike."""
    if not spec.data or not (data is None or isinstance(data, (str, list)) or hasattr(data, "columns")):
        raise RArgumentError(
            "`clean` is for a table or an order book in a file or a data frame",
            help="leave it out, or give `data` as a path or a data frame",
            code="argument.clean",
        )
    said = spec.data.get("clean")
    word = {**said, "rows": clean} if isinstance(said, Mapping) else clean
    return with_data(spec, {**spec.data, "clean": word})


def part(model: Any, part: str, rows: list[int] | int | None = None) -> dict[str, Any]:
    """The windows of a part of the run's data, as R arrays and factors.

    Args:
        model: a run whose recipe has its own data, or one trained in this session.
        part: ``train``, ``val`` or ``test``.
        rows: which samples, counted from 1; None means all.
    """
    with data_named("the windows are at hand after zoo_train() in this session", model):
        lazy = sources.inputs_of(model, None, part)
    found = getattr(model.prepared, part)
    wanted = np.arange(len(found)) if rows is None else np.atleast_1d(np.asarray(rows)) - 1
    if wanted.size and not 0 <= wanted.min() <= wanted.max() < len(found):
        raise RArgumentError(
            f"`rows` must lie between 1 and {len(found)}, the number of samples in the {part} part",
            code="argument.rows",
        )
    x = {name: np.asarray(values[wanted]) for name, values in lazy.items()}
    y = {name: levels.as_factor(model, name, np.asarray(values)[wanted]) for name, values in found.y.items()}
    return {
        "x": next(iter(x.values())) if len(x) == 1 else x,
        "y": next(iter(y.values())) if len(y) == 1 else y,
    }


def seed_of(spec: Any) -> int | None:
    """The seed the spec names, or None: then R draws one."""
    return spec.training.get("seed")


def numbers(history: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """A history as double vectors by metric name."""
    return {name: np.asarray(values, np.float64) for name, values in loss_first(history).items()}


def training_data(spec: Any, x: Any, y: Any) -> tuple[Any, dict[str, tuple[str, ...]]]:
    """What `zoo.train` takes as data, and the levels of the factors among the targets."""
    if y is None or is_null(y):
        source = read_by_recipe(x)
        if source is None and not is_null(x):
            raise RArgumentError(
                "`data` is an array, but there are no targets",
                help="give list(x, y), a data frame, or the path of a file",
                code="argument.data",
            )
        return source, {}
    refuse_texts(y, "y")
    targets = named_tensors(y, list(spec.outputs), "y")
    for name, item in targets.items():
        shape = spec.trace.shape(spec.graph.outputs[name])
        wanted = task(plain_value(spec.outputs[name].loss), shape[1:] if shape else ())
        levels.check_task(item, name, wanted, "y")
        if isinstance(item, Factor) and shape:
            levels.check_count(item, name, wanted.classes, "y")
    known = {name: item.levels for name, item in targets.items() if isinstance(item, Factor)}
    codes = {name: item.codes if isinstance(item, Factor) else item for name, item in targets.items()}
    return (inputs_of(spec, x, "x"), codes), known


def _flat(values: Any) -> Any:
    return {str(name): value for name, value in dict(values or {}).items()}
