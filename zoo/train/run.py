"""``zoo.train``: from a spec and data to a trained model, its report and its folder."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import keras

from zoo.errors import TrainError
from zoo.train import sources
from zoo.train.baselines import fit_baselines
from zoo.train.batches import Batches
from zoo.train.class_weights import sample_weights
from zoo.train.engine import run_fit
from zoo.train.folder import check_folder, write_folder
from zoo.train.options import check_batch_size, check_epochs
from zoo.train.parts import Sample
from zoo.train.seeds import check_seed, seeded
from zoo.train.trained import Trained

if TYPE_CHECKING:
    from zoo.spec import Spec


def train(
    spec: Spec | str | os.PathLike[str],
    data: Any = None,
    *,
    epochs: int | None = None,
    batch_size: int | None = None,
    seed: int | None = None,
    out: str | os.PathLike[str] | None = None,
    params: Mapping[str, Any] | None = None,
    class_weight: Any = None,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    verbose: int | None = None,
) -> Trained:
    """Train a model and judge it on the test part beside its baselines.

    What is left out keeps the spec's recipe.

    Args:
        spec: a spec, a catalogue name, or a path.
        data: a file, a book, a frame, ``(x, y)`` or ``{"x": …, "y": …}``. None means the recipe's own
            source, else the simulated book.
        epochs: passes over the training part; 0 gives an untrained run.
        batch_size: windows in a step.
        seed: of weights, order and dropout; the same seed gives the same run bit for bit in one process kind.
        out: folder for the bundle, the spec, the history and the metrics.
        params: of the spec, where it is given by name or path.
        class_weight: ``balanced``, class → weight, or output → either.
        callbacks: Keras callbacks, beside the spec's own.
        verbose: 0 silent, 1 a bar on a terminal and a line an epoch elsewhere, 2 always lines. 1 when None.

    Raises:
        SpecError, DataError: the spec or the data is not what it should be.
        TrainError: the run cannot start, or its loss became NaN.
        KeyboardInterrupt: after Ctrl-C, when the best weights so far are in ``out``.

    Example:
        >>> import zoo
        >>> run = zoo.train("hrnn_lob", epochs=1, out="runs/first")  # doctest: +SKIP
        >>> print(run.evaluation)  # doctest: +SKIP
    """
    loaded = _load(spec, params)
    recipe = loaded.training
    passes = check_epochs(recipe.get("epochs", 1) if epochs is None else epochs)
    number = check_seed(recipe.get("seed") if seed is None else seed)
    folder = check_folder(out) if out is not None else None
    with seeded(number):
        run = Trained.untrained(loaded, seed=number)
        size = check_batch_size(batch_size, loaded, run.batch_size)
        if passes or data is not None or loaded.data:
            fit_recipe(
                run,
                data,
                epochs=passes,
                batch_size=size,
                class_weight=recipe.get("class_weight") if class_weight is None else class_weight,
                callbacks=callbacks,
                verbose=1 if verbose is None else verbose,
            )
    try:
        if not run.interrupted:
            run.evaluation = _report(run)
    finally:
        # A Ctrl-C while the test part is judged must not cost the training that came before.
        if folder is not None:
            write_folder(run, folder)
    if run.interrupted:
        raise KeyboardInterrupt
    return run


def _load(spec: Any, params: Mapping[str, Any] | None) -> Spec:
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


def fit_recipe(
    run: Trained,
    data: Any,
    *,
    epochs: int,
    batch_size: int,
    class_weight: Any,
    callbacks: Sequence[keras.callbacks.Callback],
    verbose: int,
    baselines: bool = True,
) -> None:
    """Train a fresh run by its spec's recipe; nothing is judged yet. ``baselines``: fit them, too."""
    tasks = run.tasks
    run.prepared = sources.prepare(run.spec, data, tasks)
    run.pipeline = run.prepared.pipeline
    run.data_card = sources.card(run.prepared, data)
    train_part, val_part = (
        sources.sample_of(part, tasks, run.prepared.ordered)
        for part in (run.prepared.train, run.prepared.val)
    )
    weights = sample_weights(class_weight, train_part.y, tasks)
    if baselines:
        run.baselines = fit_baselines(train_part, train_part.y, tasks, weights)
    if not epochs:
        return
    # A model of fixed batch size may carry state from batch to batch: its order is the data's.
    shuffle = run.spec.training.get("shuffle", run.batch_size is None)
    batches = _batches(run, train_part, batch_size, seed=run.seed if shuffle else None, weights=weights)
    val = _batches(run, val_part, batch_size) if len(val_part) >= (run.batch_size or 1) else None
    if not len(batches):
        raise TrainError(
            f"the training part holds {len(train_part)} samples, too few for one batch of {batch_size}",
            help="give more data, or a smaller batch",
            code="train.too_few",
        )
    own = _spec_callbacks(run, len(batches), epochs, has_val=val is not None)
    done = run_fit(
        run.model,
        batches,
        val,
        epochs=epochs,
        callbacks=[*own, *callbacks],
        reset_states=run.resets_states,
        verbose=verbose,
    )
    run.take(done)


def _batches(run: Trained, part: Sample, size: int, **options: Any) -> Batches:
    runs = part.runs if run.carries_state else None
    return Batches(part.x, part.y, size, drop_last=run.batch_size is not None, runs=runs, **options)


def _spec_callbacks(
    run: Trained, steps: int, epochs: int, *, has_val: bool
) -> list[keras.callbacks.Callback]:
    from zoo.build.compile import callbacks

    made = callbacks(run.spec, steps_per_epoch=steps, epochs=epochs)
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
