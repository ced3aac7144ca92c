"""``zoo predict``: a bundle's predictions for a file, as CSV or Parquet."""

from __future__ import annotations

import sys
from typing import Any

import click

import zoo
from zoo.build.tensorflow_start import load_keras_quietly
from zoo.cli import options
from zoo.errors import TrainError


@click.command()
@options.bundle
@click.option(
    "--data",
    metavar="FILE",
    type=click.Path(),
    help="Data file, or of order books a folder or quoted pattern; no labels needed. "
    "Default: the test part of the spec's own source",
)
@click.option(
    "--out",
    metavar="FILE",
    type=options.OUT_FILE,
    default="-",
    help="CSV file, or Parquet where its name ends in .parquet. Default: standard output, as CSV",
)
@click.option(
    "--forecast",
    metavar="N",
    type=click.IntRange(min=1),
    help="Instead: the N rows after the last one, each predicted from those before it.",
)
@click.option(
    "--known",
    metavar="FILE",
    type=click.Path(),
    help="With --forecast: columns whose coming values are known, CSV or Parquet, a row for each to come.",
)
@click.option(
    "--engine",
    type=click.Choice(["onnxruntime", "xla", "keras"]),
    help="What computes. Default: of 10,000 windows and more the fastest that is here and agrees with Keras "
    "to 1e-5, of fewer Keras",
)
def predict(
    bundle: str, data: str | None, out: str, forecast: int | None, known: str | None, engine: str | None
) -> None:
    """Predict every window of a file; or what comes after its last row.

    One line a window, named by the file's row at which the window ends, and by its time and group in a table;
    rows count from 1, the first below the header. Classes come as a probability each and the likeliest one's
    name; numbers of a table in the unit of their column, those of several steps as COLUMN_1, COLUMN_2, …
    A file is written some windows after another: of a book on disk (`data.store`) never all are in memory.

    With --forecast, a model of a table that predicts the columns it reads goes on freely after the last row
    of each group: nothing corrects it on the way, and errors grow. Columns that it reads and does not
    predict, such as a price list, come from --known; the calendar goes on by itself.

    Example: zoo predict runs/hrnn_lob/hrnn_lob.zoo --data today.csv.gz --out predictions.csv
    """
    if known is not None and forecast is None:
        raise click.UsageError("--known goes with --forecast N: predictions of rows that are there need none")
    if engine is not None and forecast is not None:
        raise click.UsageError(
            "--engine goes with predictions of rows that are there; a forecast is Keras's own"
        )
    load_keras_quietly()
    run = zoo.open(bundle)
    if data is not None:
        _check_reads_files(run, bundle)
    from zoo.train.prediction_file import check_other, check_out, write_frames

    target = sys.stdout if out == "-" else out
    check_out(target)
    if forecast is None:
        lines = run.predict_file(target, data, engine=engine)
    else:
        check_other(target, data)
        check_other(target, known)
        lines = write_frames([run.forecast(forecast, data, known=known)], target)
    if out != "-":
        click.echo(f"{lines:,} predictions are in {out}", err=True)


def _check_reads_files(run: Any, bundle: str) -> None:
    if run.pipeline is None or not run.pipeline.reads_files:
        raise TrainError(
            f"{bundle} was trained on arrays and knows no way from a file to its inputs",
            help="in Python: zoo.open(path).predict(x)",
            code="predict.arrays",
        )
