"""A model compiled for prediction, and a stream of predictions, for R."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from r_bridge import levels, r_memory, runs
from r_bridge.errors import RArgumentError
from r_bridge.handles import HANDLES
from r_bridge.models import describe
from r_bridge.to_python import is_frame, list_names, plain, setting

if TYPE_CHECKING:
    from zoo.serve.engines import Engine


def predictor(model: Any, engine: str | None = None, threads: int | None = None) -> dict[str, Any]:
    """A model compiled for prediction; see ``zoo.Trained.predictor``."""
    made = model.predictor(engine, threads=threads)
    return {
        "handle": HANDLES.keep(made, "predictor"),
        "by_row": made.compiled.dense is not None,
        **_compiled(model, made.compiled.engine),
    }


def _compiled(model: Any, engine: Engine) -> dict[str, Any]:
    """What a summary tells of a model on its engine."""
    from zoo.serve.engines import TOLERANCE  # which imports Keras

    shown = describe(model)
    return {
        "engine": engine.name,
        "threads": engine.callers if engine.name == "onnxruntime" else None,
        "difference": engine.difference,
        "tolerance": TOLERANCE,
        "inputs": shown["inputs"],
        "outputs": shown["outputs"],
        "levels": {name: list(levels.of_output(model, name) or ()) for name in model.spec.outputs},
    }


def predict(
    predictor: Any,
    x: Any,
    type: str = "raw",
    part: str = "test",
    scaled: bool | None = None,
    dense: bool | None = None,
) -> dict[str, Any]:
    """Predictions of a compiled model, as ``runs.predict`` gives them.

    Args:
        predictor: what the handle stands for.
        x, type, part, scaled: as there.
        dense: as in ``Predictor.predict``.
    """
    compute = partial(predictor.raw_outputs, dense=dense)
    return runs.predicted(predictor.run, x, type, part, scaled, compute)


def stream(model: Any, engine: str | None = None, threads: int | None = None) -> dict[str, Any]:
    """Predictions row by row; see ``zoo.Trained.stream``."""
    made = model.stream(engine, threads=threads)
    (item,) = model.spec.inputs.values()
    return {
        "handle": HANDLES.keep(made, "stream"),
        "by_row": made.coded,
        "steps": item.shape[0],
        "takes": "snapshots" if made.rows is not None else "rows",
        **_compiled(model, made.compiled.engine),
    }


def push(stream: Any, snapshot: Any, scaled: bool = False) -> dict[str, Any] | None:
    """The prediction for the window that ends at a snapshot, by output; None until the window is full.

    Args:
        stream: what the handle stands for.
        snapshot: an R vector, named or in the book's order, a named list, or a data frame of one row.
        scaled: as in ``Stream.push``.

    Raises:
        RArgumentError: ``argument.snapshot``, several rows.
    """
    found = stream.push(_snapshot(snapshot), scaled=scaled)
    if found is None or isinstance(found, dict):
        return found
    return {next(iter(stream.run.spec.outputs)): found}


def skipped(stream: Any) -> int:
    """How many snapshots the recipe's ``clean`` has left out so far."""
    return int(stream.skipped)


def reset(stream: Any) -> None:
    """A session begins: what was pushed before is forgotten."""
    stream.reset()


def _snapshot(sexp: Any) -> Any:
    if is_frame(sexp):
        frame = plain(sexp, "snapshot")
        if len(frame) != 1:
            raise RArgumentError(
                f"`snapshot` has {len(frame)} rows, and one is pushed at a time",
                help="push each row of it: zoo_push(stream, data[i, ])",
                code="argument.snapshot",
            )
        return {str(name): frame[name].iloc[0] for name in frame}
    if r_memory.type_name(sexp) != "REALSXP" or r_memory.classes(sexp):
        found = setting(sexp, "snapshot")
        # a date among a list's cells is a column of one
        return {name: _cell(value) for name, value in found.items()} if isinstance(found, dict) else found
    # A missing number is the stream's to tell, or to leave out where the recipe drops such rows.
    values = np.array(r_memory.view(sexp))
    names = list_names(sexp, "snapshot")
    return values if names is None else dict(zip(names, values.tolist(), strict=True))


def _cell(value: Any) -> Any:
    return value[0] if hasattr(value, "dtype") and np.shape(value) == (1,) else value
