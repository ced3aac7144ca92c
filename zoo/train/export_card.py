"""What an exported folder says of its model: ``pipeline.json`` for programs, ``README.txt`` for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from zoo.data.book_pipeline import BookPipeline
from zoo.data.orderbook.cleaning import Cleaning
from zoo.data.recipe import FIELDS, read_recipe
from zoo.data.shapes import fit_input_shapes
from zoo.train.prediction_frame import number_names
from zoo.train.runs.versions import version

if TYPE_CHECKING:
    from zoo.train.tasks import Task
    from zoo.train.trained import Trained

FORMAT = 1
_PACKAGES = ("speczoo", "keras", "numpy", "onnx", "tf2onnx", "onnxruntime")


def card_of(run: Trained) -> dict[str, Any]:
    """Names, shapes, what was fitted on the training data, and versions; plain values."""
    rows, missing = _rows_of(run)
    windows = _windows_of(run) if rows else {}
    return {
        "format": FORMAT,
        "name": run.spec.name,
        "about": run.spec.about or "",
        "versions": {name: version(name) for name in _PACKAGES} | {"backend": keras.backend.backend()},
        "batch_size": run.batch_size,
        "inputs": [
            {
                "name": name,
                "shape": list(item.shape),
                "dtype": str(np.dtype(item.dtype)),
                "window": list(windows.get(name, ())),
            }
            for name, item in run.spec.inputs.items()
        ],
        "outputs": [_output(run, name, task) for name, task in run.tasks.items()],
        "rows": rows,
        "rows_missing": missing,
        "pipeline": run.pipeline.to_dict() if run.pipeline is not None else {},
    }


def readme_of(card: Mapping[str, Any]) -> str:
    """How to use the folder."""
    inputs = "\n".join(
        f"  {item['name']}: (sample, {_sizes(item)}), {item['dtype']}" for item in card["inputs"]
    )
    outputs = "\n".join(
        f"  {item['name']}: (sample, {_sizes(item)})"
        + (f", a probability each of {', '.join(item['classes'])}" if item["classes"] else "")
        + ("; numbers as the model gives them" if item["unscaled"] else "")
        for item in card["outputs"]
    )
    return f"""{card["name"]}: {card["about"] or "a model of speczoo"}

  python predict.py DATA --out predictions.csv

needs Python 3.11 or newer, numpy and onnxruntime, and nothing else: pip install numpy onnxruntime
{_about_rows(card)}
Inputs, as arrays of a .npz by name, scaled as the model sees them:
{inputs}

Outputs:
{outputs}

  model.onnx     the model; inputs and outputs have these names
  pipeline.json  names, shapes, versions, and what was fitted on the training data
  predict.py     a program, and a module: import predict; predict.Model().predict({{...}})

Written by speczoo {card["versions"]["speczoo"]}.
"""


def _about_rows(card: Mapping[str, Any]) -> str:
    rows = card["rows"]
    if rows is None:
        return f"\nDATA is a .npz. Raw rows are not taken: {card['rows_missing']}.\n"
    return (
        f"\nDATA is raw rows of an order book, {rows['levels']} levels or more, by time: a .csv\n"
        "with the columns ask_price_1, ask_size_1, bid_price_1, bid_size_1, ask_price_2, … (and session,\n"
        "symbol where there are several), or a .npy (row, 4·level) in this order. A line\n"
        "names the row at which its window ends.\n"
    )


def _sizes(item: Mapping[str, Any]) -> str:
    return ", ".join("any" if size is None else str(size) for size in item["shape"]) or "no further axis"


def _output(run: Trained, name: str, task: Task) -> dict[str, Any]:
    student = task.spread == "student_t"
    shape = (*task.shape[:-1], 1) if student else task.shape
    shift, factor = (None, None) if task.classes else _units(run, name, shape)
    if student and factor is None:
        shift, factor = 0.0, 1.0  # its parameters are worked out of what the model gives all the same
    return {
        "name": name,
        "shape": list(task.shape),
        "columns": _columns(run, name, task),
        "classes": _classes(run, name, task),
        "from_logits": task.from_logits,
        "student_t": student,
        "shift": shift,
        "factor": factor,
        "unscaled": bool(not task.classes and factor is None and run.pipeline is not None),
    }


def _units(run: Trained, name: str, shape: tuple[int | None, ...]) -> tuple[Any, Any]:
    """Number in the data's unit = number of the model × factor + shift; None where nothing was scaled."""
    if run.pipeline is None or None in shape:
        return None, None
    sizes = tuple(size or 1 for size in shape)
    zero, one = (run.pipeline.in_units(name, np.full((1, *sizes), value))[0] for value in (0.0, 1.0))
    return np.asarray(zero, float).tolist(), np.asarray(one - zero, float).tolist()


def _columns(run: Trained, name: str, task: Task) -> list[str]:
    if task.classes and len(task.shape) == 1:
        return [f"p_{level}" for level in _classes(run, name, task)]
    if None in task.shape:
        return []
    return number_names(run, name, task, int(np.prod([size or 1 for size in task.shape])))


def _classes(run: Trained, name: str, task: Task) -> list[str]:
    if not task.classes:
        return []
    known = run.class_names(name)
    return known if len(known) == task.classes else [str(place) for place in range(task.classes)]


def _windows_of(run: Trained) -> dict[str, tuple[int, ...]]:
    pipeline = run.pipeline
    assert isinstance(pipeline, BookPipeline)
    recipe = read_recipe(pipeline.recipe)
    return fit_input_shapes(
        pipeline.input_shapes, recipe.length, pipeline.feature_names, reshape=recipe.reshape
    )


def _rows_of(run: Trained) -> tuple[dict[str, Any] | None, str]:
    """What makes scaled features of raw rows; or None, and why not."""
    pipeline = run.pipeline
    if not isinstance(pipeline, BookPipeline):
        return None, "the model is not one of an order book"
    recipe = read_recipe(pipeline.recipe)
    reasons = {
        "it was trained on a sampled book": recipe.sample_by != "event" or recipe.sample_every != 1,
        "it was trained on a cleaned book": recipe.clean != Cleaning(),
        "its features are more than the book's own numbers": bool(recipe.features.extra),
        "it scales by symbol, or by the sessions before": not all(
            isinstance(state, (tuple, list)) for state in pipeline.scaler
        ),
    }
    missing = [reason for reason, holds in reasons.items() if holds]
    if missing:
        return None, "; ".join(missing)
    deepest = max(int(name.rpartition("_")[2]) for name in pipeline.feature_names)
    return {
        "levels": recipe.features.levels or deepest,
        "fields": list(FIELDS),
        "features": list(pipeline.feature_names),
        "prices": recipe.features.prices,
        "sizes": recipe.features.sizes,
        "scaler": [list(pair) for pair in pipeline.scaler],
        "length": recipe.length,
        "stride": recipe.stride,
    }, ""
