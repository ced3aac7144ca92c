"""``zoo list`` and ``zoo show``: what is in the zoo."""

from __future__ import annotations

import os
import re
import shutil
import sys
import textwrap
from collections.abc import Iterable
from typing import Any

import click

import zoo
from zoo.build.tensorflow_start import load_keras_quietly
from zoo.cli import options
from zoo.errors import ZooError
from zoo.spec.index import KINDS, SORTS, Entry, entries
from zoo.spec.suggest import did_you_mean

_NARROW = 72  # below it the table leaves out what goes in


@click.command("list")
@click.argument("query", default="")
@click.option(
    "--tag", "tags", metavar="TAG", multiple=True, help="Only models with this tag; may be repeated."
)
@click.option("--input", "kind", type=click.Choice(KINDS), help="Only models that take this.")
@click.option("--min-params", metavar="N", help="The fewest weights, such as 10k or 1.5M.")
@click.option("--max-params", metavar="N", help="The most weights.")
@click.option("--sort", type=click.Choice(SORTS), default="name", help="The order. Default: name.")
@options.as_json
def list_(
    query: str,
    tags: tuple[str, ...],
    kind: str | None,
    min_params: str | None,
    max_params: str | None,
    sort: str,
    as_json: bool,
) -> None:
    """List the models of the zoo.

    With QUERY, those whose name, description or tags have all its words.

    Example: zoo list attention --input orderbook --max-params 200k --sort params
    """
    try:
        found = zoo.list_models(
            query, tags, input=kind, min_params=min_params, max_params=max_params, sort=sort
        )
    except ZooError as error:
        if error.code != "list.size":
            raise
        raise click.UsageError(
            str(error).replace("min_params", "--min-params").replace("max_params", "--max-params")
        ) from None
    if as_json:
        options.print_json([entry.to_dict() for entry in found])
        return
    if not found:
        click.echo(_nothing(tags), err=True)
    for line in _table(found, shutil.get_terminal_size().columns):
        click.echo(_encodable(line))


def _nothing(tags: tuple[str, ...]) -> str:
    known = sorted({tag for entry in entries() for tag in entry.tags})
    unknown = [tag for tag in tags if tag not in known]
    if unknown:
        mend = did_you_mean(unknown[0], known) or "`zoo show NAME` names a model's tags"
        return f"no model has the tag `{unknown[0]}`\n  = help: {mend}"
    return "no model fits; `zoo list` alone shows all"


def _table(found: list[Entry], columns: int) -> list[str]:
    """One row a model: name, what goes in, weights, and as much of the description as fits."""
    if not found:
        return []
    rows = [("name", "input", "parameters", "what it is")]
    rows += [(entry.name, entry.kind, _count(entry.parameters), entry.about) for entry in found]
    wide = [max(len(row[at]) for row in rows) for at in range(3)]
    lines = []
    for name, kind, count, about in rows:
        head = f"{name:{wide[0]}}  "
        head += f"{kind:{wide[1]}}  " if columns >= _NARROW else ""
        head += f"{count:>{wide[2]}}  "
        lines.append((head + _trimmed(about, columns - len(head))).rstrip()[:columns])
    return [_bold(lines[0]), *lines[1:]]


def _count(count: int | None) -> str:
    return "?" if count is None else f"{count:,}"


def _trimmed(text: str, room: int) -> str:
    if len(text) <= room:
        return text
    whole = text[: max(room - 1, 0)]
    return (whole.rsplit(" ", 1)[0] if " " in whole else whole).rstrip(" ,;:.") + "…" if room > 1 else ""


def _wrapped(lines: Iterable[str]) -> str:
    """Lines no wider than the terminal, where there is one; what goes on stands below its beginning."""
    if not (sys.stdout.isatty() or "COLUMNS" in os.environ):
        return "\n".join(lines)
    width = shutil.get_terminal_size().columns
    return "\n".join(textwrap.fill(line, width, subsequent_indent=" " * 9) for line in lines)


def _bold(text: str) -> str:
    return text if "NO_COLOR" in os.environ else click.style(text, bold=True)


@click.command()
@options.spec
@options.sets
@click.option(
    "--text", "as_text", is_flag=True, help="Print the spec alone; `zoo resolve` also fills in its values."
)
@click.option("--cite", "as_bibtex", is_flag=True, help="Print its BibTeX entries.")
@click.option(
    "--plan",
    "as_plan",
    is_flag=True,
    help="Print which way of training it is the fastest here, by measurement; the first time takes a while.",
)
@options.as_json
def show(
    spec: str, params: dict[str, Any], as_text: bool, as_bibtex: bool, as_plan: bool, as_json: bool
) -> None:
    """Show one model on a page.

    What it is, its picture, parameters, inputs and outputs, recipe, data and source.

    Example: zoo show hrnn_lob --set row_units=64
    """
    if as_text + as_bibtex + (as_json or as_plan) > 1:
        raise click.UsageError("--text, --cite, --plan and --json are ways to print: give one")
    if as_text:
        text = zoo.load(spec, **params).to_yaml().rstrip()
        # the schema lies beside the zoo's own file, not beside a copy; `zoo schema --write` gives one
        click.echo(re.sub(r"\A# yaml-language-server:.*\n", "", text))
        return
    if as_plan:
        load_keras_quietly()
        plan = zoo.plan(spec, params=params)
        options.print_json(plan.to_dict()) if as_json else click.echo(_encodable(_wrapped(plan.lines())))
        return
    card = zoo.card(spec, **params)
    if as_json:
        options.print_json(card.to_dict())
    elif as_bibtex:
        if not card.cite:
            raise ZooError(
                f"{card.name} names nothing to cite",
                help="its source is at the end of `zoo show`; a spec names entries under `cite:`",
                code="card.cite",
            )
        click.echo(card.bibtex(), nl=False)
    else:
        click.echo(_page(card))


def _page(card: zoo.Card) -> str:
    from zoo.spec.tools.card_text import page

    return _encodable(page(card, min(shutil.get_terminal_size().columns, 110), _bold))


def _encodable(text: str) -> str:
    if "utf" in (sys.stdout.encoding or "").lower():
        return text
    from zoo.spec.tools.draw import plainly

    return plainly(text)
