"""``zoo.walk_forward``: train on the past, predict what comes next, go on."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from zoo.errors import TrainError
from zoo.spec.run_numbers import with_run_numbers
from zoo.train import sources
from zoo.train.execution.choose import check_asked, keep, plan_for
from zoo.train.execution.many import begun_with, way_options
from zoo.train.execution.plan import ExecutionPlan
from zoo.train.progress import Progress
from zoo.train.run import load_spec
from zoo.train.runs import record
from zoo.train.runs.claim import Claim, claimed
from zoo.train.runs.plan import Plan
from zoo.train.seeds import seeded
from zoo.train.trained import Trained
from zoo.train.walk.data import WalkData
from zoo.train.walk.plan import WalkPlan
from zoo.train.walk.result import WalkForward
from zoo.train.walk.step import STATE, batches_of, spec_callbacks
from zoo.train.work.items import FOLDER, Item, Result, check_workers, run_items

if TYPE_CHECKING:
    from zoo.data.folds import Fold
    from zoo.spec import Spec

FUNCTION = "zoo.walk_forward"
# What a walk keeps in its folder: the results of its steps, and the model of a warm walk.
PROGRESS = (FOLDER, STATE)


def walk_forward(
    spec: Spec | str | os.PathLike[str],
    data: Any = None,
    *,
    first: float | None = None,
    step: float | None = None,
    window: str | None = None,
    refit: str | None = None,
    epochs: int | None = None,
    batch_size: int | None = None,
    seed: int | None = None,
    out: str | os.PathLike[str] | None = None,
    resume: bool = False,
    overwrite: bool = False,
    workers: int = 1,
    params: Mapping[str, Any] | None = None,
    verbose: int | None = None,
    plan: str = "auto",
) -> WalkForward:
    """Walk a model through time: at each step it is trained on what is past, and predicts what comes next.

    Scalers and thresholds of a step are fitted on its own past; labels that reach into what is predicted are
    purged, as ``data.split`` says. What is left out is as ``training.walk_forward`` of the spec says.

    Args:
        spec: a spec, a catalogue name, or a path.
        data: as in ``zoo.train``.
        first: windows before the first prediction, or a share of all of them; the training share of the
            spec's split when nobody says.
        step: windows that a step predicts, or a share; a tenth of what is to be predicted.
        window: ``anchored``, trained on all that is past; ``sliding``, on the last ``first`` windows.
        refit: ``cold``, a new model at each step; ``warm``, one model that is trained on at each step.
        epochs: passes over the training windows at each step.
        batch_size: windows in a batch.
        seed: of everything; the same seed gives the same walk, in one process or in several.
        out: folder for the steps' results, the frame, the report and the plots.
        resume: go on with the unfinished walk in ``out``.
        overwrite: begin another one there, whatever it holds.
        workers: processes; more than one only where each step has a new model.
        params: of the spec, where it is given by name or path.
        verbose: 0 silent, 1 a bar on a terminal and a line a step elsewhere, 2 always lines. 1 when None.
        plan: how the trainings' steps are run, all of them in one way: ``auto``, where they take a minute or
            more together, the fastest way that was measured on this machine, with Keras's numbers to 1e-5;
            ``off``, Keras's own way; ``measure``, anew. A walk that goes on keeps to its way.

    Raises:
        SpecError, DataError: the spec or the data is not what it should be.
        TrainError: ``train.walk_forward``, the steps make no sense; ``train.walk_order``, samples without
            time; ``train.workers``; see ``zoo.train`` for the folder's.

    Example:
        >>> import zoo
        >>> walk = zoo.walk_forward("hrnn_lob", refit="warm", epochs=1)  # doctest: +SKIP
        >>> walk.frame.head()  # doctest: +SKIP
    """
    loaded, asked = load_spec(spec, params), check_asked(plan)
    given = {"first": first, "step": step, "window": window, "refit": refit}
    with claimed(out, FUNCTION, progress=PROGRESS, resume=resume, overwrite=overwrite) as claim:
        numbers = Plan.of(loaded, claim, epochs, batch_size, seed, None)
        if claim is not None:
            given = {name: claim.option(name, value) for name, value in given.items()}
        with seeded(numbers.seed):
            run = Trained.untrained(loaded, seed=numbers.seed)
        walked = WalkData.of(run, data)
        spans, share = walked.timeline.spans, walked.timeline.split.train
        steps = WalkPlan.of(loaded.training.get("walk_forward"), given, len(spans), share)
        _check_workers(workers, steps)
        left_out = spec_callbacks(with_run_numbers(loaded, 1, numbers.epochs))[1]
        folds = walked.timeline.folds(first=steps.first, step=steps.step, window=steps.window)
        card = sources.card(walked.prepared, data)
        options = {**steps.to_dict(), "epochs": numbers.epochs, "batch_size": numbers.batch_size}
        loud = 1 if verbose is None else verbose
        execution = begun_with(claim, asked) or _plan(run, walked, folds, numbers, steps, asked, loud)
        options |= way_options(execution)
        said = record.asked(FUNCTION, loaded, seed=numbers.seed, options=options)
        with _folder(claim, loaded, said, card) as folder:
            keep(execution, folder)
            results = _results(
                _items(loaded, numbers, options, len(folds)),
                data,
                folder,
                walked,
                workers=workers,
                verbose=loud,
            )
        walk = WalkForward.of(loaded, run.tasks, walked, steps, results, numbers.seed, left_out)
        if claim is not None and not claim.finished:
            walk.write(claim.path)
    return walk


def _plan(
    run: Trained,
    walked: WalkData,
    folds: Sequence[Fold],
    plan: Plan,
    steps: WalkPlan,
    asked: str,
    verbose: int,
) -> ExecutionPlan:
    """The plan for the steps of all trainings together, measured on the data of the last one."""
    size = plan.batch_size
    counts = [len(fold.train) // size for fold in folds]

    def first_batch() -> Any:
        train = walked.part(folds[-1]).sample(run, folds[-1].train)
        return batches_of(run, train, {"batch_size": size, "class_weight": plan.class_weight})[0]

    return plan_for(
        run.model,
        run.spec,
        first_batch,
        size,
        plan.epochs * sum(counts) if counts[-1] else 0,
        trainings=len(folds) if steps.refit == "cold" else 1,
        asked=asked,
        say=Progress(verbose).say,
    )


def _items(spec: Spec, plan: Plan, options: Mapping[str, Any], count: int) -> list[Item]:
    text = spec.to_yaml()
    shared = {**options, "class_weight": plan.class_weight}
    return [
        Item("walk_step", text, {**shared, "number": number}, plan.seed, f"step {number + 1}")
        for number in range(count)
    ]


def _results(
    items: Sequence[Item], data: Any, folder: Path, walked: WalkData, *, workers: int, verbose: int
) -> list[Mapping[str, Any]]:
    found: dict[int, Mapping[str, Any]] = {}
    done = run_items(items, data, folder, workers=workers, verbose=verbose, kept={"data": walked})
    for item, result in done:
        _check(item, result)
        found[int(item.options["number"])] = result.value
    return [found[number] for number in range(len(items))]


def _check(item: Item, result: Result) -> None:
    if result.error is not None:
        raise TrainError(
            f"{item.label} of the walk: {result.error['message']}",
            help=result.error["help"],
            code=result.error["code"],
        )


def _check_workers(workers: int, steps: WalkPlan) -> None:
    if check_workers(workers) > 1 and steps.refit == "warm":
        raise TrainError(
            "the steps of a warm walk train one model, one after the other: they cannot be shared out",
            help="leave workers out, or take refit='cold'",
            code="train.workers",
        )


@contextmanager
def _folder(claim: Claim | None, spec: Spec, asked: record.Record, card: Mapping[str, Any]) -> Iterator[Path]:
    """Where the steps' results lie: the walk's own folder, or one that is gone afterwards."""
    if claim is None:
        with TemporaryDirectory(prefix="zoo-walk-") as folder:
            yield Path(folder)
        return
    if claim.finished:
        claim.compare(asked)
        claim.compare_data(card)
    else:
        claim.begin(spec, asked, card)
    yield claim.path
