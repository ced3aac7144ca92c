"""Order books, features, labels, splits, scalers and windows. Needs NumPy and pandas, never Keras."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zoo.data import orderbook
    from zoo.data.part import Part
    from zoo.data.pipeline import Pipeline
    from zoo.data.preparation import prepare
    from zoo.data.prepared import Prepared
    from zoo.data.tables.cutting import windows
    from zoo.data.windowing import Windows

__all__ = ["Part", "Pipeline", "Prepared", "Windows", "orderbook", "prepare", "windows"]

# No module carries the name of a function here: importing it would put the module in the function's place.
_HOME = {
    "Part": "zoo.data.part",
    "Pipeline": "zoo.data.pipeline",
    "Prepared": "zoo.data.prepared",
    "Windows": "zoo.data.windowing",
    "prepare": "zoo.data.preparation",
    "windows": "zoo.data.tables.cutting",
}


def __getattr__(name: str) -> Any:
    if name == "orderbook":
        return import_module("zoo.data.orderbook")
    if name not in _HOME:
        raise AttributeError(f"module 'zoo.data' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
