"""``zoo.tune``: search the space that a spec's parameters have, then train the best that was found."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from zoo.errors import SpecError
from zoo.train.execution.choose import check_asked, keep
from zoo.train.execution.many import begun_with, way_options
from zoo.train.fingerprint import fingerprint_of
from zoo.train.progress import Progress
from zoo.train.run import load_spec, train
from zoo.train.runs import record
from zoo.train.runs.claim import Claim, claimed
from zoo.train.runs.plan import Plan
from zoo.train.search.plan import SearchPlan
from zoo.train.search.space import SearchSpace
from zoo.train.search.study import FOLDER as STUDY
from zoo.train.search.study import Asked, Study
from zoo.train.search.tuned import Tuned
from zoo.train.search.way import plan_of_search
from zoo.train.work.items import FOLDER, Item, Result, check_workers, run_items

if TYPE_CHECKING:
    from zoo.spec import Spec
    from zoo.train.trained import Trained

FUNCTION = "zoo.tune"
# Folders, which outlive the search: a finished one goes on when more trials are asked for.
PROGRESS = (FOLDER, STUDY)
BEST = "best"


def tune(
    spec: Spec | str | os.PathLike[str],
    data: Any = None,
    *,
    trials: int | None = None,
    sampler: str | None = None,
    prune: str | bool | None = None,
    objective: str | None = None,
    seconds: float | None = None,
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
) -> Tuned:
    """Search the spec's ``tune`` space, and train a model with the best parameters found.

    Trials are judged on the validation part, which the split purges from the training part; the test part is
    seen once, by the final model. What is left out is as ``training.tune`` of the spec says.

    Args:
        spec: a spec, a catalogue name, or a path.
        data: as in ``zoo.train``.
        trials: how many; 20, or all points of a grid, when nobody says.
        sampler: ``random``, ``tpe`` (what was good so far), or ``grid`` (every combination).
        prune: ``median`` or ``hyperband``: a trial that promises nothing ends early; True is ``median``.
        objective: a score of the validation part, such as ``val_loss`` or ``val_macro_f1``.
        seconds: after which no further trial begins.
        epochs, batch_size, seed: of every trial and of the final model, as in ``zoo.train``.
        out: folder for the study, the table of trials, the pictures, and the final run (``best``).
        resume: go on with the study in ``out``; a larger ``trials`` makes a finished one longer.
        overwrite: begin another study there, whatever it holds.
        workers: processes that share the trials. With one, the same seed gives the same trials.
        params: of the spec, where it is given by name or path. What is given a value is not searched.
        verbose: 0 silent, 1 a bar on a terminal and a line a trial elsewhere, 2 always lines. 1 when None.
        plan: as in ``zoo.walk_forward``; all trials go the way that was measured on the spec as it is given:
            compiled recurrent loops, or Keras's own. The final model has a plan of its own.

    Raises:
        SpecError, DataError: the spec or the data is not what it should be.
        TrainError: ``tune.space``, nothing to search; ``tune.objective``, no score to go by; ``tune.none``,
            no trial gave one; ``tune.optuna``, Optuna is missing; see ``zoo.train`` for the folder's.
        KeyboardInterrupt: after Ctrl-C, when the trials so far and ``best.yaml`` are in ``out``.

    Example:
        >>> import zoo
        >>> tuned = zoo.tune("hrnn_lob", trials=10, epochs=2, out="runs/search")  # doctest: +SKIP
        >>> tuned.best_params, tuned.run.metrics  # doctest: +SKIP
    """
    loaded, how = load_spec(spec, params), check_asked(plan)
    space = SearchSpace(loaded)
    count = check_workers(workers)
    given = {"trials": trials, "sampler": sampler, "prune": prune, "objective": objective, "seconds": seconds}
    with claimed(out, FUNCTION, progress=PROGRESS, resume=resume, overwrite=overwrite) as claim:
        if claim is not None:
            given = {name: claim.option(name, value) for name, value in given.items()}
            epochs, batch_size = claim.option("epochs", epochs), claim.option("batch_size", batch_size)
        usual = Plan.of(loaded, claim, epochs, batch_size, seed, None)
        search = SearchPlan.of(loaded, given)
        # What the call leaves out may be a parameter's to say, and then differs between trials.
        numbers = {"epochs": epochs, "batch_size": batch_size}
        shown = 1 if verbose is None else verbose
        prepared: dict[str, Any] = {}
        execution = begun_with(claim, how) or plan_of_search(
            loaded,
            data,
            search.trials or len(space.points()),
            usual.epochs,
            usual.batch_size,
            asked=how,
            say=Progress(shown).say,
            kept=prepared,
        )
        way = way_options(execution)
        with _folder(claim, loaded, usual.seed, {**search.to_dict(), **numbers, **way}, data) as folder:
            keep(execution, folder)
            with Study(folder, search, space, usual.seed, usual.epochs) as study:
                to_do = _Trials(loaded, search, study, {**numbers, **way}, usual.seed)
                try:
                    to_do.run(study.total(trials, search.trials), data, folder, count, shown, prepared)
                finally:
                    found = Tuned.of(loaded, search, usual.seed, study)
                    if claim is not None:
                        found.write(folder, loaded)
            found.run = _final(loaded, found, numbers, data, claim, verbose, how)
    return found


class _Trials:
    """Items for trials, made when somebody is free, and their results told to the study."""

    def __init__(
        self, spec: Spec, search: SearchPlan, study: Study, numbers: Mapping[str, Any], seed: int
    ) -> None:
        self._spec, self._search, self._study = spec, search, study
        self._numbers, self._seed = numbers, seed
        self._asked: dict[str, Asked] = {}

    def run(
        self, total: int, data: Any, folder: Path, workers: int, verbose: int, prepared: dict[str, Any]
    ) -> None:
        """Do what is missing of ``total`` trials; ``prepared`` are the data, made ready, where they are."""
        self._study.clear()
        missing = max(0, total - len(self._study.trials()))
        results = run_items(
            self._items(total),
            data,
            folder,
            workers=workers,
            on_report=self._report,
            verbose=verbose,
            total=missing,
            kept={"prepared": prepared},
        )
        for item, result in results:
            self._tell(item, result)

    def _items(self, total: int) -> Iterator[Item]:
        from zoo.spec import loads

        limit = None if self._search.seconds is None else time.monotonic() + self._search.seconds
        while limit is None or time.monotonic() < limit:
            asked = self._study.ask(total)
            if asked is None:
                return
            try:
                text = loads(self._spec.to_yaml(), **asked.params).to_yaml()
            except SpecError as failure:
                # Values that are each allowed may not fit each other.
                self._study.tell(asked.number, None, error=_first(failure))
                continue
            # A trial that may be ended early depends on the others: its result is that of this trial alone.
            place = asked.place if self._search.prune != "none" else None
            options = {**self._numbers, "watch": self._search.objective, "trial": place}
            item = Item("fit", text, options, self._seed, f"trial {asked.place + 1}: {_said(asked.params)}")
            self._asked[item.label] = asked
            yield item

    def _report(self, item: Item, message: Mapping[str, Any]) -> bool:
        asked = self._asked[item.label]
        return self._study.report(asked.number, int(message["epoch"]), float(message["value"]))

    def _tell(self, item: Item, result: Result) -> None:
        asked = self._asked.pop(item.label)
        if result.error is not None:
            self._study.tell(asked.number, None, error=result.error["message"], seconds=result.seconds)
            return
        stopped = result.value["stopped"]
        self._study.tell(
            asked.number,
            float(result.value["scores"][self._search.objective]),
            pruned=stopped is not None,
            epochs=max(map(len, result.value["history"].values()), default=0),
            seconds=result.seconds,
        )


def _final(
    spec: Spec,
    found: Tuned,
    numbers: Mapping[str, Any],
    data: Any,
    claim: Claim | None,
    verbose: int | None,
    plan: str,
) -> Trained:
    """The ordinary run of the best parameters, judged on the test part."""
    from zoo.spec import loads

    best = loads(spec.to_yaml(), **found.best_params)
    out = None if claim is None else claim.path / BEST
    same = out is not None and _holds(out, best)
    return train(
        best,
        data,
        **numbers,
        seed=found.seed,
        out=out,
        resume=same,
        overwrite=out is not None and not same,
        verbose=verbose,
        plan=plan,
    )


def _holds(folder: Path, spec: Spec) -> bool:
    file = folder / "spec.yaml"
    return file.exists() and file.read_text(encoding="utf-8") == spec.to_yaml()


@contextmanager
def _folder(
    claim: Claim | None, spec: Spec, seed: int, options: Mapping[str, Any], data: Any
) -> Iterator[Path]:
    """Where the study lies: the search's own folder, or one that is gone afterwards."""
    if claim is None:
        with TemporaryDirectory(prefix="zoo-tune-") as folder:
            yield Path(folder)
        return
    asked = record.asked(FUNCTION, spec, seed=seed, options=options)
    claim.begin(spec, asked, {"about": about(data), "fingerprint": fingerprint_of(data)})
    yield claim.path


def about(data: Any) -> str:
    """What the data of a call are, for messages."""
    if data is None:
        return "the spec's own"
    return (
        os.fspath(data) if isinstance(data, (str, os.PathLike)) else f"given in code: {type(data).__name__}"
    )


def _said(params: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{name}={value:.4g}" if isinstance(value, float) else f"{name}={value}"
        for name, value in params.items()
    )


def _first(failure: SpecError) -> str:
    errors = [item.message for item in failure.diagnostics if item.level == "error"]
    return errors[0] if errors else str(failure)
