"""Every model can learn: a gradient reaches each weight, and the loss of one small batch falls by half."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from tests.models import small
from zoo.build.compile import compile_model
from zoo.train.batches import Batches
from zoo.train.sources import prepare, sample_of
from zoo.train.trained import Trained

STEPS, RATE, SAMPLES = 150, 0.01, 16


@pytest.mark.parametrize("name", small.NAMES)
def test_every_weight_has_a_gradient_and_one_batch_is_learned(name: str) -> None:
    made, learn = small.built(name), small.entry(name).get("learn", {})
    x, y = batch(name)
    made.model.set_weights(made.weights)
    compile_model(made.model, made.spec, optimizer=keras.optimizers.Adam(learn.get("rate", RATE)))
    losses = [_step(made.model, x, y)]
    assert not (still := _unmoved(name, made)), f"no gradient reached {still}"
    while not _halved(losses) and len(losses) <= learn.get("steps", STEPS):
        losses.append(_step(made.model, x, y))
    # the model is kept for other tests, its step need not be
    made.model.train_function = None
    assert np.isfinite(losses).all()
    excuse = small.entry(name).get("does_not_halve")
    assert _halved(losses) or excuse, f"the loss went from {losses[0]:.4g} to {losses[-1]:.4g}"
    assert not (_halved(losses) and excuse), "the loss does fall by half: leave `does_not_halve` out"


def batch(name: str) -> tuple[Any, Any]:
    """A few samples of the spec's own data, far from one another."""
    made = small.built(name)
    tasks = Trained(made.spec, made.model, seed=7).tasks
    part = sample_of(prepare(made.spec, small.data(name), tasks).train, tasks)
    size = made.model.inputs[0].shape[0] or small.entry(name).get("learn", {}).get("samples", SAMPLES)
    rows = np.linspace(0, len(part) - 1, size).astype(int)
    x, y = Batches(part.x, part.y, size, rows=rows)[0]
    return x, y


def _step(model: keras.Model, x: Any, y: Any) -> float:
    return float(model.train_on_batch(x, y, return_dict=True)["loss"])


def _halved(losses: list[float]) -> bool:
    return len(losses) > 3 and bool(np.mean(losses[-3:]) < losses[0] / 2)


def _unmoved(name: str, made: small.Built) -> list[str]:
    excused = tuple(small.entry(name).get("no_gradient", {}).get("weights", ()))
    before = {id(weight): old for weight, old in zip(made.model.weights, made.weights, strict=True)}
    return [
        weight.path
        for weight in made.model.trainable_weights
        if np.array_equal(before[id(weight)], np.asarray(weight)) and not weight.path.endswith(excused)
    ]
