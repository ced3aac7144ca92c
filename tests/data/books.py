"""Small books and recipes for the tests of this folder."""

from __future__ import annotations

from typing import Any

import numpy as np

from zoo.data.orderbook import Book

RECIPE: dict[str, Any] = {
    "kind": "orderbook",
    "features": {"levels": 2, "prices": "relative_bps", "sizes": "log"},
    "window": {"length": 6},
    "label": {"kind": "forward", "horizon": 4, "threshold": "half_mean_abs"},
}


def recipe(**sections: Any) -> dict[str, Any]:
    """The small recipe with some sections changed; a section's keys are merged."""
    made = {name: dict(value) if isinstance(value, dict) else value for name, value in RECIPE.items()}
    for name, value in sections.items():
        old = made.get(name)
        made[name] = {**old, **value} if isinstance(old, dict) and isinstance(value, dict) else value
    return made


def random_book(
    rows: int = 120,
    levels: int = 3,
    seed: int = 0,
    session: list[int] | None = None,
    symbol: list[int] | None = None,
) -> Book:
    """A valid book with a random walk for a mid; ticks of 0.5."""
    rng = np.random.default_rng(seed)
    mid = 1_000 + np.cumsum(rng.integers(-1, 2, rows))
    half = rng.integers(1, 3, rows)
    steps = np.arange(levels)
    codes = np.zeros(rows, np.int32)
    sessions = codes if session is None else np.array(session, np.int32)
    symbols = codes if symbol is None else np.array(symbol, np.int32)
    return Book(
        time=np.cumsum(rng.integers(1, 1_000_000_000, rows)),
        ask_price=(mid[:, None] + half[:, None] + steps) / 2,
        ask_size=rng.integers(1, 50, (rows, levels)).astype(float),
        bid_price=(mid[:, None] - half[:, None] - steps) / 2,
        bid_size=rng.integers(1, 50, (rows, levels)).astype(float),
        session=sessions,
        symbol=symbols,
        name="test book",
        counts={"rows": rows},
        sessions=tuple(f"day {code}" for code in range(int(sessions.max()) + 1)),
        symbols=tuple(f"S{code}" for code in range(int(symbols.max()) + 1)),
    )
