"""Every spec at the sizes of ``small.yaml``, for proofs that do not need the published ones."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import keras
import numpy as np
import yaml

import zoo
from tests.models import formula
from zoo.spec import catalogue

FILE = Path(__file__).resolve().parent / "small.yaml"
KEYS = ("params", "data", "learn", "no_gradient", "does_not_halve", "random")
NAMES = sorted(catalogue.paths())
SNAPSHOTS = 900
STRIDE = 4
SAMPLES = 120
ROWS = 400


class Built(NamedTuple):
    """A small model, and the weights that it was built with."""

    spec: zoo.Spec
    model: keras.Model
    weights: list[np.ndarray]


@cache
def entries() -> dict[str, dict[str, Any]]:
    """What ``small.yaml`` says of each spec."""
    return {name: entry or {} for name, entry in yaml.safe_load(FILE.read_text("utf-8")).items()}


def entry(name: str) -> dict[str, Any]:
    """What it says of one."""
    return entries().get(name, {})


@cache
def spec(name: str) -> zoo.Spec:
    """A spec at small sizes, its toy data cut short; one learning rate for all layers, so that each moves."""
    params = entry(name).get("params", {})
    sized = zoo.load(name, **params)
    text: dict[str, Any] = {"spec": 1, "extends": name, "name": name}
    if data := {**_short(sized.data), **entry(name).get("data", {})}:
        text["data"] = data
    if sized.training.get("learning_rates"):
        text["training"] = {"learning_rates": None}
    return zoo.loads(json.dumps(text), **params)


def _short(data: Mapping[str, Any]) -> dict[str, Any]:
    """What makes of a spec's own data few samples."""
    if data.get("kind") == "orderbook":
        return {"window": {"stride": STRIDE}}
    most = ROWS if data.get("kind") == "table" else SAMPLES
    for place in ("toy", "source"):
        made = data.get(place)
        if isinstance(made, Mapping) and made.get("samples", 0) > most:
            return {place: {"samples": most}}
    return {}


@cache
def built(name: str) -> Built:
    """The small model of a spec."""
    keras.utils.set_random_seed(7)
    model = zoo.build(spec(name))
    return Built(spec(name), model, model.get_weights())


def filled(name: str) -> Built:
    """The same, its weights from the formula."""
    made = built(name)
    # the formula looks at what a weight starts as
    made.model.set_weights(made.weights)
    formula.fill(made.model)
    return made


@cache
def book() -> Any:
    """A short order book."""
    from zoo.data import orderbook

    return orderbook.simulate(snapshots=SNAPSHOTS, levels=10, seed=7)


def data(name: str) -> Any:
    """What to give ``zoo.train`` beside the small spec: a short book; nothing where the data are a toy."""
    return book() if spec(name).data.get("kind") == "orderbook" else None
