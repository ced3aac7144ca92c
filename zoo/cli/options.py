"""Arguments that several commands share, and how they print for programs."""

from __future__ import annotations

import json
from typing import Any

import click

from zoo.spec import scalars


def _parameters(_context: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for text in given:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not equals or not name:
            raise click.BadParameter(f"`{text}` is not of the form PARAM=VALUE, as in --set row_units=64")
        values[name] = scalars.parse(value)
    return values


spec = click.argument("spec", metavar="NAME|FILE")
bundle = click.argument("bundle", metavar="BUNDLE", type=click.Path())
data = click.option(
    "--data", metavar="FILE", type=click.Path(), help="Order-book file; else the spec's own source."
)
sets = click.option(
    "--set", "params", metavar="PARAM=VALUE", multiple=True, callback=_parameters,
    help="Change a parameter of the spec; may be given more than once.",
)  # fmt: skip
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")


def print_json(value: Any) -> None:
    """Print plain values as JSON; what JSON has no word for (NaN, infinity) becomes null."""
    click.echo(json.dumps(_finite(value), indent=2, ensure_ascii=False, default=str))


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and (value != value or abs(value) == float("inf")) else value
