"""``zoo.card``: everything there is to know of one model, as values and as a page of text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from zoo.errors import SpecError
from zoo.spec import catalogue, index
from zoo.spec.check import examine, load
from zoo.spec.cost import cost
from zoo.spec.graph import InputSpec
from zoo.spec.params import Param
from zoo.spec.shapes import Shape
from zoo.spec.source import Source
from zoo.spec.spec import Spec
from zoo.spec.tools import words
from zoo.spec.tools.draw import rails
from zoo.spec.values import plain_value

SPEED = "speed.json"


@dataclass(frozen=True, slots=True)
class Output:
    """One output: its shape without the batch axis (None when not known) and how it is scored."""

    shape: Shape | None
    loss: Any = None
    weight: Any = None
    metrics: Any = None


@dataclass(frozen=True, slots=True, repr=False)
class Card:
    """One model. ``print(card)`` shows it on a page; ``str(card)`` is that page, 80 columns wide.

    Args:
        name: the model's name.
        about: what it is.
        tags: words to find it by.
        folder: the folder of ``specs/`` it stands in; empty for a file elsewhere.
        kind: what goes in: ``orderbook``, ``series``, ``table``, ``text`` or ``image``; empty when not known.
        source: where it comes from: title, section, url, notes, the published number of weights.
        cite: BibTeX entries: `type`, `key` and fields.
        lint: warnings allowed in it: code → reason.
        params: its parameters with value, range, choices, doc and what a search tries.
        given: the parameters that this card's caller changed.
        inputs: every input by name; shapes are without the batch axis.
        outputs: every output by name.
        parameters: weights of these sizes, trainable or not; None when not known.
        flops: floating-point operations of one prediction for one window, a multiply-add counting 2.
        uncounted: layers whose operations are not known: with any of them, `flops` is a lower bound.
        steps: the length that `flops` takes for inputs of any length; None where all lengths are fixed.
        recipe: how it is trained, in words.
        data: what it is trained on, in words.
        speed: measured times, where a benchmark has been run: `what`, `milliseconds`, `batch_size` and
            `machine`.
        picture: its graph as a drawing of text.
        text: the spec, resolved.
    """

    name: str
    about: str
    tags: tuple[str, ...]
    folder: str
    kind: str
    source: Mapping[str, Any]
    cite: tuple[Mapping[str, Any], ...]
    lint: Mapping[str, str]
    params: Mapping[str, Param]
    given: Mapping[str, Any]
    inputs: Mapping[str, InputSpec]
    outputs: Mapping[str, Output]
    parameters: int | None
    flops: int
    uncounted: tuple[str, ...]
    steps: int | None
    recipe: tuple[str, ...]
    data: tuple[str, ...]
    speed: tuple[Mapping[str, Any], ...] = ()
    picture: str = field(default="", compare=False)
    text: str = field(default="", compare=False)

    @property
    def published(self) -> int | None:
        """The number of weights that the source gives for the default sizes."""
        count = self.source.get("parameters")
        return count if isinstance(count, int) else None

    @property
    def difference(self) -> str:
        """Why the number of weights is another than the published one; empty where it is the same."""
        return str(self.source.get("difference") or "")

    def __str__(self) -> str:
        from zoo.spec.tools.card_text import page

        return page(self)

    def __repr__(self) -> str:
        size = "" if self.parameters is None else f", {self.parameters:,} parameters"
        return f"Card({self.name!r}{size})"

    def bibtex(self) -> str:
        """Its entries for a BibTeX file."""
        from zoo.spec.tools.bibtex import entries

        return entries(self.cite)

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain values, for JSON."""
        return {
            "name": self.name,
            "about": self.about,
            "tags": list(self.tags),
            "folder": self.folder,
            "kind": self.kind,
            "source": dict(self.source),
            "cite": [dict(entry) for entry in self.cite],
            "lint": dict(self.lint),
            "params": {name: _param(param) for name, param in self.params.items()},
            "inputs": {
                name: {
                    "shape": list(item.shape),
                    "dtype": item.dtype,
                    "batch_size": item.batch_size,
                    "doc": item.doc,
                }
                for name, item in self.inputs.items()
            },
            "outputs": {
                name: {
                    "shape": None if item.shape is None else list(item.shape),
                    "loss": item.loss,
                    "weight": item.weight,
                    "metrics": item.metrics,
                }
                for name, item in self.outputs.items()
            },
            "parameters": self.parameters,
            "published": self.published,
            "difference": self.difference,
            "flops": self.flops,
            "uncounted": list(self.uncounted),
            "steps": self.steps,
            "recipe": list(self.recipe),
            "data": list(self.data),
            "speed": [dict(item) for item in self.speed],
            "picture": self.picture,
            "text": self.text,
        }


