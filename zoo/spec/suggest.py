"""The nearest valid name, for the ``help`` line of a message."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate most like `word`, or None when none is like it.

    Example:
        >>> nearest("return_sequence", ["units", "return_sequences"])
        'return_sequences'
    """
    by_folded: dict[str, str] = {}
    for name in candidates:
        by_folded.setdefault(_fold(name), name)
    found = difflib.get_close_matches(_fold(word), by_folded, n=1, cutoff=0.6)
    return by_folded[found[0]] if found else None


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """A help line with the nearest name, or an empty text."""
    name = nearest(word, candidates)
    return f"did you mean `{name}`?" if name else ""


def listed(names: Iterable[str], most: int = 8) -> str:
    """Names as a person lists them: `a`, `b`, … and how many more."""
    every = list(names)
    shown = ", ".join(f"`{name}`" for name in every[:most])
    return f"{shown} and {len(every) - most} more" if len(every) > most else shown


def _fold(name: str) -> str:
    return name.lower().replace("_", "")
