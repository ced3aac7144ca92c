"""``zoo resolve``: a spec with nothing left to look up."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from zoo.cli import options


@click.command()
@options.spec
@click.option("--origin", is_flag=True, help="Show the file and line of every value.")
@click.option("--out", metavar="FILE", type=options.OUT_FILE, help="Write to a file instead of the terminal.")
@options.sets
@options.as_json
def resolve(spec: str, origin: bool, out: str | None, params: dict[str, Any], as_json: bool) -> None:
    """Evaluate parameters, merge `extends`, write out `use`.

    The result needs no other file and means the same.

    Example: zoo resolve hrnn_lob --set window=50 --origin
    """
    from zoo.spec import emit
    from zoo.spec.tools.files import write
    from zoo.spec.tools.resolve import resolve as resolved

    found = resolved(spec, **params)
    if out is not None:
        write(out, found.text)
        click.echo(out)
    elif as_json:
        options.print_json([asdict(item) for item in found.origins] if origin else found.values)
    elif origin:
        for item in found.origins:
            place = options.place(item.file, item.line)
            click.secho(place + (f"  {item.expression}" if item.expression else ""), dim=True)
            options.paragraph(f"{item.path}: {emit.flow(item.value)}")
    else:
        click.echo(found.text, nl=False)
