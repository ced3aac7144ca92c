"""The item ``fit``: one training of a spec, judged on the validation part and never on the test part."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import keras

from zoo.errors import TrainError
from zoo.layers.states import states_aside
from zoo.train import sources
from zoo.train.batches import Batches
from zoo.train.execution.many import NAME as WAY
from zoo.train.execution.many import plan_by
from zoo.train.names import nearest
from zoo.train.options import check_batch_size
from zoo.train.run import fit_recipe, take_data
from zoo.train.runs.plan import Plan
from zoo.train.seeds import seeded
from zoo.train.trained import Trained
from zoo.train.work.items import Bench, Item


def do_fit(item: Item, bench: Bench) -> dict[str, Any]:
    """Train as ``zoo.train`` would, and say how the weights it ends with do on the validation part.

    Options, each may be missing: ``epochs``, ``batch_size``, ``class_weight``; ``plan``, the way in which
    steps are run; ``watch``, the score that is reported to the bench after each epoch, which may then stop
    the training.

    Returns:
        ``scores`` (``val_…`` → value), ``history`` (name → values by epoch), ``stopped``: after which epoch
        the bench stopped it, or None.

    Raises:
        ZooError: what ``zoo.train`` raises. TrainError: code ``train.no_validation``.
    """
    from zoo.spec import loads

    spec = loads(item.spec)
    options = item.options
    plan = Plan.of(
        spec,
        None,
        options.get("epochs"),
        options.get("batch_size"),
        item.seed,
        options.get("class_weight"),
    )
    with seeded(item.seed):
        run = Trained.untrained(spec, seed=item.seed)
        watch = options.get("watch")
        judge = _Judge(run, bench, watch)
        take_data(run, bench.data, bench.kept.setdefault("prepared", {}))
        way = plan_by(options.get(WAY), run.model, plan.batch_size)
        fit_recipe(run, plan, [judge] if watch else [], baselines=False, execution=way)
    if run.interrupted:
        raise KeyboardInterrupt
    scores = validation_scores(run)
    if watch and watch not in scores:
        raise TrainError(
            f"there is no score `{watch}`", help=nearest(str(watch), list(scores)), code="tune.objective"
        )
    return {"scores": scores, "history": _finite(run.history), "stopped": judge.stopped}


def validation_scores(run: Trained) -> dict[str, float]:
    """Every score of the validation part: those of the report, and the loss and metrics that Keras has.

    The loss is without the penalties on weights: where their strength is what is searched, none would win.

    Raises:
        TrainError: code ``train.no_validation``.
    """
    part = sources.sample_of(run.prepared.val, run.tasks, run.prepared.ordered)
    if len(part) < (run.batch_size or 1):
        raise TrainError(
            "the data leaves no validation part, and only by it may a model be chosen",
            help="give `data.split.val` a share, or more data",
            code="train.no_validation",
        )
    found = dict(sources.judge(run, part, "val").metrics)
    size = check_batch_size(None, run.spec)
    batches = Batches(part.x, part.y, size, drop_last=run.batch_size is not None)
    with states_aside(run.model):
        found |= run.model.evaluate(batches, return_dict=True, verbose=0)
    found["loss"] -= penalties(run.model)
    return {f"val_{name}": float(value) for name, value in found.items() if math.isfinite(value)}


def penalties(model: keras.Model) -> float:
    """What the weights' regularizers add to the loss as they are now."""
    held = [item for item in model.weights if getattr(item, "regularizer", None) is not None]
    return float(sum(float(item.regularizer(item)) for item in held))


class _Judge(keras.callbacks.Callback):
    """Reports the watched score of each epoch, and stops where the bench says so."""

    def __init__(self, run: Trained, bench: Bench, watch: str | None) -> None:
        super().__init__()
        self._run, self._bench, self._watch = run, bench, watch
        self.stopped: int | None = None

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """Keras calls this when an epoch and its validation have ended."""
        assert self._watch is not None
        value = (logs or {}).get(self._watch)
        if value is not None and self._watch == "val_loss":
            value -= penalties(self._run.model)
        if value is None:
            value = validation_scores(self._run).get(self._watch)
        if value is not None and self._bench.report({"epoch": epoch + 1, "value": float(value)}):
            self.stopped = epoch + 1
            self.model.stop_training = True


def _finite(history: Mapping[str, list[float]]) -> dict[str, list[float | None]]:
    return {name: [v if math.isfinite(v) else None for v in values] for name, values in history.items()}
