"""``zoo train`` and ``zoo evaluate``: a run, and its report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

import zoo
from zoo.build.tensorflow_log import load_keras_quietly
from zoo.cli import options


@click.command()
@options.spec
@options.data
@options.sets
@click.option("--epochs", type=click.IntRange(min=0), help="Passes over the training part; else the spec's.")
@click.option("--batch-size", type=click.IntRange(min=1), help="Windows in a step; else the spec's.")
@click.option("--seed", type=click.IntRange(min=0), help="The same seed gives the same run; else the spec's.")
@click.option("--class-weight", type=click.Choice(["balanced"]), help="Weigh rare classes up.")
@click.option("--out", metavar="DIR", type=click.Path(), help="Folder of the run. Default: runs/NAME")
@options.as_json
def train(
    spec: str,
    data: str | None,
    params: dict[str, Any],
    epochs: int | None,
    batch_size: int | None,
    seed: int | None,
    class_weight: str | None,
    out: str | None,
    as_json: bool,
) -> None:
    """Train a model and report on it.

    The report is on the test part, beside the baselines. Ctrl-C keeps the best weights so far in the run's
    folder.

    Example: zoo train hrnn_lob --data book.csv.gz --set row_units=64 --epochs 3 --seed 1
    """
    loaded = zoo.load(spec, **params)
    folder = out or f"runs/{loaded.name}"
    load_keras_quietly()
    try:
        run = zoo.train(
            loaded,
            data,
            epochs=epochs,
            batch_size=batch_size,
            seed=seed,
            class_weight=class_weight,
            out=folder,
            verbose=0 if as_json else 1,
        )
    except KeyboardInterrupt:
        kept = (
            "the best weights of the finished epochs are in"
            if _has_epochs(folder)
            else "no epoch was finished; see"
        )
        click.echo(f"{kept} {folder}", err=True)
        raise
    if as_json:
        report = {"name": loaded.name, "seed": run.seed, "out": folder, "history": run.history}
        options.print_json({**report, "evaluation": run.evaluation.to_dict() if run.evaluation else None})
        return
    if run.evaluation:
        click.echo(str(run.evaluation))
    click.echo(f"the run is in {folder}")


def _has_epochs(folder: str) -> bool:
    """Whether a run's history has a line below its heading."""
    history = Path(folder) / "history.csv"
    return history.is_file() and len(history.read_text(encoding="utf-8").splitlines()) > 1


@click.command()
@options.bundle
@options.data
@options.as_json
def evaluate(bundle: str, data: str | None, as_json: bool) -> None:
    """Report on a bundle beside its baselines.

    Data that the bundle was trained on is judged on its test part alone, other data on all of it.

    Example: zoo evaluate runs/hrnn_lob/hrnn_lob.zoo --data next_week.csv.gz
    """
    load_keras_quietly()
    evaluation = zoo.open(bundle).evaluate(data)
    if as_json:
        options.print_json(evaluation.to_dict())
    else:
        click.echo(str(evaluation))
