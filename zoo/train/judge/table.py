"""The report's table, at most 60 columns wide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

WIDTH = 60
_HEADS = {
    "accuracy": "acc",
    "balanced_accuracy": "bal.acc",
    "macro_f1": "macroF1",
    "mcc": "MCC",
    "nll": "NLL",
    "mae": "MAE",
    "rmse": "RMSE",
    "r2": "R²",
}


def score_table(title: str, rows: Mapping[str, Mapping[str, float]], columns: Sequence[str]) -> str:
    """One line for each row name; a score that a row lacks is a dash."""
    shown = [name for name in columns if any(name in scores for scores in rows.values())]
    cells = {row: [_number(scores.get(name), name) for name in shown] for row, scores in rows.items()}
    widths = [
        max(len(_HEADS.get(name, name)), *(len(line[i]) for line in cells.values()))
        for i, name in enumerate(shown)
    ]
    first = WIDTH - sum(widths) - 2 * len(widths)
    head = _cut(title, first).ljust(first) + _line([_HEADS.get(name, name) for name in shown], widths)
    lines = [_cut(row, first).ljust(first) + _line(line, widths) for row, line in cells.items()]
    return "\n".join([head.rstrip(), "-" * WIDTH, *(line.rstrip() for line in lines)])


def confusion_table(counts: np.ndarray, levels: Sequence[str]) -> str:
    """Rows are the true classes, columns the predicted ones; a table too wide is left to ``.confusion``."""
    widest = max(4, (WIDTH - 16) // len(levels) - 2)
    names = [_cut(str(level), widest) for level in levels]
    widths = [
        max(len(name), *(len(str(int(value))) for value in counts[:, i])) for i, name in enumerate(names)
    ]
    first = max(16, max(map(len, names)))
    if first + sum(widths) + 2 * len(widths) > WIDTH:
        return f"confusion of {len(levels)} classes: see `.confusion`"
    head = "true \\ predicted".ljust(first) + _line(names, widths)
    body = [
        name.ljust(first) + _line([str(int(value)) for value in row], widths)
        for name, row in zip(names, counts, strict=True)
    ]
    return "\n".join([head, *body])


def wrapped(text: str) -> str:
    """Text broken between words at the table's width."""
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) + 1 > WIDTH and lines[-1]:
            lines.append("  " + word)
        else:
            lines[-1] = f"{lines[-1]} {word}".lstrip() if len(lines) == 1 else f"{lines[-1]} {word}"
    return "\n".join(lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "".join(f"  {cell:>{width}}" for cell, width in zip(cells, widths, strict=True))


# Errors in the unit of their column, which may be of any size.
_AMOUNTS = ("mae", "rmse")


def _number(value: float | None, name: str) -> str:
    if value is None:
        return "–"
    if name in _AMOUNTS and 0 < abs(value) < 0.1:
        return f"{value:.3g}"
    return f"{value:.3f}" if abs(value) < 1e4 else f"{value:.2e}"


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: max(width - 1, 1)] + "…"
