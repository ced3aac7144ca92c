"""``zoo tune``: search the space that a spec's parameters have."""

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
@click.option("--trials", type=click.IntRange(min=1), help="How many. Default: 20, or all of a grid.")
@click.option("--sampler", type=click.Choice(["random", "tpe", "grid"]), help="Who proposes. Default: random")
@click.option(
    "--prune",
    type=click.Choice(["none", "median", "hyperband"]),
    help="Who ends a trial that promises nothing.",
)
@click.option(
    "--objective", metavar="SCORE", help="Of the validation part, as val_macro_f1. Default: val_loss"
)
@click.option("--seconds", type=float, help="After so many no further trial begins.")
@options.epochs
@options.batch_size
@options.seed
@options.out("runs/NAME-tune")
@options.resume
@options.overwrite
@options.workers
@options.plan
@options.as_json
def tune(
    spec: str,
    data: str | None,
    params: dict[str, Any],
    out: str | None,
    resume: bool,
    overwrite: bool,
    as_json: bool,
    **settings: Any,
) -> None:
    """Search the space that a spec's parameters have, and train the best.

    What is left out is as `training.tune` of the spec says; parameters given by --set are not searched. The
    folder holds the trials (trials.csv), what mattered, pictures, and the final run (best). Ctrl-C keeps the
    trials that are finished; --resume goes on.

    Example: zoo tune hrnn_lob --trials 20 --epochs 2 --objective val_macro_f1 --workers 2
    """
    loaded = zoo.load(spec, **params)
    load_keras_quietly()
    from zoo.train.search.tune import PROGRESS

    folder = options.folder_of(out, f"{loaded.name}-tune", PROGRESS, resume=resume, overwrite=overwrite)
    try:
        found = zoo.tune(
            loaded,
            data,
            out=folder,
            resume=resume,
            overwrite=overwrite,
            verbose=0 if as_json else 1,
            **settings,
        )
    except KeyboardInterrupt:
        best = "the best so far is best.yaml, " if (Path(folder) / "best.yaml").exists() else ""
        click.echo(f"{best}the finished trials are in {folder}; --resume goes on from there", err=True)
        raise
    run = found.run
    if as_json:
        report = {"name": found.name, "seed": found.seed, "out": folder, "objective": found.objective}
        best_found = {"best_value": found.best_value, "best_params": found.best_params}
        evaluation = run.evaluation.to_dict() if run and run.evaluation else None
        trials = found.frame.to_dict("records")
        options.print_json({**report, **best_found, "trials": trials, "evaluation": evaluation})
        return
    click.echo(str(found))
    if run and run.evaluation:
        click.echo(f"\n{run.evaluation}")
    click.echo(f"the search is in {folder}, its best model in {folder}/best")
