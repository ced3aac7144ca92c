"""``zoo walk-forward``: train on the past, predict what comes next, go on."""

from __future__ import annotations

from typing import Any

import click

import zoo
from zoo.build.tensorflow_start import load_keras_quietly
from zoo.cli import options


@click.command("walk-forward")
@options.spec
@options.data
@options.sets
@click.option("--first", type=float, help="Windows before the first prediction, or a share of all of them.")
@click.option("--step", type=float, help="Windows that each step predicts, or a share.")
@click.option(
    "--window",
    type=click.Choice(["anchored", "sliding"]),
    help="Train on all that is past, or on the last `first` windows.",
)
@click.option(
    "--refit",
    type=click.Choice(["cold", "warm"]),
    help="A new model at each step, or one that is trained on.",
)
@options.epochs
@options.batch_size
@options.seed
@options.out("runs/NAME-walk")
@options.resume
@options.overwrite
@options.workers
@options.plan
@options.as_json
def walk_forward(
    spec: str,
    data: str | None,
    params: dict[str, Any],
    out: str | None,
    resume: bool,
    overwrite: bool,
    as_json: bool,
    **settings: Any,
) -> None:
    """Walk a model through time: train on the past, predict what comes next, go on.

    What is left out is as `training.walk_forward` of the spec says. The folder holds the predictions
    (walk.csv), the losses, the report and three plots. A walk that was broken off goes on with --resume.

    Example: zoo walk-forward lstm_stateless --first 1 --step 1 --refit warm
    """
    loaded = zoo.load(spec, **params)
    load_keras_quietly()
    from zoo.train.walk.forward import PROGRESS

    folder = options.folder_of(out, f"{loaded.name}-walk", PROGRESS, resume=resume, overwrite=overwrite)
    try:
        walk = zoo.walk_forward(
            loaded,
            data,
            out=folder,
            resume=resume,
            overwrite=overwrite,
            verbose=0 if as_json else 1,
            **settings,
        )
    except KeyboardInterrupt:
        click.echo(f"the finished steps are in {folder}; --resume goes on from there", err=True)
        raise
    if as_json:
        evaluation = walk.evaluation.to_dict()
        options.print_json(
            {
                "name": walk.name,
                "seed": walk.seed,
                "out": folder,
                "score": walk.score,
                "left_out": list(walk.left_out),
                "evaluation": evaluation,
            }
        )
        return
    click.echo(str(walk))
    click.echo(f"the walk is in {folder}")
