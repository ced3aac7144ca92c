"""``zoo plot``: the graph of a spec as a picture."""

from __future__ import annotations

import os
import shutil
import sys
from typing import Any

import click

import zoo
from zoo.cli import options

_ENDINGS = {"svg": "svg", "png": "png", "pdf": "pdf", "mermaid": "mmd"}


@click.command()
@options.spec
@click.option(
    "--out", metavar="FILE", type=click.Path(), help="SVG, PNG, PDF or .mmd by its ending. Default: NAME.svg"
)
@click.option(
    "--format", "form", type=click.Choice(["text", *_ENDINGS]), help="`text` draws in the terminal."
)
@options.sets
def plot(spec: str, out: str | None, form: str | None, params: dict[str, Any]) -> None:
    """Draw the graph of a spec.

    Shapes stand on the edges; what shares weights is joined; submodels are drawn beside it.

    Example: zoo plot hrnn_lob --format text
    """
    loaded = zoo.load(spec, **params)
    if form == "text":
        _in_the_terminal(loaded, out)
        return
    path = out or f"{loaded.name}.{_ENDINGS[form or 'svg']}"
    if form is not None and not path.lower().endswith(f".{_ENDINGS[form]}"):
        raise click.UsageError(f"--format {form} writes a .{_ENDINGS[form]} file, and --out names {path}")
    zoo.plot(loaded, path)
    click.echo(path)


def _in_the_terminal(spec: zoo.Spec, out: str | None) -> None:
    from zoo.spec.tools.draw import rails
    from zoo.spec.tools.files import write

    if out is not None:
        write(out, rails(spec, 10_000))
        click.echo(out)
        return
    narrow = shutil.get_terminal_size().columns if sys.stdout.isatty() or "COLUMNS" in os.environ else 10_000
    lines_fit = "utf" in (sys.stdout.encoding or "").lower()
    click.echo(rails(spec, narrow, ascii=not lines_fit), nl=False)
