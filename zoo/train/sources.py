"""Whatever a user calls data → samples of this room: parts of a prepared book, new books, plain arrays."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from zoo.errors import TrainError
from zoo.train.arrays import check_inputs
from zoo.train.asked import asked_of
from zoo.train.judge.evaluate import Evaluation, evaluate
from zoo.train.judge.headings import context_of
from zoo.train.names import by_name
from zoo.train.parts import Sample, all_numbers, last_snapshot
from zoo.train.seen import share_seen, stretches_of
from zoo.train.table_arrays import inputs_given, is_rows, pair_given
from zoo.train.targets import check_target
from zoo.train.tasks import Task

if TYPE_CHECKING:
    from zoo.data import Part, Prepared
    from zoo.spec import Spec
    from zoo.train.trained import Trained

_NO_DATA = "give data=: a file, a frame, a book, or arrays (x, y)"


def prepare(
    spec: Spec, data: Any, tasks: Mapping[str, Task], split: Mapping[str, Any] | None = None
) -> Prepared:
    """The spec's recipe applied to ``data``; ``split`` in place of the recipe's own.

    Raises:
        TrainError: nothing says what the data is. DataError: it does not fit the recipe.
    """
    from zoo import data as room

    if data is None and not spec.data:
        raise TrainError(
            f"`{spec.name}` has no data section, and no data was given",
            help="give data=(x, y), or data={'x': ..., 'y': ...}",
            code="train.no_data",
        )
    source = checked_arrays(spec, data, tasks) if is_pair(data) else data
    return room.prepare(
        spec.data if split is None else {**spec.data, "split": split},
        source,
        input_shapes={name: tuple(item.shape) for name, item in spec.inputs.items()},
        outputs={name: task.classes for name, task in tasks.items()},
        output_shapes={name: task.data_shape for name, task in tasks.items()},
        asked=asked_of(spec, tasks),
    )


def what_is_asked(spec: Spec, tasks: Mapping[str, Task]) -> str:
    """All that ``prepare`` goes by beside the data: the same text, the same preparation."""
    return repr((spec.data, asked_of(spec, tasks), tasks))


def card(prepared: Prepared, data: Any) -> dict[str, Any]:
    """What the data of a run was, for the manifest."""
    return {
        "about": prepared.about,
        "simulated": bool(prepared.simulated),
        "toy": prepared.toy,
        "ordered": prepared.ordered,
        "fingerprint": prepared.fingerprint,
        "features": _features_hash(prepared.train),
        "seen": stretches_of(prepared.train),
        # The recipe can bring back its own source, another simulation or another toy, and nothing else.
        "given": data is not None and not _is_recipe(data),
        "source": dict(data) if _is_recipe(data) else None,
    }


def sample_of(part: Part, tasks: Mapping[str, Task], ordered: bool = True) -> Sample:
    """A part of prepared data as samples of this room, targets as the losses take them.

    Args:
        part: of the data.
        tasks: what each output is asked for.
        ordered: the samples are in time order; where they are not, none has a last snapshot.
    """
    # Windows as targets are views of checked rows, and stay so.
    y = {
        name: check_target(part.y[name], task, name) if isinstance(part.y[name], np.ndarray) else part.y[name]
        for name, task in tasks.items()
        if name in part.y
    }
    return Sample(
        part.x,
        y,
        last=part.last if part.last is not None else _seen(part.x, ordered),
        ordered=ordered,
        persistence=part.persistences or part.persistence,
        hidden=part.hidden,
        rows=part.rows,
        part=part,
    )


def is_pair(data: Any) -> bool:
    """Is it ``(x, y)`` or ``{"x": …, "y": …}``?"""
    if isinstance(data, Mapping):
        return set(data) == {"x", "y"}
    return isinstance(data, tuple) and len(data) == 2


def inputs_of(run: Trained, data: Any, part: str, scaled: bool | None = None) -> Mapping[str, Any]:
    """What the model is to predict, by input name, checked; lazy where the data is a book or a table."""
    return samples_of(run, data, part, scaled)[0]


def samples_of(
    run: Trained, data: Any, part: str, scaled: bool | None = None
) -> tuple[Mapping[str, Any], Part | None]:
    """What the model is to predict, by input name, and the part of data that it is, where it is one."""
    if data is None:
        found = part_of(run, part)
    elif hasattr(data, "x") and hasattr(data, "rows"):
        found = data
    elif is_toy(data) and not _reads_files(run):
        found = _whole_toy(run, data).train
    elif (_is_source(data) or is_rows(run, data)) and run.pipeline is not None and _reads_files(run):
        found = run.pipeline.transform(data)
    else:
        return _arrays_of(run, data, scaled), None
    return found.x, found


def judged_samples(run: Trained, data: Any, part: str, scaled: bool | None = None) -> Sample:
    """Samples with their targets: what a model is to be judged by.

    Data that the run was trained on is its test part, however it is given.

    Raises:
        TrainError: ``train.no_data``, no targets, or no data. DataError: a file that does not fit.
    """
    if is_pair(data):
        inputs, targets = pair_given(run, *_pair(data), scaled)
        return Sample(inputs, targets, ordered=bool(run.data_card.get("ordered", True)))
    if data is None:
        found = part_of(run, part)
        return sample_of(found, run.tasks, run.prepared.ordered)
    if is_toy(data) and not _reads_files(run):
        return sample_of(_whole_toy(run, data).train, run.tasks, False)
    _check_has_labels(run, data)
    assert run.pipeline is not None
    whole = run.pipeline.transform(data, labels=True)
    if _features_hash(whole) == run.data_card.get("features"):
        whole = prepare(run.spec, data, run.tasks).test
    return sample_of(whole, run.tasks)


def _check_has_labels(run: Trained, data: Any) -> None:
    if not (_is_source(data) or is_rows(run, data)) or not _reads_files(run):
        reason = "it has no pipeline that reads files" if _is_source(data) else "labels are missing"
        raise TrainError(
            f"cannot judge the model on {type(data).__name__}: {reason}",
            help="give (x, y), a file, a book or a frame",
            code="train.no_data",
        )


def _arrays_of(run: Trained, data: Any, scaled: bool | None) -> Mapping[str, Any]:
    if isinstance(data, (str, os.PathLike)):
        raise TrainError(
            f"`{os.fspath(data)}` is a path, and this model came without a pipeline that reads files",
            help="give arrays, or train on a file first",
            code="train.no_pipeline",
        )
    return inputs_given(run, data, scaled)


def evaluation_of(run: Trained, data: Any, scaled: bool | None = None) -> Evaluation:
    """The report of ``run`` on ``data``; see ``Trained.evaluate``."""
    if data is None:
        part_of(run, "test")
        return judge(run, sample_of(run.prepared.test, run.tasks, run.prepared.ordered), "test")
    if is_toy(data) and not _reads_files(run):
        return _evaluation_of_toy(run, data)
    if is_pair(data):
        inputs, targets = pair_given(run, *_pair(data), scaled)
        ordered = bool(run.data_card.get("ordered", True))
        sample = Sample(inputs, targets, last=_seen(inputs, ordered), ordered=ordered)
        return judge(run, sample, "all", about="arrays", simulated=False)
    _check_has_labels(run, data)
    return _evaluation_of_source(run, data)


def judge(
    run: Trained, sample: Sample, part: str, about: str | None = None, simulated: bool | None = None
) -> Evaluation:
    """The report on samples that are already at hand."""
    context = context_of(run, sample, part, about, simulated)
    if not len(sample):
        raise TrainError(
            f"the {part} part holds no window",
            help="give more data, or a larger share of it",
            code="train.empty_part",
        )
    levels = {name: run.class_names(name) for name in run.tasks}
    units = run.pipeline.for_scores if run.pipeline is not None else None
    return evaluate(
        run.raw_outputs(sample.x, sample.part), sample, run.tasks, run.baselines, context, levels, units
    )


def _evaluation_of_source(run: Trained, data: Any) -> Evaluation:
    assert run.pipeline is not None
    loaded = run.pipeline.load(data, labels=True)
    part = run.pipeline.part_of(loaded, labels=True)
    if _features_hash(part) == run.data_card.get("features"):
        # The model has seen this data's training part: its scores there would say nothing.
        prepared = prepare(run.spec, data, run.tasks)
        return judge(run, sample_of(prepared.test, run.tasks), "test")
    about = f"{loaded.name}, {len(loaded):,} {loaded.unit}"
    judged = judge(run, sample_of(part, run.tasks), "all", about=about, simulated=loaded.simulated)
    share = share_seen(part, run.data_card.get("seen"))
    if not share:
        return judged
    note = f"about {max(share, 0.01):.0%} of its rows were trained on: no score of a forecast"
    note = f"{judged.context.note}; {note}" if judged.context.note else note
    return replace(judged, context=replace(judged.context, note=note))


def _evaluation_of_toy(run: Trained, data: Any) -> Evaluation:
    found = _whole_toy(run, data)
    if found.fingerprint == run.data_card.get("fingerprint"):
        prepared = prepare(run.spec, data, run.tasks)
        return judge(run, sample_of(prepared.test, run.tasks, False), "test")
    sample = sample_of(found.train, run.tasks, False)
    return judge(run, sample, "all", about=found.about, simulated=found.simulated)


def _whole_toy(run: Trained, data: Any) -> Prepared:
    """A toy with all its samples in the training part."""
    return prepare(run.spec, data, run.tasks, split={"by": "random", "train": 1.0, "val": 0.0, "test": 0.0})


def _seen(x: Mapping[str, Any], ordered: bool) -> np.ndarray | None:
    return last_snapshot(x) if ordered else all_numbers(x)


def part_of(run: Trained, part: str) -> Part:
    """``train``, ``val`` or ``test`` of the run's own data, which an opened bundle makes again.

    Raises:
        TrainError: ``train.part``, no such part; ``train.no_data``, a caller's data, which no bundle carries.
    """
    if part not in ("train", "val", "test"):
        raise TrainError(
            f"there is no part `{part}`", help="known: `train`, `val`, `test`", code="train.part"
        )
    if run.prepared is None:
        if run.data_card.get("given", True) or not run.spec.data:
            raise TrainError(
                f"`{run.spec.name}` has no data at hand: a bundle does not carry the data it was trained on",
                help=_NO_DATA,
                code="train.no_data",
            )
        run.prepared = prepare(run.spec, run.data_card.get("source"), run.tasks)
    found: Part = getattr(run.prepared, part)
    return found


def checked_arrays(spec: Spec, data: Any, tasks: Mapping[str, Task]) -> dict[str, Any]:
    """``(x, y)`` by name, each array of the shape and the numbers that the spec asks for."""
    x, y = _pair(data)
    inputs = check_inputs(x, spec.inputs, spec.vocabularies)
    samples = len(next(iter(inputs.values())))
    given = by_name(y, list(tasks), "output", [len(task.target_shape) + 1 for task in tasks.values()])
    targets = {}
    for name, task in tasks.items():
        # Names of classes are coded by zoo.data, which keeps them as the levels.
        named = task.kind == "labels" and np.asarray(given[name]).dtype.kind in "OUS"
        targets[name] = given[name] if named else check_target(given[name], task, name, samples)
    return {"x": inputs, "y": targets}


def _pair(data: Any) -> tuple[Any, Any]:
    return (data["x"], data["y"]) if isinstance(data, Mapping) else (data[0], data[1])


def _features_hash(part: Part) -> str | None:
    """The same for the same rows, however many levels a file of them has; None for arrays."""
    return None if part.values is None else hashlib.sha256(np.ascontiguousarray(part.values).data).hexdigest()


def _is_recipe(data: Any) -> bool:
    return isinstance(data, Mapping) and (set(data) == {"simulate"} or is_toy(data))


def is_toy(data: Any) -> bool:
    """Does it name a toy, ``{"toy": NAME, …}``?"""
    return isinstance(data, Mapping) and "toy" in data and not is_pair(data)


def _is_source(data: Any) -> bool:
    # Frames are told by what they can do: pandas need not be loaded to see that this is none.
    is_book = hasattr(data, "fingerprint") or hasattr(data, "columns")
    return is_book or isinstance(data, (str, os.PathLike)) or _is_recipe(data) or _are_files(data)


def _are_files(data: Any) -> bool:
    listed = isinstance(data, list) and len(data) > 0
    return listed and all(isinstance(item, (str, os.PathLike)) for item in data)


def _reads_files(run: Trained) -> bool:
    return run.pipeline is not None and run.pipeline.reads_files
