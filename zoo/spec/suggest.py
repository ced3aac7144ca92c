"""The nearest valid name, for the ``help`` line of a message."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from functools import lru_cache


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate most like `word`, or None when none is like it.

    Example:
        >>> nearest("return_sequence", ["units", "return_sequences"])
        'return_sequences'
        >>> nearest("lr", ["units", "learning_rate"])
        'learning_rate'
    """
    return _nearest(word, tuple(candidates))


@lru_cache(maxsize=1024)
def _nearest(word: str, candidates: tuple[str, ...]) -> str | None:
    # cached: a mistake inside a loop is met in every round
    by_folded: dict[str, str] = {}
    for name in candidates:
        by_folded.setdefault(_fold(name), name)
    folded = _fold(word)
    found = difflib.get_close_matches(folded, by_folded, n=1, cutoff=0.6)
    if found:
        return by_folded[found[0]]
    if len(folded) < 2:
        return None
    begun = sorted((name for name in by_folded if name.startswith(folded)), key=len)
    short = [
        name for name in by_folded.values() if folded == "".join(part[:1] for part in name.lower().split("_"))
    ]
    return by_folded[begun[0]] if begun else short[0] if short else None


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
