"""``zoo audit``: whether a model saw the future, measured."""

from __future__ import annotations

from typing import Any

import click

import zoo
from zoo.build.tensorflow_start import load_keras_quietly
from zoo.cli import options
from zoo.cli.own_code import function_of


@click.command()
@click.argument("what", metavar="NAME|FILE|BUNDLE")
@options.data
@click.option(
    "--checks",
    metavar="A,B",
    help="Some of batch, causality, pipeline, split, skill. Default: all. Only skill trains.",
)
@click.option("--epochs", type=click.IntRange(min=1), help="Of each training of skill. Default: 3")
@click.option(
    "--horizon", type=click.IntRange(min=0), help="Rows that labels look ahead, if the data do not say."
)
@click.option(
    "--features",
    metavar="FILE.py:FUNCTION",
    help="Try a function of your own, from the frame of --data to features: a row for each row.",
)
@click.option("--keep", metavar="A,B", help="Columns that stay as they are meanwhile, such as time.")
@click.option("--seed", type=click.IntRange(min=0), help="Of everything random. Default: 7")
@options.sets
@options.as_json
def audit(
    what: str,
    data: str | None,
    checks: str | None,
    epochs: int | None,
    horizon: int | None,
    features: str | None,
    keep: str | None,
    seed: int | None,
    params: dict[str, Any],
    as_json: bool,
) -> int:
    """Measure whether a model saw the future: change what it must not see, and look what moves.

    \b
    batch      a window's output as the other windows of its batch change
    causality  an output's steps as the inputs after them change
    pipeline   windows, labels and scalers as everything after a moment changes
    split      rows and label horizons that two parts share
    skill      a short training on labels that tell nothing: skill must not survive

    Each finding has its number, the layer or step it comes from, its rule (zoo rule CODE) and the fix. A leak
    that the spec allows with a reason is told, and is none. With --features the data are the
    function's, and pipeline tells of it alone.

    Exit status: 0 no leak; 1 a leak; 2 it could not look: a wrong option, a mistake in a spec, no such file.

    Example: zoo audit hrnn_lob --checks batch,pipeline,split
    """  # noqa: D301 - a raw text would have no \b for click
    if (features is None or data is None) and (features or keep):
        raise click.UsageError("--features and --keep are of a function that is tried on --data FILE")
    function = None if features is None else function_of(features)
    kept = [name.strip() for name in (keep or "").split(",") if name.strip()]
    load_keras_quietly()
    try:
        found = zoo.audit(
            what,
            data,
            checks=checks,
            epochs=epochs,
            horizon=horizon,
            seed=seed,
            features=function,
            keep=kept,
            params=params or None,
        )
    except (zoo.ZooError, OSError) as error:
        # A pipeline that stops on 1 stops on a leak, never on a mistyped name.
        options.say_error(error)
        return 2
    if as_json:
        options.print_json(found.to_dict())
    else:
        click.echo(str(found))
    return 0 if found.ok else 1
