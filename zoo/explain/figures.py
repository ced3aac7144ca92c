"""Figures without a window, and their bytes."""

from __future__ import annotations

import io
from typing import Any


def figure(size: tuple[float, float]) -> Any:
    """An empty figure of so many inches; the user's own backend and figures are left alone."""
    # matplotlib is slow to import.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    made = Figure(figsize=size, layout="constrained")
    FigureCanvasAgg(made)
    return made


def png(drawn: Any, dpi: int = 110) -> bytes:
    """The picture as PNG, so many dots an inch, with neither the date nor the version of matplotlib in it."""
    buffer = io.BytesIO()
    drawn.savefig(buffer, format="png", dpi=dpi, metadata={"Software": None})
    return buffer.getvalue()
