"""The rules of the language: one file a code, whose docstring is the code's page (``zoo rule CODE``).

Every file defines ``RULE`` and either functions that the phases call to word a finding (``diagnose`` and the
like) or ``check(spec)``, which looks for findings in a lowered spec. A file is registered by existing: its
name is ``<code>_<slug>.py``. ``examples/`` has a bad spec for each.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType

from zoo.errors import Diagnostic, Level, Span

Check = Callable[..., Iterator[Diagnostic]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A code and its level; calling it makes a diagnostic."""

    code: str
    level: Level

    def __call__(
        self,
        message: str,
        span: Span | None,
        help: str = "",
        related: tuple[tuple[Span, str], ...] = (),
        level: Level | None = None,
    ) -> Diagnostic:
        return Diagnostic(self.code, level or self.level, message, span, help, related)


@cache
def codes() -> dict[str, str]:
    """Every code → its module's name, in the order of the codes."""
    files = sorted(Path(__file__).parent.glob("[a-z][0-9][0-9][0-9]_*.py"))
    return {file.stem.split("_")[0].upper(): file.stem for file in files}


def module(code: str) -> ModuleType:
    """The module of a code; KeyError when there is none."""
    return importlib.import_module(f"{__name__}.{codes()[code.upper()]}")


def page(code: str) -> str:
    """The code's page in the catalogue: the docstring of its file."""
    return inspect.cleandoc(module(code).__doc__ or "")


def example(code: str) -> Path:
    """A bad spec for the code (``zoo rule CODE --example``); KeyError when there is no such code."""
    return next((Path(__file__).parent / "examples").glob(f"{module(code).RULE.code}_*.yaml"))


@cache
def checks() -> tuple[Check, ...]:
    """The ``check`` functions of all rules that have one."""
    found = (getattr(module(code), "check", None) for code in codes())
    return tuple(check for check in found if check is not None)
