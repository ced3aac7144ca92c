"""`import zoo.data` is light, and the room stays below Keras."""

from __future__ import annotations

import subprocess
import sys

import pytest

import zoo.data
import zoo.data.orderbook

HEAVY = "keras tensorflow pandas sklearn"


def loaded(code: str) -> set[str]:
    script = f"{code}\nimport sys\nprint(*[n for n in {HEAVY.split()!r} if n in sys.modules])"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_importing_the_room_loads_nothing_heavy() -> None:
    assert loaded("import zoo.data, zoo.data.orderbook") == set()


def test_a_simulated_book_is_prepared_without_keras_or_pandas() -> None:
    code = """
from zoo import data
recipe = {"window": {"length": 5}, "label": {"horizon": 3}, "source": {"simulate": {"snapshots": 300}}}
data.prepare(recipe, input_shapes={"book": (5, 40)}, outputs={"move": 3})
"""
    assert loaded(code) == set()


def test_everything_uses_no_keras() -> None:
    code = "import importlib, pkgutil, zoo.data\n"
    code += "for m in pkgutil.walk_packages(zoo.data.__path__, 'zoo.data.'): importlib.import_module(m.name)"
    assert loaded(code) <= {"pandas"}


@pytest.mark.parametrize("module", [zoo.data, zoo.data.orderbook])
def test_public_names(module: object) -> None:
    names = module.__all__  # type: ignore[attr-defined]
    assert names == sorted(names) == dir(module)
    for name in names:
        assert getattr(module, name).__doc__
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = module.nothing  # type: ignore[attr-defined]


def test_functions_are_not_shadowed_by_modules() -> None:
    assert callable(zoo.data.windows) and callable(zoo.data.prepare)
    assert callable(zoo.data.orderbook.read) and callable(zoo.data.orderbook.simulate)
