"""The front end as one function: text → Spec or diagnostics, everything wrong in one pass."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from zoo.errors import Diagnostic, Span, SpecError
from zoo.spec import catalogue, data_section, emit, params, provenance, remarks, rules, sections
from zoo.spec.collect import MAX_FINDINGS, Collector, TooMany
from zoo.spec.documents import Documents, resolved, token
from zoo.spec.lower import lower
from zoo.spec.nodes import POISON
from zoo.spec.nodes import Mapping as MappingNode
from zoo.spec.rules import g106_too_large, s107_malformed, y104_not_yaml
from zoo.spec.source import Source
from zoo.spec.spec import Spec
from zoo.spec.trace import trace


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found. ``str(report)`` shows every finding at its line."""

    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)
    name: str = ""

    @property
    def ok(self) -> bool:
        """Whether the spec can be built: no finding is an error."""
        return not any(diagnostic.level == "error" for diagnostic in self.diagnostics)

    def __str__(self) -> str:
        from zoo.spec.render import render

        return render(self)

    def to_json(self) -> str:
        """A JSON list of the diagnostics, in the layout that DESIGN gives."""
        return json.dumps(
            [diagnostic.to_dict() for diagnostic in self.diagnostics], ensure_ascii=False, indent=2
        )


def load(name_or_path: str | Path, **overrides: Any) -> Spec:
    """A spec by catalogue name or path.

    Args:
        name_or_path: ``hrnn_lob``, or the path of a YAML file.
        overrides: values for its parameters.

    Raises:
        SpecError: the spec has errors; the message shows all of them at their lines.
        ZooError: there is no such model or file.

    Example:
        >>> load("hrnn_lob", row_units=64).params["row_units"]
        64
    """
    return _spec(*_examine_file(name_or_path, overrides))


def loads(text: str, **overrides: Any) -> Spec:
    """A spec from text.

    Args:
        text: the whole YAML document.
        overrides: values for its parameters.

    Raises:
        SpecError: the spec has errors.
    """
    if not isinstance(text, str):
        raise TypeError(
            f"zoo.loads takes the text of a spec, received {type(text).__name__}; zoo.load takes a path"
        )
    return _spec(*examine(Source("<text>", text), overrides))


def check(name_or_path: str | Path, **overrides: Any) -> Report:
    """Everything that is wrong with a spec, without building it.

    Raises:
        ZooError: there is no such model or file.
    """
    return _examine_file(name_or_path, overrides)[1]


def check_text(text: str, file: str = "<text>", **overrides: Any) -> Report:
    """``check`` for a spec given as text."""
    return examine(Source(file, text), overrides)[1]


def reload(text: str) -> Spec:
    """A spec from the text of one that was checked when it was made, as bundles hold it.

    The sizes in it may be a caller's, for data of their own: that the recipe does not fit them is no error.
    All weights come beside it, those of a submodel's file too.

    Raises:
        SpecError: the spec has errors.
    """
    spec = _spec(*examine(Source("<text>", text), {}, own_sizes=True))
    return replace(spec, diagnostics=tuple(item for item in spec.diagnostics if item.code != "E104"))


def _spec(spec: Spec | None, report: Report) -> Spec:
    if spec is None or not report.ok:
        raise SpecError(report)
    return spec


def _examine_file(name_or_path: str | Path, overrides: Mapping[str, Any]) -> tuple[Spec | None, Report]:
    source, problem = catalogue.read(catalogue.locate(name_or_path))
    if isinstance(problem, Diagnostic):
        return None, Report((problem,), {source.file: ""}, source.file)
    return examine(source, overrides)


