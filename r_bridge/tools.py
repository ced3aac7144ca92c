"""What R does with a spec's text: resolve, fill, compare, begin, lay out."""

from __future__ import annotations

from typing import Any

import zoo
from r_bridge.catalogue import one_source
from zoo.spec import emit
from zoo.spec.source import Source

_INLINE = "<text>"


def resolve(
    source: str | None = None, text: str | None = None, params: dict[str, Any] | None = None
) -> dict[str, Any]:
    """A spec with nothing left to look up: its text, its values, and where each of them was written."""
    import pandas as pd

    from zoo.spec.tools.resolve import resolve_source

    given, inline = one_source(source, text)
    found = (
        resolve_source(Source(_INLINE, given), params or {})
        if inline
        else zoo.resolve(given, **(params or {}))
    )
    columns = ("path", "value", "file", "line", "column", "expression")
    rows = [
        (item.path, emit.flow(item.value), item.file, item.line or None, item.column or None, item.expression)
        for item in found.origins
    ]
    origins = pd.DataFrame(rows, columns=list(columns))
    return {"text": found.text, "values": dict(found.values), "origins": _numbered(origins)}


def fill(source: str | None = None, text: str | None = None) -> dict[str, Any]:
    """A spec with every default written out, and what was added where."""
    import pandas as pd

    from zoo.spec.tools.fill import fill_text

    given, inline = one_source(source, text)
    found = fill_text(Source(_INLINE, given)) if inline else zoo.fill(given)
    rows = [
        (item.head, item.span.file, item.span.line, name, emit.flow(value))
        for item in found.added
        for name, value in item.values.items()
    ]
    added = pd.DataFrame(rows, columns=["class", "file", "line", "argument", "value"])
    return {"text": found.text, "added": _numbered(added)}


def diff(a: Any, b: Any) -> dict[str, Any]:
    """What changed from one spec to another, by meaning; each a name, a path or a Spec."""
    import pandas as pd

    found = zoo.diff(a, b)
    rows = [
        (
            item.kind,
            item.path,
            None if item.before is None else emit.flow(item.before),
            None if item.after is None else emit.flow(item.after),
            item.old and item.old.line,
            item.new and item.new.line,
        )
        for item in found.changes
    ]
    names = ["kind", "path", "before", "after", "old_line", "new_line"]
    changes = pd.DataFrame(rows, columns=names, dtype=object)
    changes[names[4:]] = changes[names[4:]].astype("float64")
    return {
        "same": bool(found.same),
        "changes": changes,
        "text": str(found),
        "weights": found.weights(),
    }


def new(
    data: str = "orderbook",
    called: str = "my_model",
    inputs: str | list[str] | None = None,
    outputs: str | list[str] | None = None,
) -> str:
    """The text of a first spec."""
    return zoo.new(data, name=called, inputs=_listed(inputs), outputs=_listed(outputs))


def fmt(text: str, file: str = _INLINE) -> str:
    """A spec's text in the house layout."""
    from zoo.spec.tools.fmt import format_text

    return format_text(text, file)


def schema() -> str:
    """The JSON Schema of the spec language."""
    from zoo.spec.tools.schema import text

    return text()


def _listed(value: str | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else list(value or [])


def _numbered(frame: Any) -> Any:
    """Lines and columns as doubles: some are not known."""
    for name in ("line", "column"):
        if name in frame:
            frame[name] = frame[name].astype("float64")
    return frame
