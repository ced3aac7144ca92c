"""``zoo train`` and ``zoo evaluate``: a run, and its report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

import zoo
from zoo.build.tensorflow_start import load_keras_quietly
from zoo.cli import options


@click.command()
@options.spec
@options.data
@options.sets
@options.epochs
@options.batch_size
@options.seed
@click.option("--class-weight", type=click.Choice(["balanced"]), help="Weigh rare classes up.")
@options.out("runs/NAME")
@options.resume
@options.overwrite
@options.plan
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
    resume: bool,
    overwrite: bool,
    plan: str,
    as_json: bool,
) -> None:
    """Train a model and report on it.

    The report is on the test part, beside the baselines. Ctrl-C keeps the best weights so far in the run's
    folder. Whatever ends it early, --resume goes on after the last finished epoch, to the same weights as if
    it had never been broken off.

    Example: zoo train hrnn_lob --data book.csv.gz --set row_units=64 --epochs 3 --seed 1
    """
    loaded = zoo.load(spec, **params)
    load_keras_quietly()
    from zoo.train.run import PROGRESS

    folder = options.folder_of(out, loaded.name, PROGRESS, resume=resume, overwrite=overwrite)
    try:
        run = zoo.train(
            loaded,
            data,
            epochs=epochs,
            batch_size=batch_size,
            seed=seed,
            class_weight=class_weight,
            out=folder,
            resume=resume,
            overwrite=overwrite,
            plan=plan,
            verbose=0 if as_json else 1,
        )
    except KeyboardInterrupt:
        click.echo(_kept(Path(folder)), err=True)
        raise
    if as_json:
        report = {"name": loaded.name, "seed": run.seed, "out": folder, "history": run.history}
        options.print_json({**report, "evaluation": run.evaluation.to_dict() if run.evaluation else None})
        return
    if run.evaluation:
        click.echo(str(run.evaluation))
    click.echo(f"the run is in {folder}")


def _kept(folder: Path) -> str:
    """What Ctrl-C has left, in words."""
    history = folder / "history.csv"
    # A line below its heading is an epoch.
    if history.is_file() and len(history.read_text(encoding="utf-8").splitlines()) > 1:
        return f"the best weights of the finished epochs are in {folder}; --resume goes on from there"
    return f"no epoch was finished; see {folder}" if folder.exists() else "no epoch was finished"


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
