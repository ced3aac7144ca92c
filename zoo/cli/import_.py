"""``zoo import``: a saved Keras model as a spec."""

from __future__ import annotations

from pathlib import Path

import click

from zoo.cli import options
from zoo.errors import ZooError


@click.command("import")
@click.argument("file", type=click.Path())
@click.option(
    "--out", metavar="FILE", type=options.OUT_FILE, help="Write the spec to a file instead of the terminal."
)
@click.option(
    "--weights", metavar="FILE", type=options.OUT_FILE, help="Write the weights beside it, as safetensors."
)
@click.option("--force", is_flag=True, help="Replace files that are there.")
def import_(file: str, out: str | None, weights: str | None, force: bool) -> None:
    """Turn a .keras file into a spec.

    Reads the archive's configuration and runs nothing that is in it.

    Example: zoo import model.keras --out model.yaml --weights model.safetensors
    """
    from zoo.build.lift import archive
    from zoo.build.tensorflow_start import load_keras_quietly
    from zoo.spec.tools.files import write

    for target in (out, weights):
        if target is not None and Path(target).exists() and not force:
            raise ZooError(
                f"{target} is there already", help="name another file, or add --force", code="import.exists"
            )
    load_keras_quietly()
    spec = archive.read(file)
    if out is None:
        click.echo(spec.to_yaml(), nl=False)
    else:
        write(out, spec.to_yaml())
        click.echo(out)
    if weights is not None:
        from zoo.build.lift.weights import write as write_weights

        count = write_weights(file, weights)
        options.paragraph(f"{weights}: {count} arrays")
