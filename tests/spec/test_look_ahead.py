"""What D302 says a tensor sees, against what really moves when an input step is changed."""

from __future__ import annotations

import math
import random
from typing import Any

import numpy as np
import pytest

import zoo
from zoo.spec import emit

STEPS = 12

# Every layer kind whose reach is known in steps, and some that see everything.
CHOICES: list[Any] = [
    *(
        {"Conv1D": {"filters": 3, "kernel_size": k, "padding": p}}
        for k in (1, 2, 3, 4)
        for p in ("causal", "same", "valid")
    ),
    *(
        {"Conv1D": {"filters": 3, "kernel_size": 2, "dilation_rate": d, "padding": p}}
        for d in (2, 3)
        for p in ("causal", "same")
    ),
    *(
        {"Conv1D": {"filters": 3, "kernel_size": 3, "strides": 2, "padding": p}}
        for p in ("causal", "same", "valid")
    ),
    {"SeparableConv1D": {"filters": 3, "kernel_size": 3, "padding": "same"}},
    {"DepthwiseConv1D": {"kernel_size": 3, "padding": "same"}},
    *(
        {"AveragePooling1D": {"pool_size": n, "strides": s, "padding": p}}
        for n, s in ((2, 1), (3, 1), (2, 2))
        for p in ("same", "valid")
    ),
    {"ZeroPadding1D": [2, 0]},
    {"ZeroPadding1D": 1},
    {"Cropping1D": [1, 0]},
    {"Cropping1D": [0, 1]},
    {"UpSampling1D": 2},
    {"LSTM": {"units": 3, "return_sequences": True}},
    {"GRU": {"units": 3, "return_sequences": True, "go_backwards": True}},
    {"Bidirectional": {"LSTM": {"units": 2, "return_sequences": True}}},
    {"TimeDistributed": {"Dense": 3}},
    {"Dense": 3},
    {"Activation": "tanh"},
    {"LayerNormalization": {}},
    {"LayerNormalization": {"axis": [1, 2]}},
    {"GroupNormalization": 1},
    {"GroupNormalization": {"groups": 3}},
    {"RMSNormalization": {}},
    {"UnitNormalization": {}},
    {"UnitNormalization": {"axis": 1}},
    {"BatchNormalization": {}},
    {"Softmax": {}},
    {"Softmax": {"axis": 1}},
    {"PReLU": {}},
    {"Permute": [1, 2]},
    {"Reshape": [STEPS, 3]},
    {"ops.flip": {"axis": 1}},
    {"ops.softmax": {"axis": 1}},
    {"ops.roll": {"shift": 1, "axis": 1}},
    *(
        {
            "repeat": {
                "times": 1,
                "do": [{"branch": [[], []]}, {"Attention": {"call": {"use_causal_mask": c}}}],
            }
        }
        for c in (True, False)
    ),
    {"MultiHeadAttention": {"num_heads": 1, "key_dim": 3, "call": {"value": "_", "use_causal_mask": True}}},
    {"MultiHeadAttention": {"num_heads": 1, "key_dim": 3, "call": {"value": "_"}}},
    {"residual": [{"Conv1D": {"filters": 3, "kernel_size": 3, "padding": "causal"}}, {"Dense": 3}]},
    {"at": {"1": [1, None]}},
    {"at": {"1": [None, -1]}},
    {"at": {"1": [None, None, 2]}},
    {"ops.multiply": 2.0},
]


def spec_of(steps: list[Any]) -> zoo.Spec | None:
    document = {
        "spec": 1,
        "name": "seen",
        "inputs": {"past": {"shape": [STEPS, 3]}},
        "graph": {"y": ["past", *steps, {"Dense": 3}]},
        "outputs": ["y"],
    }
    try:
        return zoo.loads(emit.block(document))
    except zoo.SpecError:
        return None  # two layers that do not go together


