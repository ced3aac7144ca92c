"""The zoo's own layers and losses, one a file, each under the name that specs use.

To add one: write its file, name it in ``_HOMES``, and run ``python -m zoo.build.signatures --write``.
"""

from __future__ import annotations

import importlib
from typing import Any

_HOMES = {
    ("callbacks", "PlotPrediction"): "zoo.layers.plot_prediction",
    ("callbacks", "ResetStates"): "zoo.layers.reset_states",
    ("constraints", "UnitInterval"): "zoo.layers.unit_interval",
    ("initializers", "FourierBasis"): "zoo.layers.fourier_basis",
    ("initializers", "PolynomialBasis"): "zoo.layers.polynomial_basis",
    ("layers", "AddLoss"): "zoo.layers.add_loss",
    ("layers", "BiN"): "zoo.layers.bin",
    ("layers", "CausalNormalization"): "zoo.layers.causal_normalization",
    ("layers", "ColumnGather"): "zoo.layers.column_gather",
    ("layers", "CustomScaleLayer"): "zoo.layers.custom_scale_layer",
    ("layers", "DAIN"): "zoo.layers.dain",
    ("layers", "Frames"): "zoo.layers.frames",
    ("layers", "GatedAxialAttention"): "zoo.layers.gated_axial_attention",
    ("layers", "GaussianSample"): "zoo.layers.gaussian_sample",
    ("layers", "LayerScale"): "zoo.layers.layer_scale",
    ("layers", "LearnedPosition"): "zoo.layers.learned_position",
    ("layers", "LinearPosition"): "zoo.layers.linear_position",
    ("layers", "LogBoF"): "zoo.layers.log_bof",
    ("layers", "ReplicatePadding1D"): "zoo.layers.replicate_padding_1d",
    ("layers", "RevIN"): "zoo.layers.rev_in",
    ("layers", "SeriesDecomposition"): "zoo.layers.series_decomposition",
    ("layers", "SinusoidalPosition"): "zoo.layers.sinusoidal_position",
    ("layers", "TABL"): "zoo.layers.tabl",
    ("layers", "TemporalNBoF"): "zoo.layers.temporal_nbof",
    ("layers", "TwoDAttention"): "zoo.layers.two_d_attention",
    ("layers", "WeightNormConv1D"): "zoo.layers.weight_norm_conv_1d",
    ("losses", "Pinball"): "zoo.layers.pinball",
    ("losses", "StudentT"): "zoo.layers.student_t",
}


def names(family: str) -> tuple[str, ...]:
    """The names that the zoo adds to a family, sorted."""
    return tuple(sorted(name for home, name in _HOMES if home == family))


def registered(family: str, name: str) -> Any:
    """The registered class.

    Raises:
        LookupError: nobody registered it.
    """
    return getattr(importlib.import_module(_HOMES[family, name]), name)
