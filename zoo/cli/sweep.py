"""``zoo sweep``: the score of a spec against the values of one parameter."""

from __future__ import annotations

from typing import Any

import click

import zoo
from zoo.build.tensorflow_start import load_keras_quietly
from zoo.cli import options


def _over(_context: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for text in given:
        name, equals, values = (part.strip() for part in text.partition("="))
        if not equals or not name or not values:
            raise click.BadParameter(
                f"`{text}` is not of the form PARAM=VALUES, as in --over batch_size=1..24"
            )
        found[name] = values
    return found


@click.command()
@options.spec
@options.data
@options.sets
@click.option(
    "--over", metavar="PARAM=VALUES", multiple=True, required=True, callback=_over,
    help="As units=8,16,32, batch_size=1..24 or epochs=1..9..2; a parameter of the spec, batch_size, epochs "
    "or learning_rate. May be given more than once.",
)  # fmt: skip
@click.option("--score", metavar="SCORE", help="Of the validation part, or walk_forward. Default: val_loss")
@click.option("--seeds", type=click.IntRange(min=1), default=1, help="Trainings for each value. Default: 1")
@options.epochs
@options.batch_size
@options.seed
@click.option("--out", metavar="DIR", type=click.Path(), help="Folder of the sweep. Default: runs/NAME-sweep")
@options.workers
@options.plan
@options.as_json
def sweep(
    spec: str, data: str | None, params: dict[str, Any], out: str | None, as_json: bool, **settings: Any
) -> None:
    """Score a spec against the values of one parameter.

    What was done before is not done again: a sweep that was broken off goes on, and a longer one does only
    what is new. The folder holds the table (sweep.csv) and a picture for each parameter.

    Example: zoo sweep lstm_stateless --over batch_size=1..24 --score walk_forward --seeds 3
    """
    loaded = zoo.load(spec, **params)
    folder = out or f"runs/{loaded.name}-sweep"
    load_keras_quietly()
    try:
        swept = zoo.sweep(loaded, data, out=folder, verbose=0 if as_json else 1, **settings)
    except KeyboardInterrupt:
        click.echo(f"what is finished is in {folder}; the same command goes on from there", err=True)
        raise
    if as_json:
        report = {"name": swept.name, "score": swept.score, "out": folder, "best": swept.best}
        options.print_json({**report, "trainings": swept.frame.to_dict("records")})
        return
    click.echo(str(swept))
    click.echo(f"the sweep is in {folder}")
