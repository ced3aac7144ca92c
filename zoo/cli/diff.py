"""``zoo diff``: what changed from one spec to another, by meaning."""

from __future__ import annotations

import click

from zoo.cli import options
from zoo.errors import Span, SpecError, ZooError


@click.command()
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@options.as_json
def diff(a: str, b: str, as_json: bool) -> int:
    """Compare two specs by meaning.

    Layers, arguments, edges, outputs, the recipe and the number of weights count; comments, layout, the
    spec's name and defaults written out do not. Exit status 0 when they mean the same, 1 when they differ,
    2 when one cannot be read.

    Example: zoo diff hrnn_lob my_hrnn_lob.yaml
    """
    from zoo.spec.tools.diff import diff as compared

    try:
        found = compared(a, b)
    except SpecError as error:
        click.echo(options.report_text(error.report), err=True)
        return 2
    except ZooError as error:
        click.echo(f"error: {error}", err=True)
        return 2
    if as_json:
        click.echo(found.to_json())
        return 0 if found.same else 1
    if found.same:
        click.echo(f"{a} and {b} mean the same")
    for change in found.changes:
        options.paragraph(str(change), indent="")
        places = " → ".join(_place(span) for span in (change.old, change.new) if span is not None)
        if places:
            click.secho(f"    {places}", dim=True)
    click.echo(found.weights())
    return 0 if found.same else 1


def _place(span: Span) -> str:
    return options.place(span.file, span.line)
