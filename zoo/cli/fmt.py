"""``zoo fmt``: one layout for every spec."""

from __future__ import annotations

import difflib
import sys

import click

from zoo.cli import options
from zoo.cli.validate import matches
from zoo.errors import SpecError, ZooError


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--check", is_flag=True, help="Write nothing; exit status 1 when a file would change.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
def fmt(files: tuple[str, ...], check: bool, diff: bool) -> int:
    """Lay specs out in the house style.

    Only blanks, line breaks and braces change: comments stay, and what a spec says never changes. FILE may
    be a pattern; `-` reads standard input and writes to standard output.

    Example: zoo fmt 'specs/**/*.yaml' --check
    """
    failed = changed = 0
    for file in (name for pattern in files for name in matches(pattern)):
        try:
            changed += _one(file, check, diff)
        except SpecError as error:
            failed += 1
            click.echo(options.report_text(error.report), err=True)
        except ZooError as error:
            failed += 1
            click.echo(f"error: {error}", err=True)
    return 1 if failed or (changed and check) else 0


def _one(file: str, check: bool, diff: bool) -> bool:
    """Lays one file out; whether that changed it."""
    from pathlib import Path

    from zoo.spec import catalogue
    from zoo.spec.check import Report
    from zoo.spec.tools.files import write
    from zoo.spec.tools.fmt import format_text

    if file == "-":
        text = sys.stdin.read()
        click.echo(format_text(text, "<stdin>"), nl=False)
        return False
    path = Path(file)
    if not path.is_file():
        raise ZooError(f"there is no file {file}", help="`zoo fmt` takes paths", code="spec.missing")
    source, problem = catalogue.read(path)
    if problem is not None:
        raise SpecError(Report((problem,), {source.file: ""}, source.file))  # type: ignore[arg-type]
    done = format_text(source.text, file)
    if done.encode() == path.read_bytes():
        return False
    if diff:
        lines = difflib.unified_diff(
            source.text.splitlines(), done.splitlines(), file, file, lineterm="", n=1
        )
        click.echo("\n".join(lines))
    elif check:
        click.echo(f"{file}: would change")
    else:
        write(path, done)
        click.echo(f"{file}: laid out")
    return True