def examine(
    source: Source, overrides: Mapping[str, Any], *, own_sizes: bool = False
) -> tuple[Spec | None, Report]:
    """The whole front end on one text: the spec (None when it cannot be read) and what was found."""
    report = Collector()
    documents = Documents(report)
    try:
        spec = _examined(source, documents, overrides, report)
    except TooMany:
        spec = None
    found = _settled(report.sorted(), spec.lint if spec else {}, own_sizes or bool(overrides))
    if len(found) > MAX_FINDINGS:
        errors = [item for item in found if item.level == "error"]
        rest = [item for item in found if item.level != "error"]
        kept = {id(item) for item in (*errors, *rest)[:MAX_FINDINGS]}
        found = (*(item for item in found if id(item) in kept), g106_too_large.findings(MAX_FINDINGS))
    if spec is not None:
        spec = replace(spec, diagnostics=found)
    return spec, Report(found, documents.texts, spec.name if spec else source.file)


def _examined(
    source: Source, documents: Documents, overrides: Mapping[str, Any], report: Collector
) -> Spec | None:
    root = documents.read(source)
    if root is None and not report.has_errors:
        report(
            y104_not_yaml.RULE(
                "the file is empty",
                Span(source.file, 1, 1, 1, 2),
                "`zoo show hrnn_lob --text` prints an example",
            )
        )
    elif root is not None and not isinstance(root, MappingNode):
        report(
            s107_malformed.plainly(
                "this is not a spec: a spec is a map of sections",
                root.span,
                "it begins with `spec: 1` and `name: …`",
            )
        )
    elif isinstance(root, MappingNode):
        return _compile(root, source, documents, overrides, report)
    return None


def _settled(
    found: tuple[Diagnostic, ...], allowed: Mapping[str, str], overridden: bool
) -> tuple[Diagnostic, ...]:
    """Allowed findings become notes with their reason; what only follows from an error is left out.

    Who overrides parameters may have data of their own: that the recipe's no longer fit is then a warning.
    """
    broken = any(item.level == "error" for item in found)
    unshaped = any(item.level == "error" and item.code[0] in "GS" for item in found)
    kept = []
    for item in found:
        reason = allowed.get(item.code)
        if reason and (item.level == "warning" or item.code.startswith("D")):
            kept.append(replace(item, level="note", help=f"allowed in this spec: {reason}"))
        elif overridden and item.code == "D306":
            kept.append(replace(item, level="warning"))
        elif not (broken and item.code in _FOLLOWS) and not (unshaped and item.code == "D302"):
            kept.append(item)
    return tuple(kept)


# with a misspelt step or source, what it meant looks unused; where shapes are not known, anything might look
# ahead
_FOLLOWS = ("G103", "G104")


def _compile(
    document: MappingNode,
    source: Source,
    documents: Documents,
    overrides: Mapping[str, Any],
    report: Collector,
) -> Spec | None:
    sections.top_keys(document, report)
    declared = params.resolve(document.get("params"), overrides, report)
    env = {name: param.value for name, param in declared.items()}
    # read before the graph, so that a graph that cannot be read hides none of their mistakes
    name, about = sections.text(document, "name", report), sections.text(document, "about", report)
    recipe, pipeline = sections.training(document, env, report), data_section.data(document, env, report)
    origin, works = provenance.source(document, report), provenance.cite(document, report)
    tags, lint = remarks.tags(document, report), remarks.lint(document, report)
    graph = lower(document, env, documents, report, token(source))
    if graph is None:
        return None
    spec = Spec(
        name=name,
        graph=graph,
        declared=declared,
        outputs=sections.outputs(document, tuple(graph.outputs), env, report),
        recipe=recipe,
        pipeline=pipeline,
        about=about,
        tags=tags,
        source=origin,
        cite=works,
        lint=lint,
        text=_resolved(document, source, documents, declared, overrides),
        file=source.file,
        trace=trace(graph),
    )
    for rule in rules.checks():
        for diagnostic in rule(spec):
            report(diagnostic)
    return spec


def _resolved(
    document: MappingNode,
    source: Source,
    documents: Documents,
    declared: Mapping[str, params.Param],
    overrides: Mapping[str, Any],
) -> str:
    """Text that gives this very spec again, without overrides and without other files."""
    alone = len(documents.texts) == 1
    if alone and not overrides or any(item.value is POISON for item in declared.values()):
        return source.text
    return emit.block(resolved(document, documents, declared))
