"""``zoo demo``: the main job, from a page of text to a bundle that R can open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

import zoo
from zoo.build.tensorflow_start import load_keras_quietly

EPOCHS = 5  # chosen, like the recipe below, on the validation part
# The zoo's hrnn_lob with a recipe for two cores and two minutes: more book, fewer overlapping windows.
SPEC = """
spec: 1
name: hrnn_lob
extends: hrnn_lob
data:
  source: {simulate: {snapshots: 40000}}
  window: {stride: 4}
training:
  optimizer: {Adam: 3e-3}
"""


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
    spec = zoo.loads(SPEC)
    click.echo(f"{spec.name}: {spec.about}")
    click.echo("no file was given: the order book is simulated\n")
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    for ending in ("svg", "png"):
        zoo.plot(spec, folder / f"graph.{ending}")
    load_keras_quietly()
    run = zoo.train(spec, epochs=epochs, out=folder, overwrite=True, verbose=1)
    click.echo(f"\n{run.evaluation}\n")
    _write_predictions(run, folder / "predictions.csv")
    click.echo("written:")
    for file in sorted(folder.iterdir()):
        click.echo(f"  {file}")


def _write_predictions(run: Any, file: Path) -> None:
    """The test part's predictions, one line a window, exact: R compares its own with them."""
    values = run.predict(part="test")
    lines = [",".join(f"p_{level}" for level in run.pipeline.class_names(next(iter(run.tasks))))]
    # Nine digits name a float32 and no other.
    lines += [",".join(f"{value:.9g}" for value in row) for row in values.tolist()]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
