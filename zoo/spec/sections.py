"""The sections around the graph: outputs with their losses, ``data``, ``training`` and the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zoo.errors import Span
from zoo.spec import multipliers, recipe_values
from zoo.spec.graph import Argument
from zoo.spec.kinds import fits
from zoo.spec.lower.inputs import output_entries
from zoo.spec.nodes import POISON, Node, Report, Scalar, Sequence, expression
from zoo.spec.nodes import Mapping as MappingNode
from zoo.spec.rules import (
    o101_no_such_output,
    o102_two_forms,
    o103_wrong_length,
    s102_wrong_type,
    s105_missing_argument,
    s106_unknown_key,
    s107_malformed,
)
from zoo.spec.values import Reader

SECTIONS = (
    "spec",
    "name",
    "about",
    "tags",
    "source",
    "cite",
    "lint",
    "extends",
    "params",
    "inputs",
    "layers",
    "models",
    "blocks",
    "graph",
    "outputs",
    "loss",
    "loss_weights",
    "metrics",
    "data",
    "training",
)
REQUIRED = ("spec", "name", "inputs", "graph", "outputs")
OUTPUT_KEYS = ("loss", "weight", "metrics", "from")
TRAINING_KINDS = {
    "optimizer": "optimizer",
    "epochs": "int",
    "batch_size": "int",
    "seed": "int",
    "shuffle": "bool",
    "class_weight": "any",
    "callbacks": "callback",
    "steps_per_epoch": "int",
    "precision": "str",
    "learning_rates": "any",
    "reset_states": "str",
    "walk_forward": "any",
    "tune": "any",
}
# Keys of what is a map itself.
TRAINING_INNER = {
    "walk_forward": ("first", "step", "window", "refit"),
    "tune": ("trials", "sampler", "prune", "objective", "seconds"),
}


@dataclass(frozen=True, slots=True)
class OutputSpec:
    """One output: its loss, the loss's weight and its metrics, as ``Argument``s or None."""

    name: str
    loss: Argument | None = None
    weight: Argument | None = None
    metrics: Argument | None = None
    span: Span | None = field(default=None, compare=False)


def top_keys(document: MappingNode, report: Report) -> None:
    """Unknown and missing sections."""
    for key, _ in document:
        if key.text not in SECTIONS:
            report(s106_unknown_key.diagnose(key, SECTIONS, "a spec"))
    required = ("spec", "name") if document.get("extends") is not None else REQUIRED
    missing = [name for name in required if document.get(name) is None]
    if missing:
        first = document.span
        report(
            s105_missing_argument.section(missing, "a spec", Span(first.file, first.line, 1, first.line, 2))
        )
    version = document.get("spec")
    if isinstance(version, Scalar) and version.value != 1:
        report(
            s107_malformed.plainly(
                f"`spec: {version.text}` is not a version of the language", version.span, "write spec: 1"
            )
        )


def text(document: MappingNode, name: str, report: Report) -> str:
    """A section that is text."""
    node = document.get(name)
    if node is None:
        return ""
    if isinstance(node, Scalar) and node.value is not None:
        return node.text.strip()
    report(s107_malformed.wrong_shape(name, "text", node))
    return ""


def outputs(
    document: MappingNode, known: tuple[str, ...], env: Mapping[str, Any], report: Report
) -> dict[str, OutputSpec]:
    """Every output with what was said of it, in either form; `known` are the outputs of the graph."""
    node = document.get("outputs")
    reader = Reader(env, report)
    found = {name: OutputSpec(name) for name in known}
    own: Node | None = None
    for entry in output_entries(node, env, lambda diagnostic: None):
        if not isinstance(node, MappingNode) or isinstance(entry.node, Scalar):
            if (
                isinstance(node, MappingNode)
                and isinstance(entry.node, Scalar)
                and entry.node.value is not None
            ):
                report(
                    s107_malformed.wrong_shape(
                        f"outputs.{entry.name}",
                        "a map {loss, weight, metrics}",
                        entry.node,
                        f"write {{loss: {entry.node.text}}}",
                    )
                )
            found[entry.name] = (
                OutputSpec(entry.name, span=entry.key.span) if entry.name in found else OutputSpec(entry.name)
            )
            continue
        if not isinstance(entry.node, MappingNode):
            report(
                s107_malformed.wrong_shape(
                    f"outputs.{entry.name}", "a map {loss, weight, metrics}", entry.node
                )
            )
            continue
        for key, _ in entry.node:
            if key.text not in OUTPUT_KEYS:
                report(s106_unknown_key.diagnose(key, OUTPUT_KEYS, f"the output `{entry.name}`"))
            elif key.text != "from":
                own = own or key
        reader = Reader(entry.env, report)
        found[entry.name] = OutputSpec(
            entry.name,
            _argument(entry.node, "loss", "loss", reader),
            _weight(_argument(entry.node, "weight", "float", reader), entry.name, report),
            _argument(entry.node, "metrics", "metric", reader),
            entry.key.span,
        )
    return _beside(document, found, own, env, report)


