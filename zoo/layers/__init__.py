"""The zoo's own layers and losses, one a file, each under the name that specs use.

To add one: write its file, name it in ``_HOMES``, and run ``python -m zoo.build.signatures --write``.
"""

from __future__ import annotations

import importlib
from typing import Any

_HOMES = {
    ("layers", "CustomScaleLayer"): "zoo.layers.custom_scale_layer",
    ("layers", "LayerScale"): "zoo.layers.layer_scale",
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
