"""``zoo validate`` and ``zoo rule``: what is wrong with a spec, and why it is wrong."""

from __future__ import annotations

import contextlib
import glob
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

import zoo
from zoo.cli import options
from zoo.errors import ZooError
from zoo.spec import Report, rules
from zoo.spec.suggest import did_you_mean


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "sarif"]), default="text", show_default=True
)
@click.option("--deep", is_flag=True, help="Build each model too, and tell what Keras says.")
@options.sets
def validate(files: tuple[str, ...], form: str, deep: bool, params: dict[str, Any]) -> int:
    """Check specs without building them.

    FILE may be a pattern, or the name of a model in the zoo. Exit status 1 when any has an error; warnings
    and notes alone leave it 0.

    Example: zoo validate 'specs/**/*.yaml' --format json
    """
    reports: dict[str, Report] = {}
    unread: list[ZooError] = []
    for pattern in files:
        try:
            reports |= {file: _check(file, deep, params) for file in matches(pattern)}
        except ZooError as error:
            unread.append(error)
    if form == "json":
        options.print_json([item for report in reports.values() for item in json.loads(report.to_json())])
    elif form == "sarif":
        from zoo.spec.tools.sarif import sarif

        options.print_json(sarif(reports.values(), zoo.__version__))
    else:
        for file, report in reports.items():
            click.echo(options.report_text(report) if report.diagnostics else f"{file}: ok")
    for failure in unread:
        click.echo(f"error: {failure}", err=True)
    return 0 if not unread and all(report.ok for report in reports.values()) else 1


def _check(file: str, deep: bool, params: Mapping[str, Any]) -> Report:
    report = zoo.check(file, **params)
    if not deep or not report.ok:
        return report  # Keras takes seconds to start, and could only say what is said already
    from zoo.build.tensorflow_start import load_keras_quietly

    load_keras_quietly()
    from zoo.build.deep import check_deep

    return check_deep(file, **params)


@click.command()
@click.argument("code")
@click.option("--example", is_flag=True, help="A bad spec, and what is said of it.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def rule(code: str, example: bool, form: str) -> None:
    """Explain the code of a diagnostic.

    What it catches, why that is bad, and what to write instead.

    Example: zoo rule G201 --example
    """
    if code.upper() not in rules.codes():
        raise ZooError(
            f"no rule has the code `{code}`",
            help=did_you_mean(code, rules.codes()) or f"the codes are {', '.join(rules.codes())}",
            code="rule.unknown",
        )
    if not example and form == "text":
        click.echo(rules.page(code))
    elif not example:
        options.print_json({"code": code.upper(), "page": rules.page(code)})
    else:
        _example(rules.example(code), form)


def _example(path: Path, form: str) -> None:
    """A bad spec and its report, under the file's own name."""
    with contextlib.chdir(path.parent):
        report = _check(path.name, path.name.startswith("K"), {})
    if form == "json":
        options.print_json(json.loads(report.to_json()))
        return
    click.echo(path.read_text("utf-8"))
    click.echo(options.report_text(report))


def matches(pattern: str) -> list[str]:
    """The files that a pattern names; anything else names itself."""
    # A shell without globs hands the pattern on; a file may have brackets in its name.
    if os.path.exists(pattern) or not glob.has_magic(pattern):
        return [pattern]
    found = sorted(glob.glob(pattern, recursive=True))
    if not found:
        raise ZooError(
            f"no file fits the pattern `{pattern}`", help="check the folder's name", code="spec.missing"
        )
    return found
