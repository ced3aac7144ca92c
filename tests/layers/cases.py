"""One case for every layer of the zoo: arguments, and the tensors that a call takes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np

from zoo.layers import registered

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Case:
    """A layer to be tried.

    Args:
        head: its class.
        args: constructor arguments.
        shapes: of the tensors that flow in, without the batch; several make a list.
        named: shapes of the tensors given by name.
        cancelled: weights that what follows takes out again, so that only rounding errors reach them.
    """

    head: str
    args: dict[str, Any] = field(default_factory=dict)
    shapes: tuple[Shape, ...] = ((6, 4),)
    named: dict[str, Shape] = field(default_factory=dict)
    cancelled: tuple[str, ...] = ()

    def layer(self, **more: Any) -> keras.layers.Layer:
        return registered("layers", self.head)(**self.args, **more)

    def arrays(self, batch: int = 3, seed: int = 0) -> dict[str, np.ndarray]:
        rng = np.random.default_rng(seed)
        shapes = {f"x{number}": shape for number, shape in enumerate(self.shapes)} | self.named
        return {name: rng.normal(size=(batch, *shape)).astype("float32") for name, shape in shapes.items()}

    def apply(self, layer: keras.layers.Layer, tensors: dict[str, Any]) -> list[Any]:
        """The layer's outputs as a list."""
        flowing = [tensors[f"x{number}"] for number in range(len(self.shapes))]
        named = {name: tensors[name] for name in self.named}
        found = layer(flowing if len(flowing) > 1 else flowing[0], **named)
        return list(found) if isinstance(found, (list, tuple)) else [found]

    def model(self, **more: Any) -> keras.Model:
        tensors = {name: keras.Input(array.shape[1:], name=name) for name, array in self.arrays().items()}
        return keras.Model(tensors, self.apply(self.layer(**more), tensors))

    def __str__(self) -> str:
        return f"{self.head}({', '.join(f'{name}={value}' for name, value in self.args.items())})"


# A second normalisation undoes what the first one learns; a softmax does not feel a constant added to it.
_AXIAL = ("first_norm/gamma", "first_norm/beta", "similarity_norm/beta")

CASES = [
    Case("AddLoss", {"weight": 0.5}, named={"term": (4,)}),
    Case("BiN"),
    Case("CausalNormalization"),
    Case("CausalNormalization", {"mode": "exponential", "momentum": 0.7, "center": False}),
    Case("CausalNormalization", {"scale": False, "center": False}, ((5, 3, 2),)),
    Case("ColumnGather", {"indices": [0, -1, 1, 1]}),
    Case("ColumnGather", {"indices": [5, 2], "axis": 1}),
    Case("CustomScaleLayer", {"scale": 0.2}, ((6, 4), (6, 4))),
    Case("DAIN"),
    Case("Frames", {"size": 3, "stride": 2}, ((6,),)),
    Case("GatedAxialAttention", {"num_heads": 2, "filters": 8, "axis": 1}, ((5, 4, 3),), cancelled=_AXIAL),
    Case("GatedAxialAttention", {"num_heads": 1, "filters": 4, "axis": 2}, ((5, 4, 3),), cancelled=_AXIAL),
    Case("GaussianSample", {"beta": 0.5, "seed": 1}, ((4,), (4,))),
    Case("LayerScale", {"init_values": 0.1, "projection_dim": 4}),
    Case("LearnedPosition"),
    Case("LinearPosition"),
    Case("LogBoF", {"units": 5}),
    Case("LogBoF", {"units": 5, "pool_size": 4}),
    Case("ReplicatePadding1D", {"padding": [2, 0]}),
    Case("ReplicatePadding1D", {"padding": 1}, ((6, 3, 2),)),
    Case("RevIN"),
    Case("RevIN", {"affine": False}),
    Case("SeriesDecomposition", {"pool_size": 3}),
    Case("SeriesDecomposition", {"pool_size": 4, "causal": True}),
    Case("SinusoidalPosition"),
    Case(
        "TABL",
        {
            "units": 3,
            "steps": 2,
            "activation": "relu",
            "kernel_constraint": {"class_name": "MaxNorm", "config": {"max_value": 10, "axis": [0, 1]}},
        },
    ),
    Case("TemporalNBoF", {"units": 5}),
    Case("TwoDAttention"),
    Case("TwoDAttention", {"axis": 2}),
    Case(
        "WeightNormConv1D",
        {"filters": 5, "kernel_size": 3, "padding": "causal", "dilation_rate": 2, "activation": "tanh"},
    ),
    Case(
        "WeightNormConv1D",
        {"filters": 5, "kernel_size": 2, "strides": 2, "padding": "same", "use_bias": False},
    ),
    Case("WeightNormConv1D", {"filters": 5, "kernel_size": 2}),
]