def _argument(node: MappingNode, name: str, kind: str, reader: Reader) -> Argument | None:
    value, key = node.get(name), node.key(name)
    if value is None or key is None:
        return None
    return Argument(reader.value(value, kind), value.span, key.span)


def _weight(argument: Argument | None, name: str, report: Report) -> Argument | None:
    value = argument.value if argument else None
    if argument is None or value is None or value is POISON or fits("float", value):
        return argument
    report(s102_wrong_type.weight(name, argument))
    return None


def _beside(
    document: MappingNode,
    found: dict[str, OutputSpec],
    own: Node | None,
    env: Mapping[str, Any],
    report: Report,
) -> dict[str, OutputSpec]:
    """Adds what Keras's own words say beside ``outputs``: ``loss``, ``loss_weights``, ``metrics``."""
    given: dict[str, dict[str, Argument]] = {}
    for section, kind in (("loss", "loss"), ("loss_weights", "float"), ("metrics", "metric")):
        node, key = document.get(section), document.key(section)
        if node is None or key is None:
            continue
        if own is not None:
            report(o102_two_forms.diagnose(key, own.span))
            continue
        given[section] = _spread(
            section, node, tuple(found), Reader(env, report, lambda name: False), kind, report
        )
    if not given:
        return found
    return {
        name: OutputSpec(
            name,
            given.get("loss", {}).get(name),
            given.get("loss_weights", {}).get(name),
            given.get("metrics", {}).get(name),
            spec.span,
        )
        for name, spec in found.items()
    }


def _spread(
    section: str, node: Node, names: tuple[str, ...], reader: Reader, kind: str, report: Report
) -> dict[str, Argument]:
    """One of Keras's forms as a map by output name."""
    if isinstance(node, MappingNode) and not (
        kind != "float" and len(node) == 1 and node.keys()[0][:1].isupper()
    ):
        result = {}
        for key, value in node:
            if key.text not in names:
                report(o101_no_such_output.diagnose(section, key.text, key.span, names))
            else:
                result[key.text] = Argument(reader.value(value, kind), value.span, key.span)
        return result
    if isinstance(node, Sequence):
        if (
            section == "metrics"
            and len(names) == 1
            and not all(isinstance(item, Sequence) for item in node.items)
        ):
            return {names[0]: Argument(reader.value(node, kind), node.span, node.span)}
        if len(node.items) != len(names):
            report(o103_wrong_length.diagnose(section, len(node.items), names, node.span))
            return {}
        return {
            name: Argument(reader.value(item, kind), item.span, item.span)
            for name, item in zip(names, node.items, strict=True)
        }
    # one loss for every output, as in Keras
    return {name: Argument(reader.value(node, kind), node.span, node.span) for name in names}


def training(document: MappingNode, env: Mapping[str, Any], report: Report) -> dict[str, Argument]:
    """The ``training`` section."""
    node = document.get("training")
    if node is None:
        return {}
    if not isinstance(node, MappingNode):
        report(s107_malformed.wrong_shape("training", "a map", node))
        return {}
    found: dict[str, Argument] = {}
    # a schedule may be written in steps; a run replaces these two, checking needs some number
    reader = Reader({"steps_per_epoch": 100, "epochs": 10, **env}, report)
    for key, value in node:
        if key.text not in TRAINING_KINDS:
            report(s106_unknown_key.diagnose(key, tuple(TRAINING_KINDS), "`training`"))
            continue
        if key.text == "learning_rates":
            found[key.text] = Argument(multipliers.read(value, reader, report), value.span, key.span)
            continue
        kind = TRAINING_KINDS[key.text]
        read = Argument(reader.value(value, kind), value.span, key.span)
        if key.text in TRAINING_INNER:
            _check_inner(key.text, value, report)
            for inner in recipe_values.find(key, value, read.value):
                report(inner)
        if (
            kind in ("int", "bool", "str")
            and read.value is not None
            and read.value is not POISON
            and not fits(kind, read.value)
        ):
            report(s102_wrong_type.setting(key.text, kind, read))
        elif problem := recipe_values.setting(key.text, read):
            report(problem)
        found[key.text] = read
    return found


def _check_inner(name: str, node: Node, report: Report) -> None:
    known = TRAINING_INNER[name]
    if not isinstance(node, MappingNode):
        if expression(node) is None:
            report(s107_malformed.wrong_shape(f"training.{name}", f"a map {{{', '.join(known)}}}", node))
        return
    for key, _ in node:
        if key.text not in known:
            report(s106_unknown_key.diagnose(key, known, f"`training.{name}`"))
