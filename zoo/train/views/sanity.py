"""``Trained.sanity``: do attributions follow what the model has learnt?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from zoo.errors import TrainError
from zoo.explain.attribution import METHODS, Asked, Baselines
from zoo.explain.attribution import attribute as by_gradients
from zoo.explain.sanity import Sanity, cascade
from zoo.layers.states import states_aside
from zoo.train.names import nearest
from zoo.train.seeds import check_seed, derive_seed, seeded
from zoo.train.sources import inputs_of
from zoo.train.views.names import names_of
from zoo.train.views.occlusion import mean_window, numbers_of, occluded, output_named, tenth
from zoo.train.views.samples import spread, where_of

if TYPE_CHECKING:
    from zoo.train.trained import Trained


OCCLUSION = "occlusion"
_STEPS = 16


def sanity(
    run: Trained,
    data: Any,
    part: str,
    *,
    method: str,
    output: str | None,
    windows: int | None,
    seed: int | None,
    scaled: bool | None,
) -> Sanity:
    """See ``Trained.sanity``."""
    import pandas as pd

    from zoo.build.model import build

    if method not in (OCCLUSION, *METHODS):
        raise TrainError(
            f"attributions are not made by `{method}`",
            help=nearest(method, [OCCLUSION, *METHODS]),
            code="explain.method",
        )
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
        if method == OCCLUSION:
            return occluded(run, model, x, names, name, target, baseline, patch)
        asked = Asked(
            model=model,
            inputs=list(x.values()),
            output=list(run.spec.outputs).index(name),
            logits=False,
            baselines=Baselines(None),
            batch=run.batch_size,
            tolerance=1.0,
            steps=_STEPS,  # ranks need no small gap
            seed=run.seed,
        )
        with states_aside(model):
            found = by_gradients(method, asked, _mask(raw, target)).attributions
        return dict(zip(x, found, strict=True))

    # Another model of the same spec, whose weights are drawn as at the start of a training.
    with seeded(derive_seed(run.seed, "sanity") if seed is None else check_seed(seed)):
        random = build(run.spec, pretrained=False)
    frame = pd.DataFrame(cascade(run.model, random, attribute))
    about = f"attributions of `{name}` by {method}, {where_of(run, len(places), data, part)}"
    return Sanity(frame, run.spec.name, about)


def _mask(raw: np.ndarray, target: np.ndarray) -> np.ndarray:
    """1 at the number of an output that is explained, of its last step where it has steps; in its shape."""
    found = np.zeros(raw.shape, np.float32)
    # Views: a class of one unit is that unit, whichever of the two it is.
    flat = found.reshape(len(raw), -1, raw.shape[-1])
    flat[np.arange(len(raw)), -1, target if raw.shape[-1] > 1 else 0] = 1.0
    return found
