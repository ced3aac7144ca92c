"""What R does with a model and data: fit, evaluate, predict, and a whole run of a recipe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

import zoo
from r_bridge import levels, predictions, progress, r_memory
from r_bridge.dimensions import check_dimensions
from r_bridge.errors import RArgumentError
from r_bridge.models import described
from r_bridge.tensors import named_tensors
from r_bridge.to_python import Factor, is_frame, plain
from zoo.build.tensorflow_log import load_keras_quietly
from zoo.errors import ZooError
from zoo.train import sources


def fit(
    model: Any, x: Any, y: Any, validation_x: Any = None, validation_y: Any = None, **settings: Any
) -> Any:
    """Train a model in place on R arrays.

    Args:
        model: what the handle stands for.
        x: R arrays for the inputs: one, or a list by name or in order.
        y: R arrays or factors for the outputs, likewise.
        validation_x: R arrays to validate on after each epoch, or NULL.
        validation_y: their targets.
        settings: epochs, batch_size, validation_split, class_weight, seed, verbose.
    """
    verbose = bool(settings.pop("verbose", False))
    given = {name: value for name, value in settings.items() if value is not None}
    inputs, targets = _inputs(model.spec, x, "x"), _targets(model, y, "y")
    if validation_x is not None and r_memory.type_name(validation_x) != "NILSXP":
        given["validation_data"] = (
            _inputs(model.spec, validation_x, "validation_data[[1]]"),
            _targets(model, validation_y, "validation_data[[2]]"),
        )
    if "class_weight" in given:
        given["class_weight"] = levels.class_weights(model, given["class_weight"])
    try:
        history = model.fit(
            inputs, targets, verbose=0, callbacks=progress.callbacks(verbose, given.get("epochs")), **given
        )
    except ZooError as error:
        raise in_r_positions(error) from None
    return {"history": numbers(history), "epochs": len(next(iter(history.values()), []))}


def evaluate(model: Any, x: Any, y: Any, batch_size: int | None = None) -> dict[str, Any]:
    """Loss and metrics by name on R arrays; or the run's own evaluation on its test part, or on a file."""
    if r_memory.type_name(y) == "NILSXP":
        report = model.evaluate(_source(x))
        return {"text": str(report), "metrics": _flat(report.metrics), "baselines": _flat(report.baselines)}
    try:
        score = model.score(_inputs(model.spec, x, "x"), _targets(model, y, "y"), batch_size=batch_size)
    except ZooError as error:
        raise in_r_positions(error) from None
    return {"score": {name: float(value) for name, value in score.items()}}


def predict(model: Any, x: Any, type: str = "raw", part: str = "test") -> Any:
    """Predictions by output name: raw arrays, or frames of chances, classes or numbers."""
    source = _source(x)
    data = (
        source
        if source is not None or r_memory.type_name(x) == "NILSXP"
        else _inputs(model.spec, x, "new_data")
    )
    raw = model.predict(data, part=part) if data is None else model.predict(data)
    outputs = list(model.spec.outputs)
    by_name = dict(raw) if isinstance(raw, Mapping) else {outputs[0]: raw}
    made = {name: predictions.as_type(model, name, np.asarray(by_name[name]), type) for name in outputs}
    return {"outputs": made, "single": len(outputs) == 1}


def train(
    spec: Any,
    x: Any,
    y: Any = None,
    params: dict[str, Any] | None = None,
    verbose: bool = False,
    seed: int | None = None,
    **settings: Any,
) -> dict[str, Any]:
    """Run a spec's whole recipe: prepare the data, train, evaluate on the test part.

    Args:
        spec: a Spec, or a name or path.
        x: NULL (the recipe's own source), a path, a data frame, or R arrays when ``y`` is given.
        y: R arrays or factors, or NULL.
        params: parameter overrides; only with a name or path.
        verbose: write a line for each epoch.
        seed: wins over the spec's.
        settings: epochs, batch_size, out, class_weight.
    """
    given = {name: value for name, value in settings.items() if value is not None}
    loaded = zoo.load(spec, **(params or {})) if isinstance(spec, str) else spec
    load_keras_quietly()
    data, known = _training_data(loaded, x, y)
    shown = progress.callbacks(verbose, given.get("epochs"))
    try:
        model = zoo.train(loaded, data, seed=seed, verbose=0, callbacks=shown, **given)
    except ZooError as error:
        raise in_r_positions(error) from None
    for name, names in known.items():
        levels.remember(model, name, names)
    return described(model)


def part(model: Any, part: str, rows: list[int] | int | None = None) -> dict[str, Any]:
    """The windows of a part of the run's data, as R arrays and factors.

    Args:
        model: a run whose recipe has its own data, or one trained in this session.
        part: ``train``, ``val`` or ``test``.
        rows: which samples, counted from 1; None means all.
    """
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
    return {name: np.asarray(values, np.float64) for name, values in history.items()}


def _training_data(spec: Any, x: Any, y: Any) -> tuple[Any, dict[str, tuple[str, ...]]]:
    """What `zoo.train` takes as data, and the levels of the factors among the targets."""
    if y is None or r_memory.type_name(y) == "NILSXP":
        source = _source(x)
        if source is None and r_memory.type_name(x) != "NILSXP":
            raise RArgumentError(
                "`data` is an array, but there are no targets",
                help="give list(x, y), a data frame, or the path of a file",
                code="argument.data",
            )
        return source, {}
    targets = named_tensors(y, list(spec.outputs), "y")
    known = {name: item.levels for name, item in targets.items() if isinstance(item, Factor)}
    codes = {name: item.codes if isinstance(item, Factor) else item for name, item in targets.items()}
    return (_inputs(spec, x, "x"), codes), known


def _source(x: Any) -> Any:
    """A path or a frame of raw data for the recipe's own preparation, else None."""
    if is_frame(x):
        return plain(x, "data")
    if r_memory.type_name(x) == "STRSXP":
        return plain(x, "data")
    return None


def _inputs(spec: Any, x: Any, where: str) -> dict[str, np.ndarray]:
    dtypes = {name: item.dtype for name, item in spec.inputs.items()}
    found = named_tensors(x, list(spec.inputs), where, dtypes)
    made: dict[str, np.ndarray] = {}
    for name, value in found.items():
        array = value.codes if isinstance(value, Factor) else value
        label = where if len(found) == 1 else f"{where}${name}"
        made[name] = check_dimensions(array, tuple(spec.inputs[name].shape), label)
    return made


def _targets(model: Any, y: Any, where: str) -> dict[str, np.ndarray]:
    outputs = list(model.spec.outputs)
    found = named_tensors(y, outputs, where)
    return {name: levels.codes(model, name, value, where) for name, value in found.items()}


def in_r_positions(error: ZooError) -> ZooError:
    """The same error with its position counted from 1, as R counts."""
    position = error.data.get("position")
    if not isinstance(position, list):
        return error
    counted = [int(place) + 1 for place in position]
    before, after = (f"[{', '.join(map(str, places))}]" for places in (position, counted))
    moved = type(error)(
        error.message.replace(before, after),
        help=error.help.replace("; positions count from 0", ""),
        code=error.code,
        data={**error.data, "position": counted},
    )
    return moved


def _flat(values: Any) -> Any:
    return {str(name): value for name, value in dict(values or {}).items()}
