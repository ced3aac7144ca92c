"""A model in R: made from a spec, compiled in place, described, drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

import zoo
from r_bridge.catalogue import load_spec, shape_text
from r_bridge.errors import RArgumentError
from r_bridge.handles import HANDLES
from r_bridge.tensors import check_name
from zoo.build.tensorflow_start import load_keras_quietly


def described(model: Any) -> dict[str, Any]:
    """A new handle for a model, and what R prints of it."""
    return {"handle": HANDLES.keep(model, "model"), **describe(model)}


def _time_column(model: Any) -> str:
    """The column of times that a model of tables reads, or no text."""
    tables = model.pipeline is not None and model.pipeline.kind == "table"
    return (model.pipeline.read.time or "") if tables else ""


def describe(model: Any) -> dict[str, Any]:
    """Name, inputs, outputs and size of a model, as plain values."""
    spec = model.spec
    return {
        "name": spec.name,
        "about": spec.about or "",
        "inputs": {name: shape_text(item.shape) for name, item in spec.inputs.items()},
        "outputs": {
            name: shape_text(tensor.shape[1:])
            for name, tensor in zip(spec.outputs, model.model.outputs, strict=True)
        },
        "num_parameters": int(model.model.count_params()),
        "num_trainable": sum(int(np.prod(item.shape)) for item in model.model.trainable_weights),
        "num_epochs": model.epochs,
        "metrics": loss_first(model.metrics),
        "about_data": str(model.data_card.get("about", "")),
        "data_kind": model.pipeline.kind if model.pipeline is not None else "",
        "data_time": _time_column(model),
        "seed": model.seed,
        "history": {
            name: np.asarray(values, np.float64) for name, values in loss_first(model.history).items()
        },
    }


def loss_first(values: Mapping[str, Any]) -> dict[str, Any]:
    """Metrics with the loss before all others, and the validation's after the training's."""

    def place(name: str) -> tuple[bool, bool]:
        return name.startswith("val_"), name.removeprefix("val_") != "loss"

    return {name: values[name] for name in sorted(values, key=place)}


def summary(model: Any) -> str:
    """The layer table as text."""
    return str(model.summary())


def by_output(value: Any, outputs: Sequence[str], what: str) -> dict[str, Any]:
    """A ``loss``, ``loss_weights`` or ``metrics`` argument as a map by output name.

    Args:
        value: one value, a vector or list in the model's order, or one named by output. With one output a
            vector of metrics belongs to it whole. A class with its arguments, ``{Huber: {delta: 2}}``, is for
            every output.
        outputs: the model's output names, in the spec's order.
        what: the argument's name in R.

    Raises:
        RArgumentError: a name that no output has, or as many values as there are not outputs.
    """
    from zoo.build.compile import is_class

    if isinstance(value, dict) and len(value) == 1 and is_class(next(iter(value)), outputs):
        value = [value] * len(outputs)
    if isinstance(value, dict):
        for name in value:
            check_name(name, outputs, what)
        return value
    if len(outputs) == 1 and (what == "metrics" or not isinstance(value, list)):
        return {outputs[0]: value}
    items = value if isinstance(value, list) else [value]
    if len(items) != len(outputs):
        names = ", ".join(f"`{name}`" for name in outputs)
        raise RArgumentError(
            f"`{what}` has {len(items)} value{'s' * (len(items) != 1)}, but the model has "
            f"{len(outputs)} output{'s' * (len(outputs) != 1)}: {names}",
            help=f"give one for each output in that order, or name them: list({outputs[0]} = ...)",
            code="list.count",
        )
    return dict(zip(outputs, items, strict=True))


def _metric_lists(value: dict[str, Any]) -> dict[str, list[Any]]:
    return {name: item if isinstance(item, list) else [item] for name, item in value.items()}


def compile_in_place(
    model: Any, optimizer: Any = None, loss: Any = None, loss_weights: Any = None, metrics: Any = None
) -> None:
    """Compile a model again; what is left out keeps the spec's."""
    outputs = list(model.spec.outputs)
    overrides: dict[str, Any] = {}
    if optimizer is not None:
        overrides["optimizer"] = optimizer
    if loss is not None:
        overrides["loss"] = by_output(loss, outputs, "loss")
    if loss_weights is not None:
        overrides["loss_weights"] = {
            name: _number(item, f"loss_weights${name}")
            for name, item in by_output(loss_weights, outputs, "loss_weights").items()
        }
    if metrics is not None:
        overrides["metrics"] = _metric_lists(by_output(metrics, outputs, "metrics"))
    model.compile(**overrides)


def _number(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value:
        raise RArgumentError(f"`{where}` must be a number, not {value!r}", code="argument.type")
    return float(value)


def untrained(
    spec: Any = None,
    source: str | None = None,
    text: str | None = None,
    params: dict[str, Any] | None = None,
    seed: int | None = None,
) -> dict[str, Any]:
    """A compiled model from a Spec, a name or path, or inline text; its weights drawn with ``seed``."""
    load_keras_quietly()
    from zoo.train.trained import Trained

    loaded = load_spec(source, text, params) if spec is None else spec
    return described(Trained.untrained(loaded, seed=seed))


def picture(model: Any, path: str) -> str:
    """Draw a model's or spec's graph into a file; SVG or PNG by its ending."""
    zoo.plot(getattr(model, "spec", model), path)
    return path
