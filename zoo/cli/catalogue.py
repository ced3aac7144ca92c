"""``zoo list`` and ``zoo show``: what is in the zoo."""

from __future__ import annotations

import shutil
import textwrap
from typing import Any

import click

import zoo
from zoo.cli import options


@click.command("list")
@click.argument("query", default="")
@click.option("--tag", help="Only models with this tag.")
@options.as_json
def list_(query: str, tag: str | None, as_json: bool) -> None:
    """List the models of the zoo.

    With QUERY, those whose name or description has it.

    Example: zoo list --tag orderbook
    """
    cards = zoo.list_models(query, tag=tag)
    if as_json:
        options.print_json(
            [{"name": card.name, "about": card.about, "tags": list(card.tags)} for card in cards]
        )
        return
    if not cards:
        click.echo("no model fits; `zoo list` alone shows all", err=True)
    width = max((len(card.name) for card in cards), default=0) + 2
    for card in cards:
        click.echo(_entry(card.name, card.about, width))


@click.command()
@options.spec
@options.sets
@options.as_json
def show(spec: str, params: dict[str, Any], as_json: bool) -> None:
    """Show one model on a screen.

    What it is, its parameters, inputs and outputs, and its text with all values filled in.

    Example: zoo show hrnn_lob --set row_units=64
    """
    loaded = zoo.load(spec, **params)
    inputs = {
        name: {"shape": list(item.shape), "dtype": item.dtype, "batch_size": item.batch_size}
        for name, item in loaded.inputs.items()
    }
    if as_json:
        options.print_json(
            {
                "name": loaded.name,
                "about": loaded.about,
                "tags": list(loaded.tags),
                "params": dict(loaded.params),
                "inputs": inputs,
                "outputs": list(loaded.outputs),
                "text": loaded.to_yaml(),
            }
        )
        return
    rows = {
        "about": loaded.about,
        "tags": ", ".join(loaded.tags),
        "params": ", ".join(f"{name} = {value}" for name, value in loaded.params.items()),
        "inputs": ", ".join(
            f"{name} ({_shape(item['shape'])}) {item['dtype']}" for name, item in inputs.items()
        ),
        "outputs": ", ".join(loaded.outputs),
    }
    click.secho(loaded.name, bold=True)
    for head, text in rows.items():
        if text:
            click.echo(_entry(f"  {head}", text, 11))
    click.echo()
    click.echo(loaded.to_yaml().rstrip())


def _shape(shape: Any) -> str:
    return " × ".join("any" if size is None else str(size) for size in shape)


def _entry(head: str, text: str, width: int) -> str:
    """A hanging paragraph: the head in its own column, the text wrapped to the terminal beside it."""
    columns = min(shutil.get_terminal_size().columns, 110)
    if columns - width < 20:
        return textwrap.fill(f"{head}  {text}", columns, subsequent_indent="    ")
    body = textwrap.fill(text, columns, initial_indent=" " * width, subsequent_indent=" " * width)
    return (head.ljust(width) + body[width:]).rstrip()
