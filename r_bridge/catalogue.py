"""The zoo seen from R: the list, a page, a check, a spec with parameters."""

from __future__ import annotations

from typing import Any

import zoo
from r_bridge.errors import RArgumentError
from r_bridge.handles import HANDLES
from r_bridge.wording import in_r_words
from zoo.errors import ZooError


def list_models(query: str = "", tag: str | None = None) -> Any:
    """The catalogue as a frame: name, about, tags (joined by commas)."""
    import pandas as pd

    cards = zoo.list_models(query=query, tag=tag)
    return pd.DataFrame(
        {
            "name": [card.name for card in cards],
            "about": [card.about for card in cards],
            "tags": [", ".join(card.tags) for card in cards],
        },
        dtype=object,
    )


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
    spec = load_spec(source, text, params)
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
        "text": in_r_words(str(report)),
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
    return in_r_words(rules.page(code))


def diagnostics_frame(diagnostics: Any) -> Any:
    """Diagnostics as a frame with the columns of DESIGN's JSON format, one row each."""
    import pandas as pd

    columns = ["code", "level", "message", "file", "line", "column", "end_line", "end_column", "help"]
    rows = [{column: item.to_dict()[column] for column in columns} for item in diagnostics]
    for row in rows:
        row["help"] = in_r_words(row["help"])
    frame = pd.DataFrame(rows, columns=columns)
    for column in ("line", "column", "end_line", "end_column"):
        frame[column] = frame[column].astype("float64")
    return frame
