"""Figures without a window, and their bytes."""

from __future__ import annotations

import io
import re
from collections.abc import Collection
from itertools import count
from typing import Any


def figure(size: tuple[float, float]) -> Any:
    """An empty figure of so many inches; the user's own backend and figures are left alone."""
    # matplotlib is slow to import.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    made = Figure(figsize=size, layout="constrained")
    FigureCanvasAgg(made)
    return made


def file_name(text: str, taken: Collection[str] = ()) -> str:
    """The text in plain letters, numbered where another one was written the same."""
    name = re.sub(r"[^A-Za-z0-9_]+", "_", text)
    numbered = (f"{name}_{number}" for number in count(2))
    return name if name not in taken else next(item for item in numbered if item not in taken)


def png(drawn: Any, dpi: int = 110) -> bytes:
    """The picture as PNG, so many dots an inch, with neither the date nor the version of matplotlib in it."""
    buffer = io.BytesIO()
    drawn.savefig(buffer, format="png", dpi=dpi, metadata={"Software": None})
    return buffer.getvalue()
