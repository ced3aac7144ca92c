"""``zoo fill``: a spec with all its defaults written out."""

from __future__ import annotations

import json

import click

from zoo.cli import options


@click.command()
@options.spec
@click.option("--diff", is_flag=True, help="Show only what was added, with its place.")
@click.option("--out", metavar="FILE", type=options.OUT_FILE, help="Write to a file instead of the terminal.")
@options.as_json
def fill(spec: str, diff: bool, out: str | None, as_json: bool) -> None:
    """Write out every default of a spec.

    The text keeps its comments; the result means the same. What it extends or uses stays where it is.

    Example: zoo fill hrnn_lob --diff
    """
    from zoo.spec import emit
    from zoo.spec.tools.files import write
    from zoo.spec.tools.fill import fill as filled

    found = filled(spec)
    if out is not None:
        write(out, found.text)
        click.echo(out)
    elif as_json:
        added = [
            {"head": item.head, "line": item.span.line, "values": dict(item.values)} for item in found.added
        ]
        options.print_json(json.loads(json.dumps({"text": found.text, "added": added}, default=str)))
    elif diff:
        for item in found.added:
            click.secho(f"{options.place(item.span.file, item.span.line)}: {item.head}", bold=True)
            options.paragraph(
                "+ " + ", ".join(f"{name}: {emit.flow(value)}" for name, value in item.values.items())
            )
    else:
        click.echo(found.text, nl=False)
