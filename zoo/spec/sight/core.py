"""Layers that look at each step by itself, or at what lies along one axis."""

from __future__ import annotations

from zoo.spec.graph import Layer
from zoo.spec.shapes import Shape
from zoo.spec.sight.algebra import Rule, Sight, dropped, everything


def same(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    """Each step by itself."""
    return sight


def over_axes(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    """Normalisations and softmax: everything, when their axis is time."""
    axes = layer.values.get("axis", -1)
    listed = axes if isinstance(axes, list) else [axes]
    over = {int(axis) % len(shape) for axis in listed if isinstance(axis, (int, float))}
    return everything(sight, layer) if sight.axis in over else sight


def over_all_axes(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    """``GroupNormalization`` takes mean and variance over all steps, whatever its axis is."""
    return everything(sight, layer)


def time_distributed(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    """The inner layer sees one step of the first axis."""
    return sight if sight.axis in (1, None) else everything(sight, layer, lost=True)


def dense(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    """Mixes the last axis; where that is time, every unit sees all of it."""
    if sight.axis != len(shape) - 1:
        return sight
    return dropped(sight) if len(shape) == 2 else everything(sight, layer, lost=True)


RULES: dict[str, Rule] = {
    **dict.fromkeys(
        """ActivityRegularization Activation AddLoss AlphaDropout BatchNormalization Dropout ELU Embedding
        GaussianDropout GaussianNoise Identity LayerScale LeakyReLU Masking Normalization PReLU ReLU Rescaling
        SpatialDropout1D SpatialDropout2D SpatialDropout3D""".split(),
        same,
    ),
    **dict.fromkeys("LayerNormalization RMSNormalization Softmax UnitNormalization".split(), over_axes),
    "Dense": dense,
    "GroupNormalization": over_all_axes,
    "TimeDistributed": time_distributed,
}