def card(name_or_path: str | Path | Spec, **params: Any) -> Card:
    """The card of a model.

    Args:
        name_or_path: a name in the zoo, the path of a YAML file, or a spec that was loaded.
        params: values for its parameters.

    Raises:
        SpecError: the spec has errors.
        ZooError: there is no such model or file.

    Example:
        >>> card("hrnn_lob").parameters
        12771
    """
    if isinstance(name_or_path, Spec):
        return of(_changed(name_or_path, params) if params else name_or_path, folder="", given=params)
    path = catalogue.locate(name_or_path)
    folder = index.folder_of(path)
    return of(load(path, **params), folder=folder, given=params, speed=_speed(path.stem) if folder else ())


def _changed(spec: Spec, params: Mapping[str, Any]) -> Spec:
    again, report = examine(Source(spec.file, spec.text), params)
    if again is None or not report.ok:
        raise SpecError(report)
    return again


def of(
    spec: Spec, *, folder: str, given: Mapping[str, Any], speed: tuple[Mapping[str, Any], ...] = ()
) -> Card:
    """The card of a loaded spec."""
    source = spec.data.get("source")
    length = source.get("length") if isinstance(source, Mapping) else None
    found = cost(spec.graph, length) if isinstance(length, int) else cost(spec.graph)
    return Card(
        name=spec.name,
        about=" ".join(spec.about.split()),
        tags=spec.tags,
        folder=folder,
        kind=index.kind_of(spec.tags, spec.data),
        source=spec.source,
        cite=spec.cite,
        lint=spec.lint,
        params=spec.declared,
        given=given,
        inputs=spec.inputs,
        outputs={name: _output(spec, name) for name in spec.outputs},
        parameters=spec.trace.parameters,
        flops=found.flops,
        uncounted=found.uncounted,
        steps=found.steps,
        recipe=words.recipe(spec),
        data=words.data(spec),
        speed=() if given else speed,
        picture=rails(spec, 10_000),
        text=spec.to_yaml(),
    )


def _output(spec: Spec, name: str) -> Output:
    shape, said = spec.trace.shape(spec.graph.outputs[name]), spec.outputs[name]
    parts = (None if item is None else plain_value(item) for item in (said.loss, said.weight, said.metrics))
    return Output(None if shape is None else shape[1:], *parts)


def _param(param: Param) -> dict[str, Any]:
    return {
        "value": param.value,
        "type": param.type,
        "min": param.min,
        "max": param.max,
        "choices": None if param.choices is None else list(param.choices),
        "tune": param.tune,
        "doc": param.doc,
    }


def _speed(name: str) -> tuple[Mapping[str, Any], ...]:
    """What a benchmark measured, if it left a file beside the specs.

    ``{"machine": …, "models": {NAME: [{"what": "one window, Keras", "milliseconds": 80, "batch_size": 1}]}}``
    """
    path = catalogue.folder() / SPEED
    if not path.is_file():
        return ()
    found = json.loads(path.read_text(encoding="utf-8"))
    machine = str(found.get("machine", ""))
    return tuple({"machine": machine, **item} for item in found.get("models", {}).get(name, ()))
