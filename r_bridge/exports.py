"""The table of Python functions offered to R, by the name R calls them.

The functions live in the files named after what they do; R reaches nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from r_bridge import (
    audits,
    books,
    bundles,
    catalogue,
    forecasts,
    formulas,
    keras_objects,
    layers,
    models,
    plans,
    prediction_files,
    round_trip,
    runs,
    searches,
    serving,
    table_windows,
    tools,
    versions,
    views,
    walks,
)


@dataclass(frozen=True, slots=True)
class Export:
    """One function R may call.

    Args:
        function: takes keyword arguments only.
        as_r: arguments that stay R objects, because only the function knows the type they must become
            (a model's inputs know their dtype): so the numbers are copied once.
    """

    function: Callable[..., Any]
    as_r: frozenset[str] = frozenset()


_DATA = frozenset({"x", "y", "validation_x", "validation_y"})

EXPORTS: Mapping[str, Export] = MappingProxyType(
    {
        "versions": Export(versions.versions),
        "list_models": Export(catalogue.list_models),
        "card": Export(catalogue.card),
        "check": Export(catalogue.check),
        "rule": Export(catalogue.rule),
        "spec": Export(catalogue.load),
        "model": Export(models.untrained),
        "describe": Export(models.describe),
        "summary": Export(models.summary),
        "picture": Export(models.picture),
        "compile": Export(models.compile_in_place),
        "fit": Export(runs.fit, _DATA | {"listeners"}),
        "evaluate": Export(runs.evaluate, _DATA),
        "predict": Export(runs.predict, _DATA),
        "predictor": Export(serving.predictor),
        "predict_fast": Export(serving.predict, _DATA),
        "stream": Export(serving.stream),
        "push": Export(serving.push, frozenset({"snapshot"})),
        "reset": Export(serving.reset),
        "skipped": Export(serving.skipped),
        "forecast": Export(forecasts.forecast, _DATA),
        "predict_file": Export(prediction_files.predict_file, _DATA),
        "audit": Export(audits.audit, _DATA | {"features"}),
        "plan": Export(plans.plan, _DATA),
        "plan_table": Export(plans.plan_table),
        "explain": Export(views.explain, _DATA),
        "importance": Export(views.importance, _DATA),
        "factors": Export(views.factors, _DATA),
        "attention": Export(views.attention, _DATA),
        "occlusion": Export(views.occlusion, _DATA),
        "sanity": Export(views.sanity, _DATA),
        "train": Export(runs.train, _DATA | {"listeners"}),
        "part": Export(runs.part),
        "places": Export(runs.places),
        "window_ends": Export(runs.window_ends),
        "seed_of": Export(runs.seed_of),
        "save": Export(bundles.save),
        "open": Export(bundles.open_bundle),
        "pack": Export(bundles.pack),
        "export": Export(bundles.export),
        "unpack": Export(bundles.unpack),
        "resolve": Export(tools.resolve),
        "fill": Export(tools.fill),
        "diff": Export(tools.diff),
        "new": Export(tools.new),
        "fmt": Export(tools.fmt),
        "schema": Export(tools.schema),
        "layers": Export(layers.table),
        "set_trainable": Export(layers.set_trainable),
        "get_weights": Export(layers.get_weights),
        "set_weights": Export(layers.set_weights, frozenset({"weights"})),
        "from_keras": Export(keras_objects.from_given),
        "import": Export(keras_objects.from_file),
        "read_orderbook": Export(books.read),
        "simulate_orderbook": Export(books.simulate),
        "window_rows": Export(books.window_rows),
        "data_windows": Export(table_windows.make),
        "transform_windows": Export(table_windows.transform),
        "in_units": Export(table_windows.in_units),
        "train_table": Export(formulas.train, frozenset({"listeners"})),
        "tune": Export(searches.tune, _DATA),
        "tune_table": Export(searches.tune_table),
        "sweep": Export(searches.sweep, _DATA),
        "sweep_table": Export(searches.sweep_table),
        "walk_forward": Export(walks.walk_forward, _DATA),
        "walk_table": Export(walks.walk_table),
        "split_picture": Export(walks.split_picture, _DATA),
        "split_table": Export(walks.split_table),
        "round_trip": Export(round_trip.round_trip, frozenset({"value"})),
    }
)
