"""``zoo plot``: the graph of a spec as a picture."""

from __future__ import annotations

from typing import Any

import click

import zoo
from zoo.cli import options


@click.command()
@options.spec
@click.option("--out", metavar="FILE", type=click.Path(), help="SVG or PNG, by its ending. Default: NAME.svg")
@options.sets
def plot(spec: str, out: str | None, params: dict[str, Any]) -> None:
    """Draw the graph of a spec.

    Example: zoo plot hrnn_lob --out hrnn_lob.png
    """
    loaded = zoo.load(spec, **params)
    path = out or f"{loaded.name}.svg"
    zoo.plot(loaded, path)
    click.echo(path)
