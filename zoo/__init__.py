"""speczoo: Keras functional models declared in YAML, checked, built, trained honestly, and native in R.

Everything here is loaded when it is first used: ``import zoo`` imports neither Keras nor pandas.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zoo import data
    from zoo.audit.finding import Audit
    from zoo.audit.run import audit
    from zoo.build.lift import from_keras
    from zoo.build.model import build
    from zoo.build.picture import plot
    from zoo.errors import BuildError, BundleError, DataError, Diagnostic, SpecError, TrainError, ZooError
    from zoo.spec import Report, Spec, check, check_text, load, loads
    from zoo.spec.card import Card, card
    from zoo.spec.index import Entry, list_models
    from zoo.spec.tools.diff import diff
    from zoo.spec.tools.fill import fill
    from zoo.spec.tools.new import new
    from zoo.spec.tools.resolve import resolve
    from zoo.train.bundle import from_bytes, open
    from zoo.train.execution.ask import plan
    from zoo.train.run import train
    from zoo.train.search.sweep import sweep
    from zoo.train.search.tune import tune
    from zoo.train.split_picture import plot_split
    from zoo.train.trained import Trained
    from zoo.train.walk.forward import walk_forward
    from zoo.train.walk.result import WalkForward

__version__ = "0.1.0"

_HOMES = {
    "Audit": "zoo.audit.finding",
    "BuildError": "zoo.errors",
    "BundleError": "zoo.errors",
    "Card": "zoo.spec.card",
    "DataError": "zoo.errors",
    "Diagnostic": "zoo.errors",
    "Entry": "zoo.spec.index",
    "Report": "zoo.spec",
    "Spec": "zoo.spec",
    "SpecError": "zoo.errors",
    "TrainError": "zoo.errors",
    "Trained": "zoo.train.trained",
    "WalkForward": "zoo.train.walk.result",
    "ZooError": "zoo.errors",
    "audit": "zoo.audit",
    "build": "zoo.build",
    "card": "zoo.spec.card",
    "check": "zoo.spec",
    "check_text": "zoo.spec",
    "data": "zoo.data",
    "diff": "zoo.spec.tools.diff",
    "fill": "zoo.spec.tools.fill",
    "from_bytes": "zoo.train.bundle",
    "from_keras": "zoo.build.lift",
    "list_models": "zoo.spec.index",
    "load": "zoo.spec",
    "loads": "zoo.spec",
    "new": "zoo.spec.tools.new",
    "open": "zoo.train.bundle",
    "plan": "zoo.train.execution.ask",
    "plot": "zoo.build.picture",
    "plot_split": "zoo.train.split_picture",
    "resolve": "zoo.spec.tools.resolve",
    "sweep": "zoo.train.search.sweep",
    "train": "zoo.train",
    "tune": "zoo.train.search.tune",
    "walk_forward": "zoo.train.walk.forward",
}
_ROOMS = ("audit", "build", "data", "train")
# Whose homes load Keras; the rooms load it when they are called.
_OF_KERAS = ("Trained", "from_bytes", "from_keras", "open", "sweep", "tune", "walk_forward")

__all__ = [
    "Audit",
    "BuildError",
    "BundleError",
    "Card",
    "DataError",
    "Diagnostic",
    "Entry",
    "Report",
    "Spec",
    "SpecError",
    "TrainError",
    "Trained",
    "WalkForward",
    "ZooError",
    "audit",
    "build",
    "card",
    "check",
    "check_text",
    "data",
    "diff",
    "fill",
    "from_bytes",
    "from_keras",
    "list_models",
    "load",
    "loads",
    "new",
    "open",
    "plan",
    "plot",
    "plot_split",
    "resolve",
    "sweep",
    "train",
    "tune",
    "walk_forward",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'zoo' has no attribute {name!r}")
    if name in _OF_KERAS:
        from zoo.build.tensorflow_start import import_keras_quietly

        import_keras_quietly()
    home = importlib.import_module(_HOMES[name])
    found = home if name in _ROOMS else getattr(home, name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
