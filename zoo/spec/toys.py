"""Names and options of the toys: those of zoo/data/toys, which this room may not import."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# Options of every toy of samples.
COMMON = ("samples", "seed", "length")
_TEXTS = ("headlines", "shares", "tweets", "questions", "documents", "posts", "tickets")

# Those of a table are rows of a series.
COMMON_OF_TABLES = ("samples", "seed")

# ``data.kind`` → name of the toy → its own options. tests/data/test_toys.py compares this with zoo/data/toys.
TOYS: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "tokens": {**dict.fromkeys(_TEXTS, ("signal",)), "tickets": ("signal", "words")},
        "images": {"digits": (), "digit_pairs": ("digits",), "filters": ("kernel",)},
        "toy": {"shapes": ("noise",)},
        "table": {
            "pairs": ("delta", "sigma", "lookback"),
            "sine": ("period", "noise"),
            "seasonal": (),
            "heartbeat": ("period", "odd", "noise"),
            "market": (),
        },
    }
)


def kind_of(name: str) -> str | None:
    """The ``data.kind`` that a toy belongs to, or None where there is no such toy."""
    return next((kind for kind, toys in TOYS.items() if name in toys), None)


def options_of(name: str) -> tuple[str, ...]:
    """All that may be chosen of a toy."""
    kind = kind_of(name)
    if kind is None:
        return ()
    return (*(COMMON_OF_TABLES if kind == "table" else COMMON), *TOYS[kind][name])
