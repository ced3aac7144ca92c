"""What is measured, and how a table shows it: ratios first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

Found = Mapping[str, Mapping[str, float]]


class Figure(NamedTuple):
    """One line of a table.

    Args:
        said: its words.
        more: whether more is better.
        instead: what stands beside it where a contestant has no such thing.
    """

    said: str
    more: bool = False
    instead: str = ""


FIGURES = {
    "first_step": Figure("time to the first step, s"),
    "train": Figure("training, windows/s", more=True),
    "predict": Figure("batch prediction, windows/s", more=True),
    "dense": Figure("consecutive windows, windows/s", more=True, instead="predict"),
    "one_p50": Figure("one window p50, ms"),
    "one_p99": Figure("one window p99, ms"),
    "tick_p50": Figure("a tick of a stream p50, ms", instead="one_p50"),
    "tick_p99": Figure("a tick of a stream p99, ms", instead="one_p99"),
    "peak": Figure("peak memory, MB"),
}
CONTESTANTS = {
    "ours": "ours",
    "textbook": "textbook Keras",
    "folded": "Keras folded by hand",
    "jax": "Keras on JAX",
    "torch": "PyTorch",
    "compiled": "PyTorch compiled",
    "ort": "ONNX Runtime alone",
}


def ratio(found: Found, key: str, other: str) -> float | None:
    """How many times better ours is than another in a figure; None where one of them has none."""
    ours, theirs = found["ours"].get(key), number(found[other], key)
    if ours is None or theirs is None:
        return None
    return ours / theirs if FIGURES[key].more else theirs / ours


def number(figures: Mapping[str, float], key: str) -> float | None:
    """A contestant's figure, or what it does instead."""
    return figures.get(key, figures.get(FIGURES[key].instead))


def table(name: str, found: Found, roof: Mapping[str, float], unable: Mapping[str, str]) -> list[str]:
    """A model's lines: for each contestant how many times better ours is, and in brackets its number.

    Args:
        name: of the model.
        found: contestant → figure → number; has ours.
        roof: figure → what the arithmetic alone would allow.
        unable: contestant → why it has no figures.
    """
    others = [kind for kind in found if kind != "ours"]
    heads = ["", *(CONTESTANTS[kind] for kind in others), "ours", "arithmetic alone"]
    lines = [f"### {name}", "", row(heads), "|---" * len(heads) + "|"]
    for key, figure in FIGURES.items():
        if key not in found["ours"]:
            continue
        cells = [figure.said]
        for kind in others:
            times = ratio(found, key, kind)
            cells.append("" if times is None else f"{times:.2f} × ({number(found[kind], key):.4g})")
        cells += [f"{found['ours'][key]:.4g}", f"{roof[key]:.4g}" if key in roof else ""]
        lines.append(row(cells))
    missing = [f"No {CONTESTANTS[kind]}: {why}." for kind, why in unable.items()]
    return [*lines, "", *(["\n".join(missing), ""] if missing else [])]


def row(cells: list[str]) -> str:
    """A line of a Markdown table."""
    return f"| {' | '.join(cells)} |"
