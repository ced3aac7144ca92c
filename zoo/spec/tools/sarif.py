"""Reports in SARIF 2.1.0, which code hosts and editors show at the lines."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from zoo.errors import Diagnostic, Span
from zoo.spec import rules
from zoo.spec.check import Report


def sarif(reports: Iterable[Report], version: str) -> dict[str, Any]:
    """One run of `zoo validate` over any number of specs.

    Args:
        reports: what the checks found.
        version: the version of speczoo.
    """
    found = [item for report in reports for item in report.diagnostics]
    codes = sorted({item.code for item in found})
    driver = {"name": "zoo", "version": version, "rules": [_rule(code) for code in codes]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(item, codes) for item in found],
    }
    return {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}


def _rule(code: str) -> dict[str, Any]:
    page = rules.page(code)
    title = page.partition("\n")[0].removeprefix(f"# {code}: ")
    return {
        "id": code,
        "shortDescription": {"text": title},
        "help": {"text": page, "markdown": page},
        "defaultConfiguration": {"level": rules.module(code).RULE.level},
    }


def _result(item: Diagnostic, codes: list[str]) -> dict[str, Any]:
    text = f"{item.message}\nhelp: {item.help}" if item.help else item.message
    found: dict[str, Any] = {
        "ruleId": item.code,
        "ruleIndex": codes.index(item.code),
        "level": item.level,
        "message": {"text": text},
        "locations": [_location(item.span)] if item.span else [],
    }
    if item.related:
        found["relatedLocations"] = [
            {"id": number, **_location(span), "message": {"text": label}}
            for number, (span, label) in enumerate(item.related)
        ]
    return found


def _location(span: Span) -> dict[str, Any]:
    region = {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(span.file)}, "region": region}}


def _uri(file: str) -> str:
    from urllib.parse import quote

    path = Path(file)
    if path.is_absolute():
        here = Path.cwd()
        if not path.is_relative_to(here):
            return path.as_uri()
        path = path.relative_to(here)
    return quote(path.as_posix())
