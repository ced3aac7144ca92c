"""The zoo seen from R: the list, a page, a check, a spec with parameters."""

from __future__ import annotations

from functools import partial
from typing import Any

import zoo
from r_bridge.errors import RArgumentError
from r_bridge.handles import HANDLES
from r_bridge.wording import in_r_words
from zoo.errors import ZooError

_NUMBERS = ("parameters", "published", "flops")


def list_models(query: str = "", tag: str | list[str] | None = None, **filters: Any) -> Any:
    """The catalogue as a frame; tags, inputs and outputs joined by commas."""
    import pandas as pd

    entries = zoo.list_models(query, tag, **filters)
    columns: dict[str, list[Any]] = {
        "name": [entry.name for entry in entries],
        "kind": [entry.kind for entry in entries],
        **{name: [getattr(entry, name) for entry in entries] for name in _NUMBERS},
        "about": [entry.about for entry in entries],
        "tags": [", ".join(entry.tags) for entry in entries],
        "folder": [entry.folder for entry in entries],
        "inputs": [_shapes(entry.inputs) for entry in entries],
        "outputs": [_shapes(entry.outputs) for entry in entries],
    }
    frame = pd.DataFrame(columns, dtype=object)
    # pandas' own numbers, since what is not known is NA in R and not NaN.
    return frame.astype(dict.fromkeys(_NUMBERS, "Float64"))


def _shapes(tensors: Any) -> str:
    return ", ".join(
        item["name"] if item["shape"] is None else f"{item['name']} ({shape_text(item['shape'])})"
        for item in tensors
    )


def card(
    source: str | None = None,
    text: str | None = None,
    params: dict[str, Any] | None = None,
    width: int = 80,
    plain: bool = False,
) -> dict[str, Any]:
    """The card of a spec: its fields, and the lines R prints."""
    from zoo.spec.tools.card_text import page
    from zoo.spec.tools.draw import plainly

    given, inline = one_source(source, text)
    found = zoo.card(zoo.loads(given) if inline else given, **(params or {}))
    shown = page(found, max(int(width), 40), say=partial(in_r_words, of_spec=True))
    fields = found.to_dict()
    return {
        **{name: value for name, value in fields.items() if name not in ("text", "picture")},
        "bibtex": found.bibtex() if found.cite else "",
        "yaml": fields["text"],
        "page": (plainly(shown) if plain else shown).split("\n"),
    }


def one_source(source: str | None, text: str | None) -> tuple[str, bool]:
    """The spec to read and whether it is inline text."""
    if (source is None) == (text is None):
        raise RArgumentError(
            "give a name or path, or `text`, and not both",
            help='zoo_spec("hrnn_lob"), zoo_spec("my.yaml") or zoo_spec(text = "spec: 1 ...")',
            code="argument.source",
        )
    return (str(source), False) if text is None else (_joined(text), True)


def _joined(text: str | list[str]) -> str:
    # readLines() gives one text a line.
    return text if isinstance(text, str) else "\n".join(text)


def load_spec(source: str | None, text: str | None, params: dict[str, Any] | None) -> Any:
    """A spec by name, path or text, with parameter overrides."""
    given, inline = one_source(source, text)
    return (zoo.loads if inline else zoo.load)(given, **(params or {}))


def load(source: str | None = None, text: str | None = None, params: dict[str, Any] | None = None) -> Any:
    """A spec for R: a handle, and what R prints of it."""
    return spec_for_r(load_spec(source, text, params))


def spec_for_r(spec: Any) -> dict[str, Any]:
    """A handle for a spec, and what R prints of it."""
    return {
        "handle": HANDLES.keep(spec, "spec"),
        "name": spec.name,
        "about": spec.about or "",
        "params": dict(spec.params),
        "inputs": {name: shape_text(item.shape) for name, item in spec.inputs.items()},
        "outputs": list(spec.outputs),
        "yaml": spec.to_yaml(),
    }


def shape_text(shape: Any) -> str:
    """A shape as R users write dimensions, with ``?`` for an unknown size."""
    return " x ".join("?" if size is None else str(size) for size in shape) or "one number"


def check(source: str | None = None, text: str | None = None) -> dict[str, Any]:
    """Every finding about a spec: whether it is fit to build, the rendered text, one row a finding."""
    given, inline = one_source(source, text)
    report = zoo.check_text(given) if inline else zoo.check(given)
    return {
        "ok": bool(report.ok),
        "text": in_r_words(str(report), of_spec=True),
        "diagnostics": diagnostics_frame(report.diagnostics),
    }


def rule(code: str) -> str:
    """The page of a diagnostic's code."""
    from zoo.spec import rules
    from zoo.spec.suggest import did_you_mean

    if code.upper() not in rules.codes():
        known = ", ".join(rules.codes())
        raise ZooError(
            f"no rule has the code `{code}`",
            help=did_you_mean(code, rules.codes()) or f"the codes are {known}",
            code="rule.unknown",
        )
    return in_r_words(rules.page(code), of_spec=True)


def diagnostics_frame(diagnostics: Any) -> Any:
    """Diagnostics as a frame with the columns of DESIGN's JSON format, one row each."""
    import pandas as pd

    columns = ["code", "level", "message", "file", "line", "column", "end_line", "end_column", "help"]
    rows = [{column: item.to_dict()[column] for column in columns} for item in diagnostics]
    for row in rows:
        row["help"] = in_r_words(row["help"], of_spec=True)
    frame = pd.DataFrame(rows, columns=columns)
    for column in ("line", "column", "end_line", "end_column"):
        frame[column] = frame[column].astype("float64")
    return frame
