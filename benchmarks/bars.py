"""What was asked of the speed, as ratios within one run, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from benchmarks.side_by_side.figures import Found, ratio, row

Races = Mapping[str, Found]  # model → contestant → figure → number
Measured = Callable[[Races], float | None]


class Bar(NamedTuple):
    """One line.

    Args:
        said: its words.
        measured: the ratio, or None where the run did not have what it needs.
        bar: to be reached.
        aim: to be wished for.
        most: whether the ratio must stay under the bar instead.
    """

    said: str
    measured: Measured
    bar: float
    aim: float | None = None
    most: bool = False

    def verdict(self, found: float) -> str:
        """In a word or two."""
        if self.most:
            return "reached" if found <= self.bar else "missed"
        if self.aim is not None and found >= self.aim:
            return "aim reached"
        return "reached" if found >= self.bar else "missed"


def against(other: str, name: str, key: str) -> Measured:
    """How many times better ours is than a contestant in a figure of a model."""

    def measured(races: Races) -> float | None:
        return ratio(races[name], key, other) if other in races.get(name, {}) else None

    return measured


def worst(other: str, key: str) -> Measured:
    """The same of the model for which it is least."""

    def measured(races: Races) -> float | None:
        found = [against(other, name, key)(races) for name in races]
        return min((item for item in found if item is not None), default=None)

    return measured


def within(name: str, key: str, below: str) -> Measured:
    """One of our own figures over another."""

    def measured(races: Races) -> float | None:
        ours = races.get(name, {}).get("ours", {})
        return ours[key] / ours[below] if key in ours and below in ours else None

    return measured


BARS = (
    Bar("hrnn_lob, the first step: textbook Keras", against("textbook", "hrnn_lob", "first_step"), 15, 30),
    Bar("the least of all models, training: textbook Keras", worst("textbook", "train"), 1),
    Bar("hrnn_lob, training: PyTorch", against("torch", "hrnn_lob", "train"), 1.5, 2.5),
    Bar("hrnn_lob, batch prediction: PyTorch", against("torch", "hrnn_lob", "predict"), 1.5, 2.5),
    Bar("deeplob, batch prediction: PyTorch", against("torch", "deeplob", "predict"), 1.5, 2.5),
    Bar("hrnn_lob, consecutive windows: window by window", within("hrnn_lob", "dense", "predict"), 4),
    Bar("hrnn_lob, consecutive windows: PyTorch", against("torch", "hrnn_lob", "dense"), 10),
    Bar("hrnn_lob, one window: `model.predict`", against("textbook", "hrnn_lob", "one_p50"), 100),
    Bar("hrnn_lob, one window: PyTorch", against("torch", "hrnn_lob", "one_p50"), 2),
    Bar("hrnn_lob, one window: p99 over p50", within("hrnn_lob", "one_p99", "one_p50"), 3, most=True),
    Bar("hrnn_lob, a tick of a stream: one window", within("hrnn_lob", "one_p50", "tick_p50"), 3, 6),
)


def table(races: Races) -> list[str]:
    """A line for each bar; what the run cannot tell is left out."""
    lines = [row(["ours, how many times better than", "measured", "bar", "aim", ""]), "|---|---|---|---|---|"]
    for item in BARS:
        found = item.measured(races)
        if found is not None:
            bar = f"at most {item.bar:g}" if item.most else f"{item.bar:g}"
            aim = "" if item.aim is None else f"{item.aim:g}"
            lines.append(row([item.said, f"{found:.2f} ×", bar, aim, item.verdict(found)]))
    return lines
