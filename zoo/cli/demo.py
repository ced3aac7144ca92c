"""``zoo demo``: the main job, from a page of text to a bundle that R can open."""

from __future__ import annotations

from pathlib import Path

import click

import zoo

SPEC = "hrnn_lob"
EPOCHS = 4  # enough to beat the baselines on the simulated book, and three minutes on two cores


@click.command()
@click.option(
    "--out", metavar="DIR", type=click.Path(), default="demo", show_default=True, help="Folder to write."
)
@click.option("--epochs", type=click.IntRange(min=1), default=EPOCHS, show_default=True)
def demo(out: str, epochs: int) -> None:
    """Do the main job once, on a simulated book.

    Trains the hierarchical RNN on a simulated order book, reports on it beside its baselines, and writes
    pictures of the graph and of the history, and a bundle that Python and R open.

    Example: zoo demo --out demo
    """
    spec = zoo.load(SPEC)
    click.echo(f"{spec.name}: {spec.about}")
    click.echo("no file was given: the order book is simulated\n")
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    for ending in ("svg", "png"):
        zoo.plot(spec, folder / f"graph.{ending}")
    run = zoo.train(spec, epochs=epochs, out=folder, verbose=1)
    click.echo(f"\n{run.evaluation}\n")
    click.echo("written:")
    for file in sorted(folder.iterdir()):
        click.echo(f"  {file}")
