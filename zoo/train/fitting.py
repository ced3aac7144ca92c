"""Arrays given to ``Trained.fit`` and ``Trained.score`` → checked batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from zoo.errors import TrainError
from zoo.train.batches import Batches
from zoo.train.class_weights import sample_weights
from zoo.train.options import check_batch_size, check_share
from zoo.train.table_arrays import pair_given

if TYPE_CHECKING:
    from zoo.train.trained import Trained


def batches_of(run: Trained, x: Any, y: Any, batch_size: int | None, scaled: bool | None = None) -> Batches:
    """All samples of ``(x, y)``, in their order.

    Raises:
        TrainError: samples that do not fit the model.
    """
    inputs, targets = pair_given(run, x, y, scaled)
    return _full(run, Batches(inputs, targets, _size(run, batch_size), drop_last=run.batch_size is not None))


def fit_batches(
    run: Trained,
    x: Any,
    y: Any,
    *,
    seed: int,
    batch_size: int | None,
    validation_split: float,
    validation_data: Any,
    class_weight: Any,
    scaled: bool | None = None,
) -> tuple[Batches, Batches | None]:
    """Batches to train on and to validate on; see ``Trained.fit``."""
    whole = batches_of(run, x, y, batch_size, scaled)
    assert whole.y is not None
    kept = int(whole.samples * (1 - check_share(validation_split)))
    val = None
    if validation_data is not None:
        val = batches_of(run, *_pair(validation_data), batch_size, scaled)
    elif kept < whole.samples:
        val = _part(run, whole, np.arange(kept, whole.samples))
    weights = sample_weights(class_weight, {name: item[:kept] for name, item in whole.y.items()}, run.tasks)
    # A model of fixed batch size may carry state from batch to batch: its order is the data's.
    shuffle = run.spec.training.get("shuffle", run.batch_size is None)
    order = seed if shuffle else None
    train = _part(run, whole, np.arange(kept), seed=order, weights=weights, first_epoch=run.epochs)
    return train, val


def _part(run: Trained, whole: Batches, rows: np.ndarray, **options: Any) -> Batches:
    fixed = run.batch_size is not None
    return _full(run, Batches(whole.x, whole.y, whole.batch_size, rows=rows, drop_last=fixed, **options))


def _full(run: Trained, batches: Batches) -> Batches:
    if not len(batches):
        fixed = f" of {run.batch_size}" if run.batch_size else ""
        raise TrainError(
            f"{batches.samples} samples are too few for one batch{fixed}",
            help="give more samples, or another validation_split",
            code="train.too_few",
        )
    return batches


def _size(run: Trained, batch_size: int | None) -> int:
    return check_batch_size(batch_size, run.spec)


def _pair(given: Any) -> tuple[Any, Any]:
    if not isinstance(given, (tuple, list)) or len(given) != 2:
        raise TrainError(
            "validation_data must be (x, y)", help="give a pair of x and y", code="train.validation"
        )
    return given[0], given[1]
