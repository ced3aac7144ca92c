"""``zoo.sweep``: the score of a spec against the values of one parameter, over several seeds."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from zoo.errors import TrainError
from zoo.spec import emit
from zoo.spec.nodes import plain
from zoo.spec.source import Source, parse
from zoo.train.execution.choose import check_asked, keep, kept_in
from zoo.train.execution.many import way_options
from zoo.train.execution.plan import ExecutionPlan
from zoo.train.options import check_batch_size, check_epochs
from zoo.train.progress import Progress
from zoo.train.run import load_spec
from zoo.train.runs.folder import check_folder
from zoo.train.runs.plan import Plan
from zoo.train.search.objective import check_objective
from zoo.train.search.sweep_values import read_over
from zoo.train.search.swept import Sweep
from zoo.train.search.way import plan_of_search
from zoo.train.seeds import check_seed, derive_seed
from zoo.train.work.items import FOLDER, Item, Result, run_items

if TYPE_CHECKING:
    from zoo.spec import Spec

WALK = "walk_forward"


def sweep(
    spec: Spec | str | os.PathLike[str],
    data: Any = None,
    *,
    over: Mapping[str, Any],
    score: str | None = None,
    seeds: int | Sequence[int] = 1,
    epochs: int | None = None,
    batch_size: int | None = None,
    seed: int | None = None,
    out: str | os.PathLike[str] | None = None,
    workers: int = 1,
    params: Mapping[str, Any] | None = None,
    verbose: int | None = None,
    plan: str = "auto",
) -> Sweep:
    """Train a spec with each value of a parameter, all else left as it is, and score each.

    What was done before is not done again: the results in ``out`` are kept by what they are of, so that a
    sweep that was broken off goes on, and a longer one does only what is new.

    Args:
        spec: a spec, a catalogue name, or a path.
        data: as in ``zoo.train``.
        over: name → values: a list, a range, or a text such as ``1..24``, ``1..24..2``, ``1,2,5``. A
            parameter of the spec, or ``batch_size``, ``epochs``, ``learning_rate``. Several names
            are several sweeps.
        score: of the validation part, such as ``val_loss`` (when None) or ``val_macro_f1``; or
            ``walk_forward``, that of a walk by the spec's recipe.
        seeds: how many, of which the first is the sweep's own; or a list of them.
        epochs, batch_size, seed: as in ``zoo.train``.
        out: folder for the results, ``sweep.csv`` and the pictures.
        workers: processes that share the work.
        params: of the spec, where it is given by name or path.
        verbose: 0 silent, 1 a bar on a terminal and a line a training elsewhere, 2 always lines. 1 when None.
        plan: as in ``zoo.tune``; a sweep that goes on in ``out`` keeps to its way. Walks go Keras's own.

    Raises:
        SpecError, DataError: the spec or the data is not what it should be.
        TrainError: ``sweep.over``, ``sweep.values``, ``sweep.seeds``, ``tune.objective``; ``sweep.none``, no
            training gave a score.
        KeyboardInterrupt: after Ctrl-C; what was finished is in ``out``.

    Example:
        >>> import zoo
        >>> swept = zoo.sweep("lstm_stateless", over={"units": [8, 32]}, seeds=3)  # doctest: +SKIP
        >>> swept.frame  # doctest: +SKIP
    """
    loaded, asked = load_spec(spec, params), check_asked(plan)
    values = read_over(over, loaded)
    judged = check_objective(score, loaded, also=(WALK,))
    numbers = _numbers(loaded, epochs, batch_size)
    first = check_seed(loaded.training.get("seed") if seed is None else seed)
    items = list(_items(loaded, values, judged, numbers, _seeds(seeds, first)))
    loud = 1 if verbose is None else verbose
    prepared: dict[str, Any] = {}
    with _folder(out) as folder:
        if judged != WALK:
            execution = _plan(loaded, data, len(items), numbers, folder, asked, loud, prepared)
            keep(execution, folder)
            items = [(*place, _by(item, way_options(execution))) for *place, item in items]
        results = run_items(
            [item for _, _, item in items],
            data,
            folder,
            workers=workers,
            verbose=loud,
            kept={"prepared": prepared},
        )
        found: dict[str, Result] = {}
        try:
            for item, result in results:
                found[item.label] = result
        finally:
            swept = Sweep.of(loaded, judged, items, found)
            if out is not None and len(swept.frame):
                swept.write(folder)
    return swept.checked()


def _plan(
    spec: Spec,
    data: Any,
    trainings: int,
    numbers: Mapping[str, Any],
    folder: Path,
    asked: str,
    verbose: int,
    prepared: dict[str, Any],
) -> ExecutionPlan:
    """The plan of a sweep: the folder's, where one was begun there."""
    if asked == "auto" and (folder / FOLDER).exists():
        return kept_in(folder) or ExecutionPlan()
    usual = Plan.of(spec, None, numbers["epochs"], numbers["batch_size"], 0, None)
    return plan_of_search(
        spec,
        data,
        trainings,
        usual.epochs,
        usual.batch_size,
        asked=asked,
        say=Progress(verbose).say,
        kept=prepared,
    )


