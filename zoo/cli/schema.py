"""``zoo schema``: a JSON Schema of the language, for editors."""

from __future__ import annotations

import click

from zoo.cli import options


@click.command()
@click.option("--out", metavar="FILE", type=options.OUT_FILE, help="Write to a file instead of the terminal.")
def schema(out: str | None) -> None:
    """Print a JSON Schema of the spec language.

    An editor with yaml-language-server completes layers, arguments and choices by it, where a spec's first
    line names the file:

    \b
        # yaml-language-server: $schema=zoo.schema.json

    Example: zoo schema --out zoo.schema.json
    """  # noqa: D301 - a raw text would have no \b for click
    from zoo.spec.tools.files import write
    from zoo.spec.tools.schema import text

    if out is None:
        click.echo(text(), nl=False)
    else:
        write(out, text())
        click.echo(out)
