"""One call of Keras's ``fit``, with the order, the guards and the progress of a zoo run."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import keras

from zoo.errors import TrainError
from zoo.layers.states import carries_state
from zoo.train.batches import Batches
from zoo.train.execution.execute import executed
from zoo.train.execution.plan import ExecutionPlan
from zoo.train.guards import BestWeights, EpochOrder, NanGuard
from zoo.train.progress import Progress, ordered
from zoo.train.runs.keeper import Keeper
from zoo.train.states import States
from zoo.train.tensorflow_determinism import deterministic


@dataclass(frozen=True, slots=True)
class Fit:
    """How a run went.

    Args:
        history: name → value of each finished epoch.
        interrupted: Ctrl-C ended it; the model then has the weights of the best finished epoch.
        best_epoch: that epoch, counted from 0, or None when none had ended.
    """

    history: dict[str, list[float]]
    interrupted: bool
    best_epoch: int | None


def run_fit(
    model: keras.Model,
    train: Batches,
    val: Batches | None = None,
    *,
    epochs: int,
    initial_epoch: int = 0,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    reset_states: bool = True,
    keeper: Keeper | None = None,
    execution: ExecutionPlan | None = None,
    verbose: int = 0,
) -> Fit:
    """Train ``model`` in place.

    With a ``keeper`` that has found an earlier state, the run goes on from there: what it gives is what the
    whole run would have given.

    A Ctrl-C is caught here and reported, never raised: the caller has the best weights to keep before it
    raises.

    Args:
        reset_states: whether the state of stateful layers begins anew with every epoch.
        execution: how the steps are run; Keras's own way when None.

    Raises:
        TrainError: the loss became NaN; the model then has the best finished epoch's weights.
    """
    best = BestWeights(*_monitor(callbacks))
    progress = Progress(verbose)
    history = keras.callbacks.History()
    # Ours come first, so that what a user's callback sees is already guarded and ordered.
    carried = [States(train, val, per_epoch=reset_states)] if carries_state(model) else []
    watchers = [EpochOrder(train), NanGuard(), best, *carried, *callbacks, history]
    if keeper is not None:
        keeper.watch([best, history, *callbacks], progress.warn)
        # Before the fit too: a Ctrl-C may come before it has begun.
        keeper.take_up(model)
        watchers.append(keeper)
        initial_epoch = epochs if keeper.stopped else min(keeper.epoch, epochs)
    # An epoch is told of once it is kept: what was on the terminal is not lost to a Ctrl-C.
    watchers.append(progress)
    interrupted = False
    finished = False
    try:
        with deterministic(), executed(model, execution or ExecutionPlan()):
            # TensorFlow traces a step that makes variables, as Keras lets the first one do, a second time
            model._symbolic_build(data_batch=train[0])
            model.fit(
                **_fed(train, val, range(initial_epoch, epochs)),
                epochs=epochs,
                initial_epoch=initial_epoch,
                callbacks=watchers,
                verbose=0,
                shuffle=False,
            )
        finished = True
    except KeyboardInterrupt:
        interrupted = True
    except TrainError as error:
        # without Keras's frames, which would keep its iterator
        raise error.with_traceback(None)  # noqa: B904
    finally:
        progress.close()
        if not finished:
            best.restore(model)
            # TensorFlow complains of an iterator that is there until Python has ended
            gc.collect()
    return Fit(
        {name: [float(value) for value in history.history[name]] for name in ordered(history.history)},
        interrupted,
        best.epoch,
    )


def _fed(train: Batches, val: Batches | None, epochs: range) -> dict[str, Any]:
    """What ``fit`` takes batches from: Keras's own way, or on TensorFlow one that never waits for Python."""
    if keras.backend.backend() != "tensorflow":
        return {"x": train, "validation_data": val}
    from zoo.train.tensorflow_batches import dataset_of

    given = {"x": dataset_of(train, epochs), "steps_per_epoch": len(train)}
    if val is not None:
        given |= {"validation_data": dataset_of(val, epochs), "validation_steps": len(val)}
    return given


def _monitor(callbacks: Sequence[keras.callbacks.Callback]) -> tuple[str, str]:
    """What the run's own early stopping judges by: an interrupted run is judged the same way."""
    for callback in callbacks:
        monitor = getattr(callback, "monitor", None)
        if isinstance(monitor, str):
            mode = getattr(callback, "mode", "auto")
            if mode not in ("min", "max"):
                mode = "max" if any(word in monitor for word in ("acc", "auc", "f1", "mcc")) else "min"
            return monitor, mode
    return "val_loss", "min"