def _by(item: Item, way: Mapping[str, Any]) -> Item:
    return replace(item, options={**item.options, **way})


def _numbers(spec: Spec, epochs: Any, batch_size: Any) -> dict[str, Any]:
    return {
        "epochs": None if epochs is None else check_epochs(epochs),
        "batch_size": None if batch_size is None else check_batch_size(batch_size, spec),
    }


def _seeds(said: Any, first: int) -> list[int]:
    if isinstance(said, (list, tuple, range)):
        found = [check_seed(item) for item in said]
        if found and len(set(found)) == len(found):
            return found
    elif isinstance(said, (int, float)) and not isinstance(said, bool) and said >= 1 and int(said) == said:
        return [first, *(derive_seed(first, "sweep", place) for place in range(1, int(said)))]
    raise TrainError(
        f"seeds must be a whole number, 1 or more, or a list of different seeds, received {said!r}",
        help="give seeds=5",
        code="sweep.seeds",
    )


def _items(
    spec: Spec,
    over: Mapping[str, Sequence[Any]],
    score: str,
    numbers: Mapping[str, Any],
    seeds: Sequence[int],
) -> Iterator[tuple[str, Any, Item]]:
    kind = "walk" if score == WALK else "fit"
    for name, values in over.items():
        for value in values:
            text, options = _with(spec, name, value, numbers)
            for number in seeds:
                yield name, value, Item(kind, text, options, number, f"{name}={value}, seed {number}")


def _with(spec: Spec, name: str, value: Any, numbers: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The spec's text and the numbers of a training with this value.

    Raises:
        SpecError: the spec does not take it.
    """
    from zoo.spec import loads

    text = spec.to_yaml()
    if name in spec.params:
        return loads(text, **{name: value}).to_yaml(), dict(numbers)
    if name == "learning_rate":
        return _with_rate(text, value), dict(numbers)
    checked = _numbers(spec, **{"epochs": None, "batch_size": None, name: value})
    return text, {**numbers, name: checked[name]}


def _with_rate(text: str, rate: Any) -> str:
    """The text with this rate in its optimizer, in the place of a schedule too."""
    document: dict[str, Any] = plain(parse(Source("<text>", text), lambda _: None))
    training = document.setdefault("training", {})
    said = training.get("optimizer", "rmsprop")
    head, given = next(iter(said.items())) if isinstance(said, dict) else (said, {})
    training["optimizer"] = {head: {**(given if isinstance(given, dict) else {}), "learning_rate": rate}}
    return emit.block(document)


@contextmanager
def _folder(out: Any) -> Iterator[Path]:
    if out is None:
        with TemporaryDirectory(prefix="zoo-sweep-") as folder:
            yield Path(folder)
        return
    yield check_folder(out)
