"""``Trained.attention``: the attention maps of a run's windows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from zoo.errors import TrainError
from zoo.explain.attention import AttentionMaps, attention_maps
from zoo.layers.states import states_aside
from zoo.train.sources import inputs_of
from zoo.train.views.samples import spread, where_of

if TYPE_CHECKING:
    from zoo.train.trained import Trained


def attention(
    run: Trained, data: Any, part: str, *, window: int | None, windows: int | None, scaled: bool | None
) -> AttentionMaps:
    """See ``Trained.attention``."""
    x = inputs_of(run, data, part, scaled)
    count = len(next(iter(x.values())))
    if window is None:
        places = spread(count, windows)
        about = f"mean attention, {where_of(run, len(places), data, part)}"
    else:
        if not 0 <= window < count:
            raise TrainError(
                f"there is no window {window}: they are numbered from 0 to {count - 1:,}",
                help="`window=None` is the mean over several",
                code="explain.window",
            )
        places, about = (
            np.array([window]),
            f"attention of window {window}, {where_of(run, count, data, part)}",
        )
    # A model of fixed batch size takes the one window as all of its batch.
    if run.batch_size and len(places) < run.batch_size:
        places = np.resize(places, run.batch_size)
    picked = {name: np.asarray(values[places]) for name, values in x.items()}
    with states_aside(run.model):
        maps, axes, kinds = attention_maps(run.model, picked, batch_size=run.batch_size)
    return AttentionMaps(run.spec.name, about, maps, axes, kinds)
