"""What ``zoo diff`` found, for people and for programs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from zoo.errors import Span
from zoo.spec import emit
from zoo.spec.tools import normal


@dataclass(frozen=True, slots=True)
class Change:
    """One change.

    Args:
        kind: ``parameter``, ``input``, ``layer``, ``name``, ``argument``, ``edge``, ``output``, ``loss``,
            ``weight``, ``metrics``, ``data`` or ``training``.
        path: what changed, as in ``direction.units`` or ``training.optimizer``.
        before: what it was; None when there was nothing.
        after: what it is; None when it is gone.
        old: where it stood.
        new: where it stands.
    """

    kind: str
    path: str
    before: Any
    after: Any
    old: Span | None = None
    new: Span | None = None

    def __str__(self) -> str:
        if self.before is None or self.after is None:
            if self.kind in ("layer", "input", "output", "parameter"):
                sign = "added" if self.before is None else "removed"
                there = self.after if self.before is None else self.before
                return f"{self.kind} {self.path} {sign}: {_shown(there)}"
        return f"{self.kind} {self.path}: {_shown(self.before)} → {_shown(self.after)}"

    def to_dict(self) -> dict[str, Any]:
        """The change as plain values."""
        place = {"old": self.old, "new": self.new}
        return {
            "kind": self.kind,
            "path": self.path,
            "before": self.before,
            "after": self.after,
            **{
                name: {"file": span.file, "line": span.line, "column": span.column} if span else None
                for name, span in place.items()
            },
        }


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that changed from one spec to another. ``str()`` has a line for each."""

    names: tuple[str, str]
    changes: tuple[Change, ...]
    parameters: tuple[int | None, int | None]

    @property
    def same(self) -> bool:
        """Whether the two specs are one model with one recipe."""
        return not self.changes

    def __str__(self) -> str:
        lines = [str(change) for change in self.changes] or [
            f"{self.names[0]} and {self.names[1]} mean the same"
        ]
        return "\n".join([*lines, self.weights()])

    def weights(self) -> str:
        """The line about the number of weights."""
        before, after = self.parameters
        if before is None or after is None:
            return "number of weights: not known without Keras"
        return (
            f"number of weights: {before:,} → {after:,} ({after - before:+,})"
            if before != after
            else f"number of weights: {after:,} in both"
        )

    def to_json(self) -> str:
        """The difference as JSON."""
        shown = {
            "same": self.same,
            "names": list(self.names),
            "changes": [change.to_dict() for change in self.changes],
            "parameters": {"before": self.parameters[0], "after": self.parameters[1]},
        }
        return json.dumps(shown, ensure_ascii=False, indent=2, default=str)


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    text = value if isinstance(value, str) else emit.flow(normal.brief(value))
    return text if len(text) <= 200 else text[:199] + "…"
