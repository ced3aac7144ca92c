"""Where diagnostics gather during one pass, each once."""

from __future__ import annotations

from zoo.errors import Diagnostic


class Collector:
    """A callable list of diagnostics: repeats (from loops and retries) are dropped."""

    def __init__(self) -> None:
        self._found: dict[Diagnostic, None] = {}

    def __call__(self, diagnostic: Diagnostic) -> None:
        self._found.setdefault(diagnostic)

    @property
    def has_errors(self) -> bool:
        """Whether anything found stops a build."""
        return any(diagnostic.level == "error" for diagnostic in self._found)

    def sorted(self) -> tuple[Diagnostic, ...]:
        """In the order of the text; findings without a place last."""

        def place(diagnostic: Diagnostic) -> tuple[bool, str, int, int]:
            span = diagnostic.span
            return (span is None, span.file, span.line, span.column) if span else (True, "", 0, 0)

        return tuple(sorted(self._found, key=place))
