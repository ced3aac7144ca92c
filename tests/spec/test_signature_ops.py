"""The signature table against Keras's ops: which parameters are tensors, and which of them lists."""

from __future__ import annotations

import inspect
from typing import Any

import keras
import pytest

from zoo.spec.signatures import lookup, names

# Required arguments of ops that are no tensors, and the shapes of tensors where (4, 4) will not do.
OP_SAMPLES = {
    "axes": [1, 0], "axis": 0, "axis1": 0, "axis2": 1, "block_size": 2, "default_value": 0.0,
    "destination": 1,
    "dtype": "float32", "fft_length": 2, "indices_or_sections": 2, "k": 1, "kernel_size": 1, "kth": 1,
    "max_val": 1.0,
    "newshape": [16], "num_classes": 3, "output_size": (2,), "pad_width": 1, "pattern": "a b -> b a",
    "pool_size": 2, "repeats": 2, "sequence_length": 2, "sequence_stride": 1, "shape": [4, 4], "shift": 1,
    "source": 0, "subscripts": "ab->ba", "threshold": 0.5, "x_max": 1.0, "x_min": 0.0,
}  # fmt: skip
OP_SHAPES: dict[str, dict[str, tuple[int, ...]]] = {
    "adaptive_average_pool": {"inputs": (4, 4, 4)},
    "adaptive_max_pool": {"inputs": (4, 4, 4)},
    "average_pool": {"inputs": (4, 4, 4)},
    "batch_normalization": {name: (4,) for name in ("mean", "variance", "offset", "scale")},
    "conv": {"inputs": (4, 4, 4), "kernel": (2, 4, 4)},
    "conv_transpose": {"inputs": (4, 4, 4), "kernel": (2, 4, 4)},
    "correlate": {"x1": (4,), "x2": (4,)},
    "cross": {"x1": (4, 3), "x2": (4, 3)},
    "depth_to_space": {"x": (4, 4, 4, 4)},
    "digitize": {"bins": (4,)},
    "dsplit": {"x": (4, 4, 4)},
    "fold": {"x": (1, 4, 4)},
    "max_pool": {"inputs": (4, 4, 4)},
    "searchsorted": {"sorted_sequence": (4,)},
    **dict.fromkeys(("segment_max", "segment_min", "segment_prod", "segment_sum"), {"segment_ids": (4,)}),
    "space_to_depth": {"x": (4, 4, 4, 4)},
    "sparse_categorical_crossentropy": {"target": (4,)},
    "take_along_axis": {"x": (16,), "indices": (16,)},
    "unfold": {"x": (1, 4, 4, 4)},
    "vander": {"x": (4,)},
}
OP_EXTRA: dict[str, dict[str, Any]] = {
    "fold": {"output_size": [2, 2]},
    "multi_hot": {"num_classes": 3},
    "take_along_axis": {"axis": 0},
}


@pytest.mark.parametrize("name", names("ops"))
def test_every_op_takes_its_tensors_by_name(name: str) -> None:
    signature = lookup("ops", name)
    assert signature is not None
    given = dict(OP_EXTRA.get(name, {}))
    for argument in signature.arguments.values():
        if argument.kind == "tensor":
            tensor = keras.KerasTensor(OP_SHAPES.get(name, {}).get(argument.name, (4, 4)))
            listed = signature.takes_list and argument.name in (signature.tensors[0], "choicelist")
            given[argument.name] = [tensor, tensor] if listed else tensor
        elif argument.required and argument.name not in given:
            given[argument.name] = OP_SAMPLES[argument.name]
    if signature.variadic:
        before = [given.pop("subscripts")] if "subscripts" in given else []
        operands = [keras.KerasTensor((4, 4))] * (2 if name == "meshgrid" else 1)
        assert getattr(keras.ops, name)(*before, *operands, **given) is not None
    else:
        assert getattr(keras.ops, name)(**given) is not None


def test_no_op_that_takes_a_function_is_offered() -> None:
    for name in names("ops"):
        taken = set(inspect.signature(getattr(keras.ops, name)).parameters)
        assert not taken & {"f", "fn", "fun", "function", "body", "cond", "branches", "pyfunc"}, name
