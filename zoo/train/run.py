"""``zoo.train``: from a spec and data to a trained model, its report and its folder."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import keras

from zoo.errors import TrainError
from zoo.train import bundle, sources
from zoo.train.batches import Batches
from zoo.train.class_weights import sample_weights
from zoo.train.engine import run_fit
from zoo.train.execution.choose import check_asked, choose
from zoo.train.execution.plan import ExecutionPlan
from zoo.train.judge.baselines import fit_baselines
from zoo.train.parts import Sample
from zoo.train.prediction_plots import let_draw
from zoo.train.progress import Progress
from zoo.train.runs import record
from zoo.train.runs.claim import Claim, claimed
from zoo.train.runs.folder import write_folder
from zoo.train.runs.keeper import Keeper
from zoo.train.runs.plan import Plan
from zoo.train.schedules import settle
from zoo.train.seeds import seeded
from zoo.train.trained import Trained

if TYPE_CHECKING:
    from pathlib import Path

    from zoo.spec import Spec

# What a run keeps in its folder until it is finished.
PROGRESS = ("checkpoint.zoo-state",)


def train(
    spec: Spec | str | os.PathLike[str],
    data: Any = None,
    *,
    epochs: int | None = None,
    batch_size: int | None = None,
    seed: int | None = None,
    out: str | os.PathLike[str] | None = None,
    resume: bool = False,
    overwrite: bool = False,
    params: Mapping[str, Any] | None = None,
    class_weight: Any = None,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    verbose: int | None = None,
    plan: str = "auto",
) -> Trained:
    """Train a model and judge it on the test part beside its baselines.

    What is left out keeps the spec's recipe.

    Args:
        spec: a spec, a catalogue name, or a path.
        data: a file, a book, a frame, ``(x, y)`` or ``{"x": …, "y": …}``. None means the recipe's own
            source, else the simulated book. Arrays larger than memory come mapped: ``np.load(file,
            mmap_mode="r")`` of the input's own type, of which a batch at a time is read.
        epochs: passes over the training part; 0 gives an untrained run.
        batch_size: windows in a step.
        seed: of weights, order and dropout; the same seed gives the same run bit for bit in one process kind.
        out: folder for the bundle, the spec, the history, the metrics, and what was run (``run.json``). While
            the run goes on, its state is kept there after each epoch. A folder that holds a finished run, or
            epochs of an unfinished one, is refused.
        resume: go on with the unfinished run in ``out``, to the weights that it would have had unbroken; a
            finished one is returned as it is. Where the folder holds none, a run begins. Options left out are
            those that the run was begun with.
        overwrite: begin another run in ``out``, whatever it holds.
        params: of the spec, where it is given by name or path.
        class_weight: ``balanced``, class → weight, or output → either.
        callbacks: Keras callbacks, beside the spec's own.
        verbose: 0 silent, 1 a bar on a terminal and a line an epoch elsewhere, 2 always lines. 1 when None.
        plan: how the steps are run: ``auto`` lets a long training (a minute or more) take the fastest way
            that was measured on this machine, with Keras's numbers to 1e-5; ``off`` is Keras's own way;
            ``measure`` measures anew. See ``zoo show --plan``.

    Raises:
        SpecError, DataError: the spec or the data is not what it should be.
        TrainError: the run cannot start, or its loss became NaN. ``train.taken``, the folder holds a run;
            ``train.resume``, its run was begun with another spec, other data, or other options;
            ``train.busy``, another process is running in it.
        KeyboardInterrupt: after Ctrl-C, when the best weights so far are in ``out``.

    Example:
        >>> import zoo
        >>> run = zoo.train("hrnn_lob", epochs=1, out="runs/first")  # doctest: +SKIP
        >>> print(run.evaluation)  # doctest: +SKIP
    """
    loaded, execution = load_spec(spec, params), check_asked(plan)
    with claimed(out, "zoo.train", progress=PROGRESS, resume=resume, overwrite=overwrite) as folder:
        numbers = Plan.of(loaded, folder, epochs, batch_size, seed, class_weight)
        asked = numbers.asked(loaded, callbacks)
        if folder is not None:
            folder.compare(asked)
            if folder.finished:
                return _finished(folder, loaded, data)
        loud = 1 if verbose is None else verbose
        return _run(loaded, data, numbers, folder, asked, callbacks, loud, execution)


def _finished(folder: Claim, spec: Spec, data: Any) -> Trained:
    """The run that the folder holds; its data are made ready, as after a training."""
    run = bundle.open(folder.path / f"{spec.name}.zoo")
    if data is not None or spec.data:
        run.prepared = sources.prepare(spec, data, run.tasks)
        folder.compare_data(sources.card(run.prepared, data))
    return run


def _run(
    spec: Spec,
    data: Any,
    plan: Plan,
    folder: Claim | None,
    asked: record.Record,
    callbacks: Sequence[keras.callbacks.Callback],
    verbose: int,
    execution: str,
) -> Trained:
    with seeded(plan.seed):
        run = Trained.untrained(spec, seed=plan.seed)
        if plan.epochs or data is not None or spec.data:
            take_data(run, data)
        keeper = None
        if folder is not None:
            folder.begin(spec, asked, run.data_card)
            keeper = Keeper(folder.path / PROGRESS[0], resume=folder.earlier is not None)
            _say_where(folder, keeper, plan, verbose)
        if run.prepared is not None:
            path = None if folder is None else folder.path
            fit_recipe(run, plan, callbacks, keeper=keeper, folder=path, verbose=verbose, execution=execution)
    try:
        if not run.interrupted:
            run.evaluation = _report(run)
    finally:
        # A Ctrl-C while the test part is judged must not cost the training that came before.
        if folder is not None:
            write_folder(run, folder.path)
    if run.interrupted:
        raise KeyboardInterrupt
    return run


def load_spec(spec: Any, params: Mapping[str, Any] | None) -> Spec:
    """A spec as it is given, or by name or path with its parameters.

    Raises:
        SpecError: it has mistakes. TrainError: code ``train.params``.
    """
    from zoo.spec import Spec, load

    if not isinstance(spec, Spec):
        return load(spec, **(params or {}))
    if params:
        raise TrainError(
            "params= goes with a name or a path, and a spec that is already loaded was given",
            help="give the parameters to `zoo.load` instead",
            code="train.params",
        )
    return spec


def take_data(run: Trained, data: Any, kept: dict[str, Any] | None = None) -> None:
    """Prepare a run's data by its spec's recipe.

    Args:
        run: that is to be trained.
        data: as in ``train``.
        kept: holds the last data that were prepared, for runs on the same data whose spec asks for the same.
    """
    kept = {} if kept is None else kept
    asked = sources.what_is_asked(run.spec, run.tasks)
    if kept.get("asked") != asked:
        # First let go of the others: two of them might not fit into memory.
        kept.clear()
        kept |= {"prepared": sources.prepare(run.spec, data, run.tasks), "asked": asked}
    run.prepared = kept["prepared"]
    run.pipeline = run.prepared.pipeline
    run.data_card = sources.card(run.prepared, data)


def fit_recipe(
    run: Trained,
    plan: Plan,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    *,
    keeper: Keeper | None = None,
    folder: Path | None = None,
    verbose: int = 0,
    baselines: bool = True,
    execution: str | ExecutionPlan = "off",
) -> None:
    """Train a fresh run, whose data are prepared, by its spec's recipe; nothing is judged yet.

    Args:
        run: the model and its data.
        plan: the numbers to go by.
        callbacks: beside the spec's own.
        keeper: of its state.
        folder: of the run, for callbacks that draw; None where nothing is to be written.
        verbose: see ``train``.
        baselines: fit them, too.
        execution: a plan, or what ``plan`` of ``train`` is.
    """
    tasks = run.tasks
    train_part, val_part = (
        sources.sample_of(part, tasks, run.prepared.ordered)
        for part in (run.prepared.train, run.prepared.val)
    )
    weights = sample_weights(plan.class_weight, train_part.y, tasks)
    if baselines:
        run.baselines = fit_baselines(train_part, train_part.y, tasks, weights)
    if not plan.epochs:
        return
    # A model of fixed batch size may carry state from batch to batch: its order is the data's.
    shuffle = run.spec.training.get("shuffle", run.batch_size is None)
    steps = _steps(run)
    batches = _batches(
        run, train_part, plan.batch_size, seed=run.seed if shuffle else None, weights=weights, steps=steps
    )
    val = _batches(run, val_part, plan.batch_size) if len(val_part) >= (run.batch_size or 1) else None
    if not len(batches):
        raise TrainError(
            f"the training part holds {len(train_part)} samples, too few for one batch of {plan.batch_size}",
            help="give more data, or a smaller batch",
            code="train.too_few",
        )
    own = _spec_callbacks(settle(run, len(batches), plan.epochs), has_val=val is not None)
    let_draw([*own, *callbacks], run, folder)
    if isinstance(execution, str):
        say = Progress(verbose).say
        resumed = keeper is not None and keeper.epoch > 0
        execution = choose(
            run.model,
            run.spec,
            batches,
            plan.epochs,
            asked=execution,
            folder=folder,
            resumed=resumed,
            say=say,
        )
    done = run_fit(
        run.model,
        batches,
        val,
        epochs=plan.epochs,
        callbacks=[*own, *callbacks],
        reset_states=run.resets_states,
        keeper=keeper,
        execution=execution,
        verbose=verbose,
    )
    run.take(done)


def _say_where(folder: Claim, keeper: Keeper, plan: Plan, verbose: int) -> None:
    if folder.earlier is not None and keeper.epoch:
        Progress(verbose).say(f"{folder.path}: going on after epoch {keeper.epoch} of {plan.epochs}")


def _batches(run: Trained, part: Sample, size: int, **options: Any) -> Batches:
    runs = part.runs if run.carries_state else None
    return Batches(part.x, part.y, size, drop_last=run.batch_size is not None, runs=runs, **options)


def _steps(run: Trained) -> int | None:
    """Batches in an epoch, where the spec says how many."""
    steps: int | None = run.spec.training.get("steps_per_epoch")
    if steps is not None and run.carries_state:
        raise TrainError(
            f"`{run.spec.name}` carries a state through all of its data, and `steps_per_epoch: {steps}` ends "
            "an epoch elsewhere",
            help="leave `training.steps_per_epoch` out",
            code="train.steps",
        )
    return steps


def _spec_callbacks(spec: Spec, *, has_val: bool) -> list[keras.callbacks.Callback]:
    from zoo.build.compile import callbacks

    made = callbacks(spec)
    for callback in made:
        monitor = getattr(callback, "monitor", None)
        if isinstance(monitor, str) and monitor.startswith("val_") and not has_val:
            raise TrainError(
                f"`{type(callback).__name__}` watches `{monitor}`, and the data leaves no validation part",
                help="give `data.split.val` a share, or more data",
                code="train.no_validation",
            )
    return made


def _report(run: Trained) -> Any:
    if run.prepared is None or not len(run.prepared.test):
        return None
    return sources.judge(run, sources.sample_of(run.prepared.test, run.tasks, run.prepared.ordered), "test")
