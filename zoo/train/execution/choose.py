"""The plan of one training: the run's own, else the machine's, else measured where the training is long."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras

from zoo.build import archive
from zoo.errors import TrainError, ZooError
from zoo.spec.suggest import did_you_mean
from zoo.train.execution.plan import SAID, WAYS, ExecutionPlan, this_machine
from zoo.train.files import write_atomic
from zoo.train.seeds import seeded_python

if TYPE_CHECKING:
    from zoo.spec import Spec
    from zoo.train.batches import Batches

ASKED = ("auto", "off", "measure")
NAME = "execution.json"
# Trainings that Keras ends sooner are run its way: measuring would cost more than it wins.
_SECONDS = 60.0
# What Keras does a second, roughly, of the operations that the cost of a spec counts, and how long one step
# of a recurrent layer takes it, there and back, however small it is.
_RATE, _LOOP_STEP = 3e10, 3e-4
# A training step does the forward pass, and about twice as much on the way back.
_PASSES = 3


def check_asked(asked: Any) -> str:
    """One of ``ASKED``.

    Raises:
        TrainError: code ``train.plan``.
    """
    if asked is None:
        return "auto"
    if asked in ASKED:
        return str(asked)
    hint = did_you_mean(str(asked), ASKED)
    raise TrainError(
        f"there is no plan `{asked}`", help=hint or f"known: {', '.join(ASKED)}", code="train.plan"
    )


def choose(
    model: keras.Model,
    spec: Spec,
    batches: Batches,
    epochs: int,
    *,
    asked: str = "auto",
    folder: Path | None = None,
    resumed: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> ExecutionPlan:
    """The plan for a training.

    The same steps get the same plan from one call to the next: that of the run's folder where a run goes on,
    else the one that this machine keeps. A short training is Keras's own way, always.

    Args:
        model: what is trained.
        spec: from which it was built.
        batches: on which; a plan is measured on the first one.
        epochs: of the training.
        asked: ``auto``; ``off``, Keras's own way; ``measure``, anew, however short the training is.
        folder: of the run, where the plan is kept.
        resumed: the run has epochs behind it.
        say: is told what was measured.
    """
    if resumed and folder is not None and asked != "measure":
        return _as_begun(folder, asked, say)
    plan = plan_for(
        model,
        spec,
        lambda: batches[0],
        batches.batch_size,
        epochs * len(batches),
        asked=asked,
        say=say,
    )
    if folder is not None:
        keep(plan, folder)
    return plan


def _as_begun(folder: Path, asked: str, say: Callable[[str], None]) -> ExecutionPlan:
    """The plan that a run began with; Keras's own where it kept none, or is told to leave it."""
    begun = kept_in(folder) or ExecutionPlan()
    if begun.way == "keras" or keras.backend.backend() != "tensorflow":
        return ExecutionPlan()
    if asked == "off":
        plan = replace(begun, way="keras")
        keep(plan, folder)
        say(f"plan: {SAID['keras']} from here on; the epochs so far had {SAID[begun.way]}")
        return plan
    say(f"plan: {SAID[begun.way]}, as the run began (--plan off: {SAID['keras']})")
    return begun


def plan_for(
    model: keras.Model,
    spec: Spec,
    batch: Callable[[], Any],
    size: int,
    steps: int,
    *,
    trainings: int = 1,
    ways: Sequence[str] = WAYS,
    asked: str = "auto",
    say: Callable[[str], None] = lambda _: None,
) -> ExecutionPlan:
    """The plan for so many steps, by what this machine has measured; Keras's own way where they are few.

    Args:
        model: what is trained.
        spec: from which it was built.
        batch: gives inputs, targets and weights of one step.
        size: samples in it.
        steps: in all.
        trainings: that they are shared out among; each begins with what a way takes to begin.
        ways: that may be taken.
        asked, say: as in ``choose``.
    """
    if asked == "off" or keras.backend.backend() != "tensorflow" or not steps:
        return ExecutionPlan()
    if asked == "auto" and steps * _seconds_of(model, spec, size) < _SECONDS:
        return ExecutionPlan()
    found = plan_of(spec, batch, size, anew=asked == "measure", say=say)
    plan = found.for_steps(max(1, steps // trainings), ways)
    if plan.way == "keras" and asked == "measure":
        say(f"plan: {SAID['keras']}; no other way ends {steps:,} steps sooner (zoo show NAME --plan)")
    if plan.way != "keras":
        faster = plan.timings["keras"].step / plan.timings[plan.way].step
        say(f"plan: {SAID[plan.way]}, {faster:.1f} × as fast as Keras's own steps (--plan off: those)")
    return plan


def keep(plan: ExecutionPlan, folder: Path) -> None:
    """Write a plan that was measured into the folder of what goes by it; an earlier one is gone."""
    if plan.timings:
        write_atomic(folder / NAME, archive.to_json(plan.to_dict()))
    else:
        (folder / NAME).unlink(missing_ok=True)


def kept_in(folder: Path) -> ExecutionPlan | None:
    """The plan in a folder, or None."""
    return _read(folder / NAME)


def plan_of(
    spec: Spec,
    batch: Callable[[], Any],
    size: int,
    *,
    anew: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> ExecutionPlan:
    """What this machine has measured of a spec's steps; measured now where it has not.

    Args:
        spec: of the model.
        batch: gives inputs, targets and weights of one step.
        size: samples in it.
        anew: measure again.
        say: is told before it is measured.
    """
    file = _file(spec, size)
    found = None if anew else _read(file)
    if found is not None:
        return found
    from zoo.build.model import build
    from zoo.train.execution.measure import measure

    say("measuring which way of training is the fastest here (once for this model and machine)")
    with seeded_python(0):
        plan = measure(build(spec, pretrained=False), batch(), size)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(file, archive.to_json(plan.to_dict()))
    except (OSError, ZooError):
        # measured again another time
        pass
    return plan


def _seconds_of(model: keras.Model, spec: Spec, batch_size: int) -> float:
    """About how long Keras takes for a training step."""
    from zoo.spec.cost import cost
    from zoo.tensorflow_loops.layers import loop_steps

    return _PASSES * batch_size * cost(spec.graph).flops / _RATE + _LOOP_STEP * loop_steps(model)


def _file(spec: Spec, size: int) -> Path:
    """Where this machine keeps it."""
    said = json.dumps([spec.to_yaml(), size, this_machine()])
    name = hashlib.sha256(said.encode()).hexdigest()[:24]
    if sys.platform == "darwin":
        home = Path.home() / "Library" / "Caches"
    else:
        home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return home / "speczoo" / "plans" / f"{name}.json"


def _read(file: Path) -> ExecutionPlan | None:
    try:
        return ExecutionPlan.from_dict(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, RecursionError):
        return None
