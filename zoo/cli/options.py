"""Arguments that several commands share, and how they print for programs."""

from __future__ import annotations

import json
import os
import shutil
import sys
import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from zoo.cli.wording import in_shell_words
from zoo.errors import Diagnostic, SpecError, ZooError
from zoo.files import check_file, check_folder
from zoo.spec import Report, scalars
from zoo.spec.nodes import plain
from zoo.spec.render import render
from zoo.spec.source import Source, parse


def _parameters(_context: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for text in given:
        if text.startswith("@"):
            values |= _named(text)
            continue
        name, equals, value = (part.strip() for part in text.partition("="))
        if not equals or not name:
            raise click.BadParameter(f"`{text}` is not of the form PARAM=VALUE, as in --set row_units=64")
        values[name] = _file(value[1:]) if value.startswith("@") else _value(value)
    return values


def _named(text: str) -> dict[str, Any]:
    """The parameters of a file that is a map of them."""
    found = _file(text[1:])
    if not isinstance(found, dict):
        raise click.BadParameter(f"`{text}`: the file holds no map of parameters, {{NAME: value}}")
    return found


def _file(path: str) -> Any:
    """What a JSON or YAML file holds."""
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise click.BadParameter(f"`@{path}` cannot be read: {reason}") from None
    try:
        return json.loads(text)
    except ValueError:
        return _parsed(text, path)


def _value(text: str) -> Any:
    """What a spec would make of it: ``0.1`` a number, ``relu`` text, ``[16, 32]`` a list."""
    return _parsed(text, text) if text.startswith(("[", "{", '"', "'")) else scalars.parse(text)


def _parsed(text: str, shown: str) -> Any:
    found: list[Diagnostic] = []
    node = parse(Source("--set", text), found.append)
    if any(diagnostic.level == "error" for diagnostic in found):
        raise click.BadParameter(f"`{shown}`: {found[0].message}")
    return plain(node)


class _OutFile(click.Path):
    """A file that the command writes in the end: whether it can is asked before its work begins."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value != "-":
            self.check(value)
        return super().convert(value, param, ctx)

    def check(self, path: str) -> None:
        check_file(path)


class _OutTableOrFolder(_OutFile):
    """FILE.csv, or else a folder."""

    def check(self, path: str) -> None:
        (check_file if path.endswith(".csv") else check_folder)(path)


OUT_FILE, OUT_TABLE_OR_FOLDER = _OutFile(), _OutTableOrFolder()

_Command = TypeVar("_Command", bound=Callable[..., Any])

spec = click.argument("spec", metavar="NAME|FILE")
bundle = click.argument("bundle", metavar="BUNDLE", type=click.Path())
data = click.option(
    "--data",
    metavar="FILE",
    type=click.Path(),
    help="Data file, or of order books a folder or quoted pattern; else the spec's own source.",
)
sets = click.option(
    "--set", "params", metavar="PARAM=VALUE", multiple=True, callback=_parameters,
    help="Change a parameter of the spec; may be given more than once. PARAM=@FILE takes the value, "
    "@FILE several parameters, from a JSON or YAML file.",
)  # fmt: skip
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
epochs = click.option(
    "--epochs", type=click.IntRange(min=0), help="Passes over the training part; else the spec's."
)
batch_size = click.option(
    "--batch-size", type=click.IntRange(min=1), help="Windows in a step; else the spec's."
)
seed = click.option(
    "--seed", type=click.IntRange(min=0), help="The same seed gives the same run; else the spec's."
)
resume = click.option("--resume", is_flag=True, help="Go on with the unfinished run in the folder.")
overwrite = click.option(
    "--overwrite", is_flag=True, help="Begin another run in the folder, whatever it holds."
)
workers = click.option(
    "--workers", type=click.IntRange(min=1), default=1, help="Processes that share the work. Default: 1"
)

plan = click.option(
    "--plan",
    type=click.Choice(["auto", "off", "measure"]),
    default="auto",
    help="How steps are run: auto, a minute or more the fastest way measured here; off, Keras's own; "
    "measure, anew. `zoo show NAME --plan` explains.",
)


def out(default: str) -> Callable[[_Command], _Command]:
    """The folder of a run; ``default`` is where it goes when nobody says."""
    return click.option(
        "--out",
        metavar="DIR",
        type=click.Path(),
        help=f"Folder of the run. Default: {default}, or {default}-2, … where that holds a run.",
    )


def folder_of(given: str | None, name: str, progress: Sequence[str], *, resume: bool, overwrite: bool) -> str:
    """The folder of a run: the one that is given, else one below ``runs`` where nothing is lost.

    Args:
        given: by the user, or None.
        name: of the run.
        progress: what the command keeps in its folder until the run is finished.
        resume, overwrite: as the command has them.
    """
    from zoo.train.runs.claim import default_folder

    first = f"runs/{name}"
    if given or overwrite:
        return given or first
    folder = str(default_folder(name, progress, resume=resume))
    if folder != first and not resume:
        click.echo(f"{first} holds a run, so this one goes to {folder}", err=True)
    return folder


def report_text(report: Report) -> str:
    """A report for a person; click takes the colours out again where no terminal reads it."""
    terminal = sys.stdout.isatty() or "COLUMNS" in os.environ
    width = shutil.get_terminal_size().columns if terminal else None
    return render(report, colour="NO_COLOR" not in os.environ, width=width)


def say_error(error: ZooError | OSError) -> None:
    """What went wrong, on standard error: a spec's report, a message with its help, or the system's."""
    if isinstance(error, SpecError):
        click.echo(report_text(error.report), err=True)
    elif isinstance(error, ZooError):
        click.echo(f"error: {in_shell_words(str(error))}", err=True)
    else:
        where = f": {error.filename}" if error.filename else ""
        click.echo(f"error: {error.strerror or error}{where}", err=True)


def place(file: str, line: int) -> str:
    """A place as an editor finds it: the path from here where it is not above us."""
    path = os.path.relpath(file) if os.path.isabs(file) else file
    return f"{file if path.startswith('..') else path}:{line}" if line else file


def paragraph(text: str, indent: str = "    ") -> None:
    """Print a text wrapped to the terminal, hanging under its first line."""
    columns = min(shutil.get_terminal_size().columns, 110)
    click.echo(textwrap.fill(text, max(columns, 20), initial_indent=indent, subsequent_indent=indent + "  ",
                             break_long_words=False, break_on_hyphens=False))  # fmt: skip


def print_json(value: Any) -> None:
    """Print plain values as JSON; what JSON has no word for (NaN, infinity) becomes null."""
    click.echo(json.dumps(_finite(value), indent=2, ensure_ascii=False, default=str))


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and (value != value or abs(value) == float("inf")) else value
