"""A function of the user's own that they name on the command line; no file ever names one."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from zoo.spec.suggest import did_you_mean


def function_of(text: str) -> Callable[..., Any]:
    """The function that ``FILE.py:FUNCTION`` names.

    Raises:
        click.UsageError: no such file or function, or a file that cannot be run.
    """
    file, colon, name = text.rpartition(":")
    path = Path(file)
    if not colon or path.suffix != ".py":
        raise click.UsageError(f"`{text}` is not of the form FILE.py:FUNCTION, as in features.py:make")
    if not path.is_file():
        raise click.UsageError(f"there is no file {path}")
    made = importlib.util.spec_from_file_location(path.stem, path)
    assert made is not None and made.loader is not None  # of a file that ends in .py there is always one
    module = importlib.util.module_from_spec(made)
    # What stands beside it can be imported, as where Python runs the file itself.
    sys.path.insert(0, str(path.parent.resolve()))
    try:
        made.loader.exec_module(module)
    except Exception as error:
        raise click.UsageError(f"{path} cannot be run: {type(error).__name__}: {error}") from error
    finally:
        sys.path.pop(0)
    found: Callable[..., Any] | None = getattr(module, name, None)
    if not callable(found):
        known = [key for key, value in vars(module).items() if callable(value) and not key.startswith("_")]
        close = did_you_mean(name, known)
        raise click.UsageError(f"{path} has no function `{name}`{f'; {close}' if close else ''}")
    return found
