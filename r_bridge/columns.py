"""What a model learns of R's data at fit besides its weights: column names of data frames, factor levels."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from r_bridge.tensors import frame_columns


def of_model(model: Any) -> dict[str, Sequence[str]]:
    """The columns by which each input reads a data frame; an input fitted on a matrix has none."""
    found: dict[str, Sequence[str]] = model.data_card.get("columns", {})
    return found


def remember(model: Any, x: Any) -> None:
    """Keep the column names of data frames among the inputs with the model, and so in its bundle."""
    found = frame_columns(x, list(model.spec.inputs), "x")
    if found:
        model.data_card["columns"] = {**found, **of_model(model)}


@contextmanager
def forgotten_on_error(model: Any) -> Iterator[None]:
    """Take back what a failing call told of levels and columns; an interrupted fit has learnt it."""
    before = {name: copy.deepcopy(model.data_card.get(name)) for name in ("levels", "columns")}
    try:
        yield
    except Exception:
        for name, value in before.items():
            if value is None:
                model.data_card.pop(name, None)
            else:
                model.data_card[name] = value
        raise
