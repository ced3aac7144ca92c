"""``zoo r-install``: the R package, installed from the wheel's own copy."""

from __future__ import annotations

import click


@click.command("r-install")
@click.option("--if-changed", is_flag=True, help="Do nothing when these sources are installed already.")
@click.option("--verbose", is_flag=True, help="Show what R CMD INSTALL says.")
def r_install(if_changed: bool, verbose: bool) -> None:
    """Install the R package speczoo.

    It remembers this Python, and library(speczoo) starts it from any folder.

    Example: zoo r-install && Rscript -e 'speczoo::zoo_list()'
    """
    from r_bridge.install import install

    click.echo(f"The R package speczoo is in {install(if_changed=if_changed, verbose=verbose)}")
