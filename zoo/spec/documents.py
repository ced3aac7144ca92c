"""Documents and the documents they build on: ``extends`` merged, ``use`` found.

A spec may name others of the catalogue, or files of its own folder; nothing else is ever opened.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from collections.abc import Mapping as PyMapping
from pathlib import Path
from typing import Any

from zoo.errors import Diagnostic, Span
from zoo.spec import catalogue
from zoo.spec.nodes import Mapping, Node, Scalar, plain
from zoo.spec.params import Param
from zoo.spec.params import document as param_section
from zoo.spec.rules import (
    e101_nothing_to_override,
    e102_cycle,
    e103_unknown_spec,
    e104_weights_file,
    s107_malformed,
)
from zoo.spec.source import Source, parse
from zoo.spec.values import is_class

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*\Z")
_FILE = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9_.-]*/)*[A-Za-z0-9_][A-Za-z0-9_.-]*\Z")


class Documents:
    """Reads documents for one check; ``texts`` holds the text of every file met, for its excerpts."""

    def __init__(self, report: Callable[[Diagnostic], None]) -> None:
        self.report = report
        self.texts: dict[str, str] = {}
        self.resolved: dict[
            int, tuple[Mapping, PyMapping[str, Param]]
        ] = {}  # a submodel's node → what it was read from

    def read(self, source: Source, chain: tuple[str, ...] = ()) -> Node | None:
        """The document of a source, merged with what it extends."""
        self.texts[source.file] = source.text
        root = parse(source, self.report)
        if not isinstance(root, Mapping):
            return root
        parent = root.get("extends")
        if parent is None:
            return root
        base = self.named(parent, (*chain, token(source)))
        rest = Mapping(tuple(entry for entry in root if entry[0].text != "extends"), root.span)
        return merge(base, rest, self.report) if isinstance(base, Mapping) else None

    def named(self, node: Node, chain: tuple[str, ...]) -> Node | None:
        """The document that ``extends`` or ``use`` names; None after a reported mistake."""
        if not isinstance(node, Scalar) or not isinstance(node.value, str) or not node.value:
            self.report(s107_malformed.wrong_shape("extends", "the name of one spec", node))
            return None
        path = self.find(node.value, node.span)
        if path is None:
            return None
        if str(path.resolve()) in chain:
            self.report(e102_cycle.diagnose([Path(item).name for item in chain], path.name, node.span))
            return None
        source, problem = catalogue.read(path)
        if isinstance(problem, Diagnostic):
            self.report(problem)
            return None
        return self.read(source, chain)

    def weights(self, name: str, span: Span) -> Path | None:
        """The file of a submodel's weights: in the folder of the spec that names it, never outside."""
        if not name.endswith(e104_weights_file.ENDINGS):
            self.report(e104_weights_file.other_ending(name, span))
        elif not _FILE.match(name) or ".." in name:
            self.report(e104_weights_file.outside(name, span))
        elif not os.path.isfile(span.file):
            self.report(e104_weights_file.no_folder(name, span))
        else:
            here = Path(os.path.realpath(Path(span.file).parent))
            found = Path(os.path.realpath(here / name))
            if not found.is_relative_to(here):
                self.report(e104_weights_file.outside(name, span))
            elif os.path.isfile(found):
                return found
            else:
                near = [file.name for file in here.iterdir() if file.suffix in e104_weights_file.ENDINGS]
                self.report(e104_weights_file.missing(name, sorted(near), span))
        return None

    def find(self, name: str, span: Span) -> Path | None:
        """The file of a spec's name: beside the one that names it, or in the catalogue."""
        if not _NAME.match(name) or ".." in name:
            self.report(e103_unknown_spec.not_a_name(name, span))
            return None
        stem = name if name.endswith((".yaml", ".yml")) else f"{name}.yaml"
        here = Path(span.file).parent if Path(span.file).is_file() else None
        if here is not None and (here / stem).is_file():
            return here / stem
        found = catalogue.paths().get(stem.rsplit(".", 1)[0])
        if found is None:
            near = (
                [*catalogue.paths(), *(file.stem for file in here.glob("*.yaml"))]
                if here
                else list(catalogue.paths())
            )
            self.report(e103_unknown_spec.diagnose(name, near, span))
        return found


def token(source: Source) -> str:
    """What stands for a file in a chain of them."""
    return str(source.path.resolve()) if source.path else source.file


def resolved(document: Mapping, documents: Documents, params: PyMapping[str, Param]) -> dict[str, Any]:
    """A document as plain values that need no other file: values in use as defaults, ``use`` written out."""
    found: dict[str, Any] = {}
    for key, node in document:
        if key.text == "params" and isinstance(node, Mapping):
            found["params"] = param_section(node, params, computed=True)
        elif key.text == "models" and isinstance(node, Mapping):
            found["models"] = {name.text: _model(item, documents) for name, item in node}
        else:
            found[key.text] = plain(node)
    return found


_OF_A_MODEL = ("params", "inputs", "layers", "models", "blocks", "graph", "outputs")


def _model(node: Node, documents: Documents) -> Any:
    if not isinstance(node, Mapping) or id(node) not in documents.resolved:
        return plain(node)
    document, params = documents.resolved[id(node)]
    values = resolved(document, documents, params)
    model = {name: values[name] for name in _OF_A_MODEL if name in values}
    if isinstance(model.get("outputs"), dict):
        model["outputs"] = {name: _only_from(item) for name, item in model["outputs"].items()}
    return model | {key: plain(option) for key in ("weights", "trainable") if (option := node.get(key))}


def _only_from(output: Any) -> dict[str, Any]:
    return {"from": output["from"]} if isinstance(output, dict) and "from" in output else {}


def merge(base: Mapping, over: Mapping, report: Callable[[Diagnostic], None], path: str = "") -> Mapping:
    """`over` on top of `base`: maps merge, lists and scalars replace, ``null`` deletes.

    Two classes (``optimizer: {Adam: …}`` over ``{SGD: …}``) do not merge: the second replaces the first.
    """
    entries = list(base.entries)
    places = {key.text: number for number, (key, _) in enumerate(entries)}
    deleted: set[str] = set()
    for key, value in over:
        name = key.text
        inner = f"{path}.{name}" if path else name
        if isinstance(value, Scalar) and value.value is None and value.plain:
            if name in places:
                deleted.add(name)
            else:
                report(e101_nothing_to_override.diagnose(inner, tuple(places), value.span, key.span))
        elif name not in places:
            places[name] = len(entries)
            entries.append((key, value))
        else:
            old_key, old = entries[places[name]]
            if isinstance(old, Mapping) and isinstance(value, Mapping) and not _other_class(old, value):
                entries[places[name]] = (old_key, merge(old, value, report, inner))
            elif inner.startswith("params.") and inner.count(".") == 1 and isinstance(old, Mapping):
                entries[places[name]] = (key, _new_default(old, key, value))
            else:
                entries[places[name]] = (key, value)
    return Mapping(tuple(entry for entry in entries if entry[0].text not in deleted), over.span)


def _new_default(old: Mapping, key: Scalar, value: Node) -> Mapping:
    # `units: 64` over {default: 32, min: 1} is a new default, not the loss of the range
    default = Scalar("default", "default", True, key.span)
    kept = tuple(entry for entry in old.entries if entry[0].text != "default")
    return Mapping(((default, value), *kept), value.span)


def _other_class(old: Mapping, new: Mapping) -> bool:
    if len(old) != 1 or len(new) != 1:
        return False
    first, second = old.keys()[0], new.keys()[0]
    return first != second and is_class(first) and is_class(second)
