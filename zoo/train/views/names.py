"""What the numbers of a run's inputs are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from zoo.explain.names import InputNames, input_names

if TYPE_CHECKING:
    from zoo.train.trained import Trained


def names_of(run: Trained, x: Mapping[str, Any]) -> dict[str, InputNames]:
    """Input name → what its numbers are called, as the pipeline calls its columns.

    Args:
        run: with or without a pipeline.
        x: inputs by name, lazy or not.
    """
    found = {}
    for name, values in x.items():
        columns, shift = ((), 0) if run.pipeline is None else run.pipeline.columns_of(name)
        tokens = np.dtype(values.dtype).kind in "iu" and len(values.shape) == 2
        found[name] = input_names(name, values.shape[1:], features=columns, shift=shift, tokens=tokens)
    return found
