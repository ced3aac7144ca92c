"""``zoo plot``: the graph of a spec as a picture."""

from __future__ import annotations

import os
import shutil
import sys
from typing import Any

import click

import zoo
from zoo.build.tensorflow_start import load_keras_quietly
from zoo.cli import options

_ENDINGS = {"svg": "svg", "png": "png", "pdf": "pdf", "mermaid": "mmd"}


@click.command()
@options.spec
@click.option(
    "--out",
    metavar="FILE",
    type=options.OUT_FILE,
    help="SVG, PNG, PDF or .mmd by its ending. Default: NAME.svg",
)
@click.option(
    "--format", "form", type=click.Choice(["text", *_ENDINGS]), help="`text` draws in the terminal."
)
@click.option("--split", is_flag=True, help="Draw how its data are split, and the steps of its walk.")
@options.data
@options.sets
def plot(
    spec: str, out: str | None, form: str | None, split: bool, data: str | None, params: dict[str, Any]
) -> None:
    """Draw the graph of a spec, or with --split how it splits its data.

    Shapes stand on the edges; what shares weights is joined; submodels are drawn beside it. A split shows the
    parts that rows belong to and what becomes of windows: trained on, tested, purged, under embargo.

    Example: zoo plot hrnn_lob --format text
    """
    loaded = zoo.load(spec, **params)
    if split:
        _split(loaded, out, form, data)
        return
    if data is not None:
        raise click.UsageError("--data goes with --split: a graph is drawn without data")
    if form == "text":
        _in_the_terminal(loaded, out)
        return
    path = out or f"{loaded.name}.{_ENDINGS[form or 'svg']}"
    if form is not None and not path.lower().endswith(f".{_ENDINGS[form]}"):
        raise click.UsageError(f"--format {form} writes a .{_ENDINGS[form]} file, and --out names {path}")
    zoo.plot(loaded, path)
    click.echo(path)


def _split(spec: zoo.Spec, out: str | None, form: str | None, data: str | None) -> None:
    if form not in (None, "png", "svg", "pdf"):
        raise click.UsageError(f"--format {form} is for graphs; a split is drawn as png, svg or pdf")
    path = out or f"{spec.name}_split.{form or 'png'}"
    if form is not None and not path.lower().endswith(f".{form}"):
        raise click.UsageError(f"--format {form} writes a .{form} file, and --out names {path}")
    load_keras_quietly()
    zoo.plot_split(spec, path, data)
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
