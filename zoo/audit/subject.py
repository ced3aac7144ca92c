"""What is audited: a model, what is known of its spec, and the data that there are."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import keras

from zoo.errors import TrainError, ZooError
from zoo.train import bundle, sources
from zoo.train.arrays import check_inputs
from zoo.train.names import by_name
from zoo.train.parts import Sample
from zoo.train.run import load_spec
from zoo.train.tasks import Task, task
from zoo.train.trained import Trained

if TYPE_CHECKING:
    from zoo.data import Prepared
    from zoo.spec import Spec

PARTS = ("train", "val", "test")


@dataclass(frozen=True)
class Subject:
    """A model and what is at hand of its data.

    Args:
        name: what reports call it.
        model: as it is now; the audit leaves it so.
        tasks: output → what it is asked for.
        spec: that it was built from, or None for a plain Keras model.
        parts: the parts of the data by name; empty where there are none.
        prepared: by the spec's recipe, or None.
        source: that the recipe read.
        known: whether ``source`` is at hand, to be prepared again.
        missing: why there are no data; empty where there are.
    """

    name: str
    model: keras.Model
    tasks: Mapping[str, Task]
    spec: Spec | None = None
    parts: Mapping[str, Sample] = field(default_factory=dict)
    prepared: Prepared | None = None
    source: Any = None
    known: bool = True
    missing: str = "no data were given"

    @property
    def inputs(self) -> list[str]:
        """Names of the inputs, in the model's order."""
        return [tensor.name for tensor in self.model.inputs] if self.spec is None else list(self.spec.inputs)

    @property
    def outputs(self) -> list[str]:
        """Names of the outputs, in the model's order."""
        return list(self.tasks)

    def allowed(self, rule: str) -> str:
        """The reason for which the spec allows findings of a rule, or an empty text."""
        return "" if self.spec is None else self.spec.lint.get(rule, "")

    @property
    def sample(self) -> Sample | None:
        """The part to feed the model with."""
        return next((part for part in self.parts.values() if len(part)), None)

    @property
    def in_time(self) -> bool:
        """Are the samples in time order, so that one may lie in another's future?"""
        if self.prepared is not None and not self.prepared.ordered:
            return False
        return self.spec.is_time_series if self.spec is not None else True


def subject_of(what: Any, params: Mapping[str, Any] | None, seed: int) -> tuple[Subject, Trained | None]:
    """The model to audit, without data yet; and the run that holds it, where one does.

    Raises:
        SpecError, BundleError: it has mistakes. TrainError: ``audit.what``, it is nothing to audit.
    """
    if isinstance(what, (str, os.PathLike)) and os.fspath(what).endswith(".zoo"):
        what = bundle.open(what)
    if isinstance(what, keras.Model):
        return _plain(what), None
    if not isinstance(what, Trained) and not isinstance(what, (str, os.PathLike)) and not _is_spec(what):
        raise TrainError(
            f"{type(what).__name__} is nothing that can be audited",
            help="give a trained model, a bundle, a spec or its name, or a keras.Model",
            code="audit.what",
        )
    run = what if isinstance(what, Trained) else Trained.untrained(load_spec(what, params), seed=seed)
    return Subject(run.spec.name, run.model, run.tasks, spec=run.spec), run


def _is_spec(what: Any) -> bool:
    from zoo.spec import Spec

    return isinstance(what, Spec)


def _plain(model: keras.Model) -> Subject:
    if not model.built or not getattr(model, "inputs", None):
        raise TrainError(
            f"the model `{model.name}` has no inputs yet",
            help="give a functional model, or call it once on data first",
            code="audit.what",
        )
    names = getattr(model, "output_names", None) or [tensor.name for tensor in model.outputs]
    loss = getattr(model, "loss", None)
    losses = loss if isinstance(loss, Mapping) else dict.fromkeys(names, loss)
    if isinstance(loss, (list, tuple)):
        losses = dict(zip(names, loss, strict=False))
    shapes = [tuple(output.shape[1:]) for output in model.outputs]
    tasks = {name: task(losses.get(name), shape) for name, shape in zip(names, shapes, strict=True)}
    return Subject(model.name, model, tasks)


