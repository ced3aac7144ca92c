"""Where diagnostics gather during one pass, each once."""

from __future__ import annotations

from zoo.errors import Diagnostic

MAX_FINDINGS = 200  # each looks for the nearest name, so their number bounds the time of a check


class TooMany(Exception):
    """More findings than a report holds."""


class Collector:
    """A callable list of diagnostics: repeats (from loops and retries) are dropped."""

    def __init__(self) -> None:
        self._found: dict[Diagnostic, None] = {}
        self._errors = 0

    def __call__(self, diagnostic: Diagnostic) -> None:
        """Takes one finding; warnings and notes beyond the bound are passed over, for they stop nothing.

        Raises:
            TooMany: it is one error more than anybody reads; the check ends with those found so far.
        """
        if diagnostic in self._found:
            return
        error = diagnostic.level == "error"
        if not error and len(self._found) - self._errors > MAX_FINDINGS:
            return
        self._found[diagnostic] = None
        self._errors += error
        if self._errors > MAX_FINDINGS:
            raise TooMany

    @property
    def has_errors(self) -> bool:
        """Whether anything found stops a build."""
        return any(diagnostic.level == "error" for diagnostic in self._found)

    def sorted(self) -> tuple[Diagnostic, ...]:
        """In the order of the text; findings without a place last."""

        def place(diagnostic: Diagnostic) -> tuple[bool, str, int, int]:
            span = diagnostic.span
            return (span is None, span.file, span.line, span.column) if span else (True, "", 0, 0)

        return tuple(sorted(self._kept(), key=place))

    def _kept(self) -> list[Diagnostic]:
        """Without follow-ons: what else is said where the reader stumbled, and Y102 beside an error."""
        errors = [item for item in self._found if item.level == "error" and item.span]
        stumbled = {_start(item) for item in errors if item.code[0] == "Y"}
        wrong = {_start(item) for item in errors}
        return [
            item
            for item in self._found
            if (item.code[0] == "Y" or _start(item) not in stumbled)
            and (item.code != "Y102" or _start(item) not in wrong)
        ]


def _start(item: Diagnostic) -> tuple[str, int, int] | None:
    return (item.span.file, item.span.line, item.span.column) if item.span else None
