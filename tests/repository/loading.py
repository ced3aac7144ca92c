"""Examples are scripts, not a package: loaded by their path."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType


def load_example(path: Path) -> ModuleType:
    """The module of a script, not run as a program."""
    found = importlib.util.spec_from_file_location(f"example_{path.stem}", path)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    # dataclasses look their module up
    sys.modules[found.name] = module
    found.loader.exec_module(module)
    return module
