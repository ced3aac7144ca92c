"""``zoo new``: a first spec."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from zoo.cli import options
from zoo.spec.tools.new import DEFAULT_INPUTS, DEFAULT_OUTPUTS, KINDS


@click.command()
@click.option("--data", "kind", type=click.Choice(KINDS), help="What the model reads.")
@click.option(
    "--inputs", metavar="NAME:SHAPE,...", help="Inputs with the shape of one sample, as in book:100x20."
)
@click.option(
    "--outputs", metavar="NAME[:N],...", help="Outputs: direction:3 is three classes, price a number."
)
@click.option("--name", help="The model's name. Default: my_model")
@click.option("--out", metavar="FILE", type=options.OUT_FILE, help="Where to write. Default: NAME.yaml")
@click.option("--force", is_flag=True, help="Overwrite the file if it is there.")
def new(
    kind: str | None, inputs: str | None, outputs: str | None, name: str | None, out: str | None, force: bool
) -> None:
    """Write a first spec, with comments.

    What no option gives is asked for on a terminal; anywhere else only --data must be given. The spec
    validates clean and is yours to change.

    Example: zoo new --data orderbook --name my_lob --outputs direction:3
    """
    from zoo.spec.tools.files import write
    from zoo.spec.tools.new import new as written

    asks = sys.stdin.isatty() and sys.stdout.isatty()
    if kind is None and not asks:
        raise click.UsageError(f"--data is needed where nobody can be asked: {', '.join(KINDS)}")
    kind = kind or click.prompt("Kind of data", type=click.Choice(KINDS), default=KINDS[0])
    if asks:
        name = name or click.prompt("Name of the model", default="my_model")
        inputs = inputs or click.prompt("Inputs, name:shape", default=DEFAULT_INPUTS[kind])
        outputs = outputs or click.prompt("Outputs, name:classes", default=DEFAULT_OUTPUTS[kind])
    name = name or "my_model"
    text = written(kind, name=name, inputs=_split(inputs), outputs=_split(outputs))
    target = Path(out or f"{name}.yaml")
    write(target, _modeline(target) + text, over=force)
    click.echo(
        f"{target}\n  zoo validate {target}\n  zoo train {target}" if kind == "orderbook" else str(target)
    )


def _split(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


def _modeline(target: Path) -> str:
    """The line by which an editor finds the schema, where one is in the folder or above it."""
    from zoo.spec.tools.schema import modeline

    folder = target.resolve().parent
    for above in (folder, *list(folder.parents)[:3]):
        if (above / "zoo.schema.json").is_file():
            return modeline(folder, above / "zoo.schema.json")
    return ""
