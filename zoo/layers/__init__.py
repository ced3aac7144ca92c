"""The zoo's own layers and losses, one a file, each under the name that specs use.

To add one: write its file, name it in ``_HOMES``, and run ``python -m zoo.build.signatures --write``.
"""

from __future__ import annotations

import importlib
from typing import Any

_HOMES = {
    ("callbacks", "ResetStates"): "zoo.layers.reset_states",
    ("layers", "AddLoss"): "zoo.layers.add_loss",
    ("layers", "CustomScaleLayer"): "zoo.layers.custom_scale_layer",
    ("layers", "Frames"): "zoo.layers.frames",
    ("layers", "GaussianSample"): "zoo.layers.gaussian_sample",
    ("layers", "LayerScale"): "zoo.layers.layer_scale",
    ("layers", "LearnedPosition"): "zoo.layers.learned_position",
    ("layers", "LinearPosition"): "zoo.layers.linear_position",
    ("layers", "RevIN"): "zoo.layers.rev_in",
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
