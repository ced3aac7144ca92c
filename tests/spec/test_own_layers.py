"""What is known of the zoo's own layers without Keras, against the layers: shapes, weights, look-ahead."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import zoo
from tests.layers.cases import CASES, Case
from tests.spec.test_look_ahead import STEPS, reached, spec_of
from zoo import layers
from zoo.spec import emit
from zoo.spec.shapes import ShapeProblem, infer, known, parameters

# What Keras objects stand for in a spec's arguments does not matter to shapes.
PLAIN = ("kernel_constraint",)


def plain(case: Case) -> dict[str, Any]:
    return {name: value for name, value in case.args.items() if name not in PLAIN}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_shapes_and_weights_are_the_real_ones(case: Case) -> None:
    model = case.model()
    flowing = [(None, *shape) for shape in case.shapes]
    named = {name: (None, *shape) for name, shape in case.named.items()}
    real = tuple(tuple(tensor.shape) for tensor in model.outputs)
    assert infer(case.head, "layers", plain(case), flowing, named=named) == real
    assert parameters(case.head, plain(case), flowing, named=named) == model.count_params()


def test_every_layer_is_known() -> None:
    assert [name for name in layers.names("layers") if not known(name)] == []


@pytest.mark.parametrize(
    ("head", "args", "shape"),
    [
        ("BiN", {}, (None, None, 4)),
        ("CausalNormalization", {}, (None, 4)),
        ("ColumnGather", {"indices": [4]}, (None, 6, 4)),
        ("Frames", {"size": 9, "stride": 1}, (None, 6)),
        ("GatedAxialAttention", {"num_heads": 4, "filters": 12}, (None, 5, 4, 3)),
        ("LogBoF", {"units": 5, "pool_size": 7}, (None, 6, 4)),
        ("TABL", {"units": 3, "steps": 2}, (None, 6)),
        ("WeightNormConv1D", {"filters": 5, "kernel_size": 7}, (None, 6, 4)),
    ],
)
def test_where_the_layer_stops_a_problem_is_told(head: str, args: dict[str, Any], shape: Any) -> None:
    with pytest.raises(ShapeProblem):
        infer(head, "layers", args, [shape])
    with pytest.raises(Exception, match=r"\S"):
        import keras

        keras.Sequential([keras.Input(shape[1:]), layers.registered("layers", head)(**args)])


PADDED = {"ReplicatePadding1D": [2, 0]}
# Pipes of one layer, or of a few that make its look-ahead visible, with the steps they see ahead.
STACKS: list[tuple[list[Any], float]] = [
    ([{"BiN": {}}], math.inf),
    ([{"DAIN": {}}], math.inf),
    ([{"RevIN": {}}], math.inf),
    ([{"TABL": {"units": 3, "steps": 2}}], math.inf),
    ([{"TwoDAttention": {}}], math.inf),
    ([{"TwoDAttention": {"axis": 2}}], 0),
    ([{"CausalNormalization": {}}], 0),
    ([{"CausalNormalization": {"mode": "exponential"}}], 0),
    ([{"ColumnGather": [2, 0]}], 0),
    ([{"ColumnGather": {"indices": [11, 0, 5], "axis": 1}}], math.inf),
    ([{"LayerScale": {"init_values": 0.5, "projection_dim": 3}}], 0),
    ([{"LinearPosition": {}}], 0),
    ([{"LearnedPosition": {}}], 0),
    ([{"SinusoidalPosition": {}}], 0),
    ([{"LogBoF": {"units": 3, "pool_size": 3}}], 0),
    ([{"TemporalNBoF": 3}], 0),
    ([{"ReplicatePadding1D": [0, 1]}], 1),
    ([PADDED, {"Conv1D": {"filters": 3, "kernel_size": 3}}], 0),
    ([PADDED, {"Conv1D": {"filters": 3, "kernel_size": 2}}, {"at": {"1": [1, None]}}], 0),
    ([{"WeightNormConv1D": {"filters": 3, "kernel_size": 3, "padding": "causal", "dilation_rate": 2}}], 0),
    ([{"WeightNormConv1D": {"filters": 3, "kernel_size": 3, "padding": "same"}}], 1),
    ([{"Reshape": [STEPS, 3, 1]}, {"GatedAxialAttention": {"num_heads": 1, "filters": 2}}], math.inf),
    ([{"Reshape": [STEPS, 3, 1]}, {"GatedAxialAttention": {"num_heads": 1, "filters": 2, "axis": 2}}], 0),
]


@pytest.mark.parametrize(("steps", "expected"), STACKS, ids=lambda item: emit.flow(item))
def test_look_ahead(steps: list[Any], expected: float) -> None:
    flat = [{"Reshape": [STEPS, 6]}] if "GatedAxialAttention" in str(steps) else []
    spec = spec_of([*steps, *flat])
    assert spec is not None
    sight = spec.trace.sight(spec.graph.outputs["y"])["past"]
    model = zoo.build(spec)
    rng = np.random.default_rng(6)
    # an attention that has learned nothing yet gives all steps the same weight
    model.set_weights(
        [weight + 0.2 * np.abs(rng.normal(size=weight.shape)) for weight in model.get_weights()]
    )
    seen = reached(model)
    length = len(seen)
    assert sight.ahead(length) == expected
    if expected == math.inf:
        assert seen[0, -1], "said to see everything, and does not"
        return
    moments = STEPS - 1 - (length - 1 - np.arange(length)) * float(sight.scale)
    beyond = [row.nonzero()[0].max() - moment for row, moment in zip(seen, moments, strict=True) if row.any()]
    assert max(0.0, max(beyond)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("size", "causal", "expected"), [(3, False, 1), (4, False, 1), (5, False, 2), (5, True, 0)]
)
def test_look_ahead_of_a_moving_average(size: int, causal: bool, expected: int) -> None:
    spec = zoo.loads(
        "spec: 1\nname: parts\ninputs: {past: {shape: [12, 3]}}\ngraph:\n"
        f"  parts: [past, SeriesDecomposition: {{pool_size: {size}, causal: {str(causal).lower()}}}]\n"
        "  y: [parts.trend, Dense: 3]\n  z: [parts.seasonal, Dense: 3]\noutputs: [y, z]\n"
    )
    model = zoo.build(spec)
    for number, name in enumerate(("y", "z")):
        assert spec.trace.sight(spec.graph.outputs[name])["past"].ahead(STEPS) == expected

        def output(x: Any, number: int = number) -> Any:
            return model(x)[number]

        rows = reached(output)
        assert max(row.nonzero()[0].max() - step for step, row in enumerate(rows) if row.any()) == expected


def test_look_ahead_of_patches_and_histograms_of_the_whole_window() -> None:
    spec = zoo.loads(
        "spec: 1\nname: parts\ninputs: {past: {shape: [12]}, book: {shape: [12, 3]}}\ngraph:\n"
        "  y: [past, Frames: {size: 4, stride: 2, pad: false}]\n  z: [book, LogBoF: 5]\noutputs: [y, z]\n"
    )
    assert spec.trace.shape(spec.graph.outputs["y"]) == (None, 5, 4)
    sight = spec.trace.sight(spec.graph.outputs["y"])["past"]
    assert (sight.scale, sight.low, sight.high) == (2, 0, 3)
    assert spec.trace.sight(spec.graph.outputs["z"])["book"].axis is None


def test_a_term_of_the_loss_does_not_reach_the_tensor_it_passes() -> None:
    spec = zoo.loads(
        "spec: 1\nname: parts\ninputs: {past: {shape: [12, 3]}}\ngraph:\n"
        "  mean: [past, GlobalAveragePooling1D]\n  y: [past, AddLoss: {call: {term: mean}}]\noutputs: [y]\n"
    )
    assert spec.trace.sight(spec.graph.outputs["y"])["past"].ahead(STEPS) == 0
