"""The ``inputs`` section, and which names ``outputs`` lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zoo.spec.graph import InputSpec
from zoo.spec.lower.loops import expand_entries
from zoo.spec.lower.scope import Entry
from zoo.spec.nodes import POISON, Node, Report, Scalar, Sequence
from zoo.spec.nodes import Mapping as MappingNode
from zoo.spec.rules import (
    g105_same_name,
    s102_wrong_type,
    s105_missing_argument,
    s106_unknown_key,
    s107_malformed,
)
from zoo.spec.suggest import did_you_mean, listed
from zoo.spec.values import is_name, simple

KEYS = ("shape", "dtype", "batch_size", "doc", "sparse", "optional")
DTYPES = (
    "float32",
    "float16",
    "bfloat16",
    "float64",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint8",
    "uint16",
    "uint32",
    "bool",
    "string",
)


def read(
    section: Node | None, env: Mapping[str, Any], report: Report
) -> tuple[dict[str, InputSpec], dict[str, Scalar]]:
    """Every input by name, and the keys they stand at."""
    specs: dict[str, InputSpec] = {}
    keys: dict[str, Scalar] = {}
    if section is None:
        return specs, keys
    if not isinstance(section, MappingNode):
        report(s107_malformed.wrong_shape("inputs", "a map: name → {shape: […]}", section))
        return specs, keys
    for entry in expand_entries(report, section, env, "an input"):
        if entry.name in specs:
            report(
                g105_same_name.diagnose(
                    entry.name, "this input", entry.key.span, keys[entry.name].span, "another input"
                )
            )
            continue
        keys[entry.name] = entry.key
        specs[entry.name] = _input(entry, report)
    return specs, keys


def _input(entry: Entry, report: Report) -> InputSpec:
    unknown = InputSpec((None,), span=entry.key.span, unknown=True)
    node = entry.node
    if isinstance(node, Sequence):
        report(s107_malformed.wrong_shape(f"inputs.{entry.name}", "a map", node, "write {shape: [100, 20]}"))
        return unknown
    if not isinstance(node, MappingNode):
        report(s107_malformed.wrong_shape(f"inputs.{entry.name}", "a map", node, "write {shape: [100, 20]}"))
        return unknown
    for key, _ in node:
        if key.text not in KEYS:
            report(s106_unknown_key.diagnose(key, KEYS, f"the input `{entry.name}`"))
    values = {key.text: simple(value, entry.env, report) for key, value in node if key.text in KEYS}
    if "shape" not in values:
        report(s105_missing_argument.section(["shape"], f"the input `{entry.name}`", entry.key.span))
        return unknown
    shape = _shape(values["shape"])
    if shape is None:
        if values["shape"] is not POISON and not (
            isinstance(values["shape"], list) and POISON in values["shape"]
        ):
            place = node.get("shape") or node
            report(
                s102_wrong_type.RULE(
                    f"the shape of the input `{entry.name}` must be a list of sizes from 1 (null: unknown)",
                    place.span,
                    "the batch axis is left out: shape: [100, 20]",
                )
            )
        return unknown
    dtype = values.get("dtype", "float32")
    if dtype not in DTYPES:
        place = node.get("dtype") or node
        meant = {
            "float": "float32",
            "double": "float64",
            "int": "int32",
            "integer": "int32",
            "str": "string",
        }.get(str(dtype))
        mend = did_you_mean(meant or str(dtype), DTYPES) or f"choose one of {listed(DTYPES, 13)}"
        report(s102_wrong_type.RULE(f"`{dtype}` is no dtype", place.span, mend))
        dtype = "float32"
    batch = values.get("batch_size")
    if isinstance(batch, float) and batch.is_integer():
        batch = int(batch)
    if batch is not None and (type(batch) is not int or batch < 1):
        place = node.get("batch_size") or node
        report(s102_wrong_type.RULE("`batch_size` must be a whole number from 1", place.span))
        batch = None
    return InputSpec(
        shape,
        str(dtype),
        batch,
        bool(values.get("sparse")),
        bool(values.get("optional")),
        str(values.get("doc") or ""),
        entry.key.span,
    )


def _shape(value: Any) -> tuple[int | None, ...] | None:
    if not isinstance(value, list):
        return None
    sizes: list[int | None] = []
    for size in value:
        if isinstance(size, float) and size.is_integer():
            size = int(size)
        if size is not None and (type(size) is not int or size < 1):
            return None
        sizes.append(size)
    return tuple(sizes)


def output_entries(section: Node | None, env: Mapping[str, Any], report: Report) -> list[Entry]:
    """The outputs in order, each with the node that says more about it."""
    if section is None:
        return []
    if isinstance(section, MappingNode):
        return expand_entries(report, section, env, "an output")
    items = section.items if isinstance(section, Sequence) else (section,)
    found: list[Entry] = []
    for item in items:
        if isinstance(item, MappingNode) and item.keys() == ("each",):
            found.extend(expand_entries(report, item, env, "an output"))
        elif isinstance(item, Scalar) and is_name(item.text.partition(".")[0]):
            found.append(Entry(item.text, item, item, env))
        else:
            report(
                s107_malformed.plainly(
                    "`outputs` lists names of tensors", item.span, "write outputs: [main, aux]"
                )
            )
    return found
