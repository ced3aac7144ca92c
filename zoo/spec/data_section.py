"""The ``data`` section: its keys, and its values with ``each`` written out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from zoo.spec import recipe_values, toy_values
from zoo.spec.graph import Argument
from zoo.spec.lower.loops import MAX_ROUNDS, siblings
from zoo.spec.nodes import POISON, Node, Report, Scalar, Sequence, expression
from zoo.spec.nodes import Mapping as MappingNode
from zoo.spec.rules import g106_too_large, s106_unknown_key, s107_malformed
from zoo.spec.values import simple

DATA_KEYS = (
    "kind",
    "source",
    "store",
    "features",
    "sample",
    "clean",
    "missing",
    "time",
    "group",
    "inputs",
    "targets",
    "window",
    "label",
    "split",
    "scale",
    "toy",
)
DATA_KINDS = ("orderbook", "table", "tokens", "images", "toy")
DATA_INNER = {
    "features": ("levels", "set", "fields", "prices", "sizes", "extra"),
    "sample": ("by", "every"),
    "clean": ("rows", "duplicates", "opening", "closing"),
    "window": ("length", "stride", "within", "reshape", "gap"),
    "label": ("kind", "horizon", "smooth", "threshold", "drop_stationary", "per_step", "column"),
    "split": ("by", "train", "val", "test", "purge", "embargo", "seed"),
    "scale": ("method", "range", "sessions", "by", "fit"),
}
# Sections that name the model's inputs or outputs: the keys of what stands under each name.
DATA_NAMED = {
    "inputs": ("columns", "calendar", "lookback", "shift"),
    "targets": ("column", "type", "levels", "horizon"),
}


def data(document: MappingNode, env: Mapping[str, Any], report: Report) -> dict[str, Argument]:
    """The ``data`` section as plain values by key."""
    node = document.get("data")
    if node is None:
        return {}
    if not isinstance(node, MappingNode):
        report(s107_malformed.wrong_shape("data", "a map", node))
        return {}
    found: dict[str, Argument] = {}
    for key, value in node:
        if key.text not in DATA_KEYS:
            report(s106_unknown_key.diagnose(key, DATA_KEYS, "`data`"))
            continue
        _check_keys(key, value, report)
        read = _Values(report).read(value, env)
        if read is not POISON:
            found[key.text] = Argument(read, value.span, key.span)
            for problem in (
                *recipe_values.find(key, value, read),
                *recipe_values.find_named(key, value, read),
            ):
                report(problem)
    for problem in toy_values.find(node):
        report(problem)
    return found


def _check_keys(key: Scalar, value: Node, report: Report) -> None:
    if key.text in DATA_INNER and isinstance(value, MappingNode):
        for inner, _ in value:
            if inner.text not in DATA_INNER[key.text]:
                report(s106_unknown_key.diagnose(inner, DATA_INNER[key.text], f"`data.{key.text}`"))
    if key.text not in DATA_NAMED or expression(value) is not None:
        return
    known = DATA_NAMED[key.text]
    shown = f"a map {{{', '.join(known)}}}"
    if not isinstance(value, MappingNode):
        report(s107_malformed.wrong_shape(f"data.{key.text}", f"a map: name → {shown[6:]}", value))
        return
    for name, item in named(value):
        owner = f"data.{key.text}.{name.text}"
        if not isinstance(item, MappingNode):
            if expression(item) is None:
                report(s107_malformed.wrong_shape(owner, shown, item))
            continue
        for inner, _ in item:
            if inner.text not in known:
                report(s106_unknown_key.diagnose(inner, known, f"`{owner}`"))


def named(node: MappingNode) -> Iterator[tuple[Scalar, Node]]:
    """The names of a map as they are written, those that ``each`` generates included once."""
    for key, value in node:
        if key.text != "each":
            yield key, value
        elif isinstance(value, MappingNode) and isinstance(do := value.get("do"), MappingNode):
            yield from named(do)


class _Values:
    """Reads nodes as plain values; ``each`` in a list or a map becomes its siblings."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.spent = 0  # rounds of all the loops together

    def read(self, node: Node, env: Mapping[str, Any]) -> Any:
        if isinstance(node, Sequence):
            return self._list(node, env)
        if isinstance(node, MappingNode) and expression(node) is None:
            return self._map(node, env)
        return simple(node, env, self.report)

    def _list(self, node: Sequence, env: Mapping[str, Any]) -> list[Any]:
        found: list[Any] = []
        for item in node.items:
            if isinstance(item, MappingNode) and item.keys() == ("each",):
                found += [self.read(do, inner) for inner, do in self._rounds(item.entries[0][1], env)]
            else:
                found.append(self.read(item, env))
        return found

    def _map(self, node: MappingNode, env: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node:
            if key.text == "each":
                for inner, do in self._rounds(value, env):
                    if not isinstance(do, MappingNode):
                        self.report(s107_malformed.wrong_shape("do", "a map of names", do))
                        break
                    found |= self._map(do, inner)
                continue
            name = simple(key, env, self.report) if expression(key) is not None else key.text
            if name is not POISON:
                found[str(name)] = self.read(value, env)
        return found

    def _rounds(self, body: Node, env: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Node]]:
        for inner, do in siblings(self.report, body, env):
            self.spent += 1
            if self.spent > MAX_ROUNDS:
                if self.spent == MAX_ROUNDS + 1:
                    self.report(g106_too_large.rounds(f"more than {MAX_ROUNDS:,}", MAX_ROUNDS, body.span))
                return
            yield inner, do
