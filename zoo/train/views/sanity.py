"""``Trained.sanity``: do attributions follow what the model has learnt?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from zoo.explain.sanity import Sanity, cascade
from zoo.train.seeds import check_seed, derive_seed, seeded
from zoo.train.sources import inputs_of
from zoo.train.views.names import names_of
from zoo.train.views.occlusion import mean_window, numbers_of, occluded, output_named, tenth
from zoo.train.views.samples import spread, where_of

if TYPE_CHECKING:
    from zoo.train.trained import Trained


def sanity(
    run: Trained,
    data: Any,
    part: str,
    *,
    output: str | None,
    windows: int | None,
    seed: int | None,
    scaled: bool | None,
) -> Sanity:
    """See ``Trained.sanity``."""
    import pandas as pd

    from zoo.build.model import build

    name = output_named(run, output)
    lazy = inputs_of(run, data, part, scaled)
    places = spread(len(next(iter(lazy.values()))), windows)
    x = {key: np.asarray(values[places]) for key, values in lazy.items()}
    raw = run.raw_outputs(x)[name]
    target = (
        numbers_of(run, name, raw).argmax(axis=1) if run.tasks[name].classes else np.zeros(len(places), int)
    )
    names, baseline = names_of(run, x), mean_window(x)
    # About a hundred patches: enough for an order, and the model is asked of each at each stage.
    widest = max(len(item.features) for item in names.values())
    patch = (tenth(names), math.ceil(widest / 10))

    def attribute(model: keras.Model) -> Mapping[str, np.ndarray]:
        return occluded(run, model, x, names, name, target, baseline, patch)

    # Another model of the same spec, whose weights are drawn as at the start of a training.
    with seeded(derive_seed(run.seed, "sanity") if seed is None else check_seed(seed)):
        random = build(run.spec, pretrained=False)
    frame = pd.DataFrame(cascade(run.model, random, attribute))
    about = f"attributions of `{name}` by occlusion, {where_of(run, len(places), data, part)}"
    return Sanity(frame, run.spec.name, about)
