"""Operations counted from shapes, beside those that TensorFlow's profiler counts in the built graph.

The profiler knows products, sums and pooling; it does not know sigmoid or tanh, nor, alone, Einstein sums,
and it counts the body of a loop not at all: recurrent layers are unrolled here.
"""

from __future__ import annotations

import math
from typing import Any

import keras
import pytest
import tensorflow as tf
from tensorflow.python.framework import graph_util, ops
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2
from tensorflow.python.profiler.model_analyzer import profile
from tensorflow.python.profiler.option_builder import ProfileOptionBuilder

import zoo
from zoo.spec.cost import cost


def _einsum(graph: Any, node: Any) -> Any:
    equation, sizes = node.attr["equation"].s.decode(), {}
    for part, name in zip(equation.partition("->")[0].split(","), node.input, strict=True):
        shape = graph_util.tensor_shape_from_node_def_name(graph, name).as_list()
        head, _, tail = part.partition("...")
        middle = shape[len(head) : len(shape) - len(tail)]
        sizes |= dict(zip(head, shape, strict=False)) | dict(zip(tail[::-1], shape[::-1], strict=False))
        sizes |= {str(number): size for number, size in enumerate(middle)}
    return ops.OpStats("flops", 2 * math.prod(sizes.values()))


@pytest.fixture(scope="module", autouse=True)
def einstein_sums() -> None:
    ops.RegisterStatistics("Einsum", "flops")(_einsum)


def profiled(model: keras.Model) -> int:
    takes = [tf.TensorSpec((1, *item.shape[1:]), item.dtype) for item in model.inputs]
    called = tf.function(lambda *x: model(list(x) if len(x) > 1 else x[0], training=False))
    frozen = convert_variables_to_constants_v2(called.get_concrete_function(*takes))
    options = ProfileOptionBuilder(ProfileOptionBuilder.float_operation()).with_empty_output().build()
    return int(profile(frozen.graph, options=options).total_float_ops)


@pytest.mark.parametrize(
    ("shape", "step"),
    [
        ([64], "Dense: 50"),
        ([10, 64], "EinsumDense: {equation: 'abc,cd->abd', output_shape: [null, 50], bias_axes: d}"),
        ([8, 64], "LSTM: {units: 100, unroll: true}"),
        ([8, 64], "GRU: {units: 100, unroll: true}"),
        ([8, 64], "SimpleRNN: {units: 100, unroll: true}"),
        ([8, 64], "Bidirectional: {GRU: {units: 100, unroll: true}}"),
        ([4, 8, 64], "TimeDistributed: {LSTM: {units: 100, unroll: true}}"),
        ([40, 30], "Conv1D: {filters: 20, kernel_size: 5, padding: causal, dilation_rate: 2}"),
        ([20, 20, 16], "Conv2D: {filters: 20, kernel_size: [4, 2], strides: 2, padding: same}"),
        ([10, 10, 10, 8], "Conv3D: {filters: 10, kernel_size: 3}"),
        ([40, 30], "SeparableConv1D: {filters: 20, kernel_size: 5}"),
        ([20, 20, 16], "DepthwiseConv2D: {kernel_size: 5, depth_multiplier: 2}"),
        ([40, 30], "Conv1DTranspose: {filters: 20, kernel_size: 6, strides: 2, padding: same}"),
        ([20, 20, 16], "MaxPooling2D: 4"),
        ([40, 32], "MultiHeadAttention: {num_heads: 4, key_dim: 16, call: {value: _}}"),
        ([40, 32], "TABL: {units: 60, steps: 8}"),
        ([40, 32], "TwoDAttention: {axis: 1}"),
        ([40, 32], "LogBoF: {units: 128}"),
        ([40, 32], "WeightNormConv1D: {filters: 64, kernel_size: 3, padding: causal}"),
        ([40, 32], "CausalNormalization"),
        ([10, 16, 8], "GatedAxialAttention: {num_heads: 4, filters: 16, axis: 1}"),
    ],
)
def test_layers_beside_the_profiler(shape: list[int], step: str) -> None:
    text = f"spec: 1\nname: one\ninputs: {{a: {{shape: {shape}}}}}\ngraph: {{y: [a, {step}]}}\n"
    spec = zoo.loads(text + "outputs: {y: {loss: mse}}\n")
    assert cost(spec.graph).flops == pytest.approx(profiled(zoo.build(spec)), rel=0.035)


@pytest.mark.parametrize(
    "name", ["lob_mlp", "lob_cnn2", "dain_mlp", "tlonbof", "bin_ctabl", "axial_lob", "translob"]
)
def test_models_beside_the_profiler(name: str) -> None:
    spec = zoo.load(name)
    assert cost(spec.graph).flops == pytest.approx(profiled(zoo.build(spec)), rel=0.01)
