"""Every error a user can meet, and the diagnostics a spec can get.

    ZooError                    anything a user can mend; never shown with a traceback
    ├── SpecError               a spec has errors; carries the whole Report
    ├── BuildError              Keras refused to build a spec that passed the static rules
    ├── DataError               a data file, frame or array is not what the recipe needs
    ├── TrainError              a run cannot start or go on as asked
    └── BundleError             a .zoo file is cut short, altered, or of a newer format

The message of a ``ZooError`` says what happened and where; ``help`` says how to mend it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from zoo.spec.check import Report

Level = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text: lines and columns count from 1, the end is exclusive."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding about a spec.

    Args:
        code: stable code such as ``G201``; ``zoo rule CODE`` prints its page.
        level: ``error`` stops a build, ``warning`` does not, ``note`` informs.
        message: one sentence that says what is wrong.
        span: where it is, or None when the finding has no place in the text.
        help: the nearest valid name or the fix, or an empty string.
        related: further places, each with a short label ("a similar name is declared here").
    """

    code: str
    level: Level
    message: str
    span: Span | None = None
    help: str = ""
    related: tuple[tuple[Span, str], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The diagnostic as plain values, in the layout of DESIGN's JSON format."""
        return {
            "code": self.code,
            "level": self.level,
            "message": self.message,
            **_place(self.span),
            "help": self.help,
            "related": [{**_place(span), "message": label} for span, label in self.related],
        }


def _place(span: Span | None) -> dict[str, Any]:
    if span is None:
        return dict.fromkeys(("file", "line", "column", "end_line", "end_column"))
    return {
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }


class ZooError(Exception):
    """A mistake the user can mend.

    Args:
        message: what happened, and where.
        help: what to do about it.
        code: a stable word for programs (``data.crossed``); R makes a condition class of it.
        data: plain values that belong to the error (row numbers, names), for programs.
    """

    def __init__(
        self, message: str, *, help: str = "", code: str = "", data: dict[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.help = help
        self.code = code
        self.data = data or {}

    def __str__(self) -> str:
        return f"{self.message}\n  = help: {self.help}" if self.help else self.message


class SpecError(ZooError):
    """A spec has errors. ``report`` holds all diagnostics of one pass."""

    def __init__(self, report: Report) -> None:
        super().__init__(str(report), code="spec")
        self.report = report

    @property
    def diagnostics(self) -> Sequence[Diagnostic]:
        """All diagnostics, in the order of the text."""
        return self.report.diagnostics


class BuildError(ZooError):
    """Keras refused to build a spec that passed the static rules."""


class DataError(ZooError):
    """A data file, frame or array is not what the recipe needs."""


class TrainError(ZooError):
    """A run cannot start or go on as asked."""


class BundleError(ZooError):
    """A bundle is cut short, altered, or written by a newer format."""
