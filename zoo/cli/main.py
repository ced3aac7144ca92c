"""The command ``zoo``: one module a command, and one place where errors become exit statuses.

Exit status: 0, 1 (a diagnostic or a failed job), 2 (usage), 130 (Ctrl-C). Of ``zoo audit`` 1 is a leak and
nothing else: what keeps it from looking is 2.
"""

from __future__ import annotations

import os
import sys

import click

from zoo.cli.audit import audit
from zoo.cli.catalogue import list_, show
from zoo.cli.demo import demo
from zoo.cli.diff import diff
from zoo.cli.explain import explain
from zoo.cli.export import export
from zoo.cli.fill import fill
from zoo.cli.fmt import fmt
from zoo.cli.import_ import import_
from zoo.cli.new import new
from zoo.cli.options import say_error
from zoo.cli.plot import plot
from zoo.cli.predict import predict
from zoo.cli.r_install import r_install
from zoo.cli.resolve import resolve
from zoo.cli.schema import schema
from zoo.cli.sweep import sweep
from zoo.cli.train import evaluate, train
from zoo.cli.tune import tune
from zoo.cli.validate import rule, validate
from zoo.cli.walk_forward import walk_forward
from zoo.errors import ZooError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="speczoo", prog_name="zoo")
def cli() -> None:
    """Keras models as pages of text: read, check, train and share them.

    Example: zoo train hrnn_lob --epochs 3
    """


COMMANDS = (
    *(list_, show, new, validate, rule),
    *(fill, resolve, diff, fmt, schema, plot, import_),
    *(train, audit, evaluate, predict, explain, export, walk_forward, tune, sweep, demo, r_install),
)

for command in COMMANDS:
    cli.add_command(command)


def main(args: list[str] | None = None) -> int:
    """Run one command line, and return its exit status."""
    # TensorFlow's start-up notes go to the same terminal as the report; its errors still show.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        status = cli.main(args, prog_name="zoo", standalone_mode=False)
    except click.Abort:
        click.echo("interrupted", err=True)
        return 130
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (ZooError, OSError) as error:
        say_error(error)
        return 1
    return status if isinstance(status, int) else 0
