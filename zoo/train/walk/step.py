"""The item ``walk_step``: train up to one step of a walk, and predict what comes next.

Items may be done in any order and in any process, where every step has a new model. A warm walk is one model
that goes on: it is kept on the bench, and at the beginning of each step it is also written to the folder, so
that whoever takes the walk up after a kill trains the current step again and no other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zoo.errors import TrainError, ZooError
from zoo.layers.reset_states import reset_states
from zoo.train.batches import Batches
from zoo.train.class_weights import sample_weights
from zoo.train.engine import run_fit
from zoo.train.execution.many import NAME as WAY
from zoo.train.execution.many import plan_by
from zoo.train.execution.plan import ExecutionPlan
from zoo.train.fingerprint import fingerprint_of
from zoo.train.parts import Sample
from zoo.train.runs.checkpoint import load_state, read_state, save_state
from zoo.train.schedules import settle
from zoo.train.seeds import seeded, seeded_python
from zoo.train.trained import Trained
from zoo.train.walk.data import FoldData, WalkData
from zoo.train.walk.judge import judged
from zoo.train.walk.losses import BatchLosses
from zoo.train.work.items import Bench, Item

if TYPE_CHECKING:
    from zoo.data.folds import Fold
    from zoo.spec import Spec

STATE = "walk.zoo-state"


def do_walk_step(item: Item, bench: Bench) -> dict[str, Any]:
    """One step; ``options`` are those of ``step_options``.

    Returns:
        what ``walk_judge.judged`` says of the predictions, beside ``trained`` and ``purged``, numbers of
        samples, and ``losses``, of every batch by epoch.

    Raises:
        ZooError: the data does not fit, or the loss became NaN.
    """
    walker = bench.kept.get("walker")
    same = replace(item, options={**item.options, "number": None})
    if walker is None or walker.item.to_dict() != {**same.to_dict(), "label": walker.item.label}:
        walker = Walker.of(same, bench)
        bench.kept["walker"] = walker
    return walker.step(int(item.options["number"]))


@dataclass(eq=False)
class Walker:
    """A walk in one process.

    Args:
        item: what all its steps have.
        data: prepared.
        folds: the steps.
        file: where a warm walk's state is kept.
        key: of the walk: a state of another one is none of ours.
        run: the model, or None before there is one; of a warm walk trained up to the step ``done``.
        plan: how all steps of all trainings are run.
        fitted: the data as the model sees them.
    """

    item: Item
    data: WalkData
    folds: list[Fold]
    file: Path
    key: str
    run: Trained
    plan: ExecutionPlan = ExecutionPlan()
    fitted: FoldData | None = None
    done: int = -1
    losses: list[list[float]] | None = None

    @classmethod
    def of(cls, item: Item, bench: Bench) -> Walker:
        """Everything that is the same for all steps."""
        options = item.options
        run = _fresh(item)
        data = bench.kept.get("data") or WalkData.of(run, bench.data)
        folds = data.timeline.folds(**{name: options[name] for name in ("first", "step", "window")})
        key = item.key(fingerprint_of(bench.data))
        plan = plan_by(options.get(WAY), run.model, options["batch_size"])
        return cls(item, data, folds, bench.folder / STATE, key, run, plan)

    def step(self, number: int) -> dict[str, Any]:
        """Train as that step does, and judge what it predicts."""
        fold = self.folds[number]
        if self.item.options["refit"] == "cold":
            self.run = _fresh(self.item)
            self.fitted = self.data.part(fold)
            self._fit(number)
        else:
            self._go_to(number)
        assert self.fitted is not None
        self.run.pipeline = self.fitted.pipeline
        train, test = (self.fitted.sample(self.run, numbers) for numbers in (fold.train, fold.test))
        said = judged(self.run, train, test) if len(test) else {}
        return {**said, "trained": len(train), "purged": len(fold.purged), "losses": self.losses}

    def _go_to(self, number: int) -> None:
        """One model, trained on the steps up to this one, each once."""
        if self.fitted is None:
            # What a model has learnt is in the units of its first training part.
            self.fitted = self.data.part(self.folds[0])
            settle(self.run, self._steps(None), self.item.options["epochs"])
            self.done = self._found(before=number)
        elif self.done >= 0:
            save_state(self.file, self.run.model, {"walk": self.key, "done": self.done})
        if self.done >= number:
            raise AssertionError("the steps of a warm walk are done in their order")
        for step in range(self.done + 1, number + 1):
            self._fit(step)
            self.done = step

    def _found(self, before: int) -> int:
        """The step after which an earlier process left the model, which it now has again; -1 for none."""
        try:
            said = read_state(self.file)["extra"] if self.file.exists() else None
            if not isinstance(said, Mapping) or said.get("walk") != self.key or said["done"] >= before:
                return -1
            load_state(self.file, self.run.model)
            return int(said["done"])
        except ZooError:
            # A damaged state costs time and nothing else: the steps are trained again.
            return -1

    def _steps(self, batches: Batches | None) -> int:
        """Batches in an epoch, as a schedule of the rate counts them: a warm walk has one for all steps."""
        if self.item.options["refit"] == "cold" and batches is not None:
            return len(batches)
        size = self.item.options["batch_size"]
        return sum(max(1, -(-len(fold.train) // size)) for fold in self.folds)

    def _fit(self, number: int) -> None:
        assert self.fitted is not None
        options, run = self.item.options, self.run
        train = self.fitted.sample(run, self.folds[number].train)
        batches = batches_of(run, train, options, first_epoch=number * options["epochs"])
        if not len(batches):
            raise TrainError(
                f"step {number + 1} of the walk is trained on {len(train)} windows, too few for one batch of "
                f"{options['batch_size']}",
                help="let `first` be larger, or the batch smaller",
                code="train.too_few",
            )
        sizes = [
            min(batches.batch_size, batches.samples - i * batches.batch_size) for i in range(len(batches))
        ]
        watch = BatchLosses(sizes)
        reset_states(run.model)
        with seeded_python(run.seed + number):
            done = run_fit(
                run.model,
                batches,
                epochs=options["epochs"],
                callbacks=[*spec_callbacks(settle(run, self._steps(batches), options["epochs"]))[0], watch],
                reset_states=run.resets_states,
                execution=self.plan,
            )
        if done.interrupted:
            raise KeyboardInterrupt
        self.losses = watch.epochs


def spec_callbacks(spec: Spec) -> tuple[list[Any], list[str]]:
    """A spec's callbacks, and names of those that are left out: a walk has no validation part to watch."""
    from zoo.build.compile import callbacks

    made = callbacks(spec)
    watching = [item for item in made if str(getattr(item, "monitor", None)).startswith("val_")]
    return [item for item in made if item not in watching], [type(item).__name__ for item in watching]


def _fresh(item: Item) -> Trained:
    from zoo.spec import loads

    with seeded(item.seed):
        return Trained.untrained(loads(item.spec), seed=item.seed)


def batches_of(run: Trained, train: Sample, options: Mapping[str, Any], *, first_epoch: int = 0) -> Batches:
    """What a step is trained on, in batches."""
    # A model of fixed batch size may carry state from batch to batch: its order is the data's.
    shuffle = run.spec.training.get("shuffle", run.batch_size is None)
    return Batches(
        train.x,
        train.y,
        options["batch_size"],
        seed=run.seed if shuffle else None,
        weights=sample_weights(options["class_weight"], train.y, run.tasks),
        drop_last=run.batch_size is not None,
        runs=train.runs if run.carries_state else None,
        first_epoch=first_epoch,
    )