def reached(model: Any) -> np.ndarray:
    """Which input steps move which output steps: (output step, input step) of booleans."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(1, STEPS, 3)).astype("float32")
    changed = np.repeat(x, STEPS, axis=0)
    for step in range(STEPS):
        changed[step, step] += rng.normal(size=3) * 3
    y = np.asarray(model(np.concatenate([x, changed])))
    return (np.abs(y[1:] - y[:1]) > 1e-6).any(axis=-1).T


@pytest.mark.parametrize("seed", range(24))
def test_random_stacks_see_what_is_said(seed: int) -> None:
    draw = random.Random(seed)
    spec = None
    while spec is None or spec.trace.shape(spec.graph.outputs["y"])[1] < 2:
        steps = [draw.choice(CHOICES) for _ in range(draw.randint(1, 4))]
        spec = spec_of(steps)
    sight = spec.trace.sight(spec.graph.outputs["y"])["past"]
    assert sight.axis == 1
    seen = reached(zoo.build(spec))
    last = np.array([row.nonzero()[0].max() if row.any() else -1 for row in seen])
    if math.isinf(sight.high):
        return  # counts as seeing everything, whatever it sees
    said = np.array([math.floor(float(sight.scale) * i + sight.high) for i in range(len(last))])
    assert (last <= np.maximum(said, -1)).all(), (steps, last, said)
    inside = (said >= 0) & (said < STEPS)
    exact = not any("UpSampling1D" in step or "Cropping1D" in step or "at" in step for step in steps)
    if exact and inside.any():
        assert (last[inside] == said[inside]).all(), (steps, last, said)


@pytest.mark.parametrize("step", CHOICES, ids=lambda step: emit.flow(step))
def test_each_kind_alone(step: Any) -> None:
    spec = spec_of([step])
    assert spec is not None
    sight = spec.trace.sight(spec.graph.outputs["y"])["past"]
    seen = reached(zoo.build(spec))
    length = seen.shape[0]
    ahead = sight.ahead(length)
    if math.isinf(ahead):
        assert seen[0, -1], "said to see everything, and does not"
        return
    # the last step of the output and of the input are the same moment
    moments = STEPS - 1 - (length - 1 - np.arange(length)) * float(sight.scale)
    beyond = [row.nonzero()[0].max() - moment for row, moment in zip(seen, moments, strict=True) if row.any()]
    assert max(0.0, max(beyond)) <= ahead
    if "UpSampling1D" not in step:
        assert max(0.0, max(beyond)) == pytest.approx(ahead)


def test_a_forecast_that_sees_ahead_is_an_error_and_an_unknown_recipe_a_warning() -> None:
    text = (
        "spec: 1\nname: peeks\ninputs: {book: {shape: [100, 20]}}\n"
        "graph:\n"
        "  code: [book, Conv1D: {filters: 4, kernel_size: 5, padding: same}]\n"
        "  move: [code, Dense: {units: 3, activation: softmax}]\n"
        "outputs: {move: {loss: sparse_categorical_crossentropy}}\n"
    )
    recipe = (
        "data: {kind: orderbook, features: {levels: 5}, window: {length: 100},"
        " label: {kind: forward, horizon: 5, per_step: true}}\n"
    )
    for given, level in ((text + recipe, "error"), (text, "warning")):
        found = [item for item in zoo.check_text(given).diagnostics if item.code == "D302"]
        assert [item.level for item in found] == [level]
        assert "sees 2 steps of `book` after it through `code`" in found[0].message


@pytest.mark.parametrize("causal", [True, False])
def test_attention_from_one_input_to_another(causal: bool) -> None:
    text = (
        "spec: 1\nname: two\ninputs: {past: {shape: [12, 3]}, other: {shape: [12, 3]}}\n"
        "graph: {y: [past, MultiHeadAttention: {num_heads: 1, key_dim: 3, "
        f"call: {{value: other, use_causal_mask: {str(causal).lower()}}}}}]}}\noutputs: [y]\n"
    )
    spec = zoo.loads(text)
    sight = spec.trace.sight(spec.graph.outputs["y"])["other"]
    rng = np.random.default_rng(0)
    past, other = rng.normal(size=(2, 1, STEPS, 3)).astype("float32")
    model, changed = zoo.build(spec), other.copy()
    changed[0, -1] += 1
    moved = np.abs(np.asarray(model([past, other])) - np.asarray(model([past, changed]))).max(axis=-1)[0]
    assert (moved[:-1] > 1e-6).any() == (not causal)
    assert (sight.axis, sight.high) == ((1, 0) if causal else (None, 0))


@pytest.mark.parametrize("label", ["label: {kind: reconstruct}", "targets: {y: {columns: [a], horizon: 0}}"])
def test_nothing_lies_ahead_of_a_label_that_is_the_window(label: str) -> None:
    text = (
        "spec: 1\nname: again\ninputs: {x: {shape: [12, 3]}}\n"
        "graph: {y: [x, Conv1D: {filters: 3, kernel_size: 3, padding: same}]}\noutputs: {y: {loss: mse}}\n"
        f"data: {{kind: table, {label}}}\n"
    )
    assert "D302" not in {item.code for item in zoo.check_text(text).diagnostics}
    assert "D302" in {item.code for item in zoo.check_text(text.replace(label, "clean: drop")).diagnostics}