def with_data(subject: Subject, run: Trained | None, data: Any) -> Subject:
    """The same with its data: those that are given, else the run's or the recipe's own.

    Args:
        subject: without data.
        run: that holds its model, or None.
        data: None; ``{"train": …, "val": …, "test": …}``, each ``(x, y)`` or a prepared part; ``(x, y)``;
            or what ``zoo.train`` takes.

    Raises:
        TrainError, DataError: data that were given do not fit.
    """
    if isinstance(data, Mapping) and "train" in data and set(data) <= set(PARTS):
        parts = {name: _sample(subject, data[name]) for name in PARTS if name in data}
        return replace(subject, parts=parts, missing="")
    if run is None:
        return _with_arrays(subject, data)
    known, source = True, data
    if data is not None:
        prepared = sources.prepare(run.spec, data, run.tasks)
    else:
        try:
            prepared = _own_data(run)
        except ZooError as error:
            return replace(subject, missing=error.message)
        known, source = not run.data_card.get("given", False), run.data_card.get("source")
    parts = {name: sources.sample_of(getattr(prepared, name), run.tasks, prepared.ordered) for name in PARTS}
    return replace(subject, parts=parts, prepared=prepared, source=source, known=known, missing="")


def _own_data(run: Trained) -> Prepared:
    """What a run was trained on, or what a spec that never ran would be."""
    if run.prepared is None and not run.data_card:
        return sources.prepare(run.spec, None, run.tasks)
    sources.part_of(run, "train")
    found: Prepared = run.prepared
    return found


def _with_arrays(subject: Subject, data: Any) -> Subject:
    if data is None:
        return subject
    if not sources.is_pair(data):
        raise TrainError(
            f"a Keras model without a spec reads arrays; received {type(data).__name__}",
            help="give (x, y), or {'train': (x, y), 'test': (x, y)}",
            code="audit.data",
        )
    return replace(subject, parts={"train": _sample(subject, data)}, missing="")


def _sample(subject: Subject, given: Any) -> Sample:
    """One part as it is given: ``(x, y)``, or a part of prepared data."""
    if hasattr(given, "x") and hasattr(given, "rows"):
        return sources.sample_of(given, subject.tasks)
    if not sources.is_pair(given):
        raise TrainError(
            f"a part of the data is (x, y); received {type(given).__name__}",
            help="give {'train': (x, y), 'test': (x, y)}",
            code="audit.data",
        )
    if subject.spec is not None:
        arrays = sources.checked_arrays(subject.spec, given, subject.tasks)
        return Sample(arrays["x"], arrays["y"])
    x, y = (given["x"], given["y"]) if isinstance(given, Mapping) else given
    shapes = {
        tensor.name: _Input(tuple(tensor.shape[1:]), str(tensor.dtype)) for tensor in subject.model.inputs
    }
    return Sample(
        check_inputs(x, shapes),
        by_name(
            y, subject.outputs, "output", [len(item.target_shape) + 1 for item in subject.tasks.values()]
        ),
    )


@dataclass(frozen=True, slots=True)
class _Input:
    """What is known of an input of a plain Keras model, as a spec's own input says it."""

    shape: tuple[int | None, ...]
    dtype: str
    batch_size: int | None = None


Maker = Callable[[], keras.Model]


def maker_of(subject: Subject, seed: int) -> Maker | None:
    """Makes the same model with fresh weights, compiled; None where there is no way to."""
    from zoo.train.seeds import seeded

    spec = subject.spec
    if spec is not None:
        return lambda: Trained.untrained(spec, seed=seed).model
    if not getattr(subject.model, "compiled", False):
        return None

    def copy() -> keras.Model:
        with seeded(seed):
            made = keras.models.clone_model(subject.model)
        made.compile_from_config(subject.model.get_compile_config())
        return made

    return copy
