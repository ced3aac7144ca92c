"""``zoo predict``: a bundle's predictions for a file, as CSV."""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

import zoo
from zoo.build.tensorflow_log import load_keras_quietly
from zoo.cli import options
from zoo.errors import TrainError, ZooError

if TYPE_CHECKING:
    import numpy as np


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
    "--out", metavar="FILE", type=click.Path(), default="-", help="CSV file. Default: standard output"
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
def predict(bundle: str, data: str | None, out: str, forecast: int | None, known: str | None) -> None:
    """Predict every window of a file, as CSV; or what comes after its last row.

    One line a window, named by the file's row at which the window ends, and by its time and group in a table;
    rows count from 1, the first below the header. Classes come as a probability each and the likeliest one's
    name; numbers of a table in the unit of their column, those of several steps as COLUMN_1, COLUMN_2, …

    With --forecast, a model of a table that predicts the columns it reads goes on freely after the last row
    of each group: nothing corrects it on the way, and errors grow. Columns that it reads and does not
    predict, such as a price list, come from --known; the calendar goes on by itself.

    Example: zoo predict runs/hrnn_lob/hrnn_lob.zoo --data today.csv.gz --out predictions.csv
    """
    if known is not None and forecast is None:
        raise click.UsageError("--known goes with --forecast N: predictions of rows that are there need none")
    load_keras_quietly()
    run = zoo.open(bundle)
    if data is not None:
        _check_reads_files(run, bundle)
    frame = run.predict_frame(data) if forecast is None else run.forecast(forecast, data, known=known)
    with _writable(out) as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(frame.columns)
        writer.writerows(zip(*(_cells(frame[name].to_numpy()) for name in frame), strict=True))
    if out != "-":
        click.echo(f"{len(frame):,} predictions are in {out}", err=True)


def _check_reads_files(run: Any, bundle: str) -> None:
    if run.pipeline is None or not run.pipeline.reads_files:
        raise TrainError(
            f"{bundle} was trained on arrays and knows no way from a file to its inputs",
            help="in Python: zoo.open(path).predict(x)",
            code="predict.arrays",
        )


def _cells(column: np.ndarray) -> list[Any]:
    import numpy as np

    if column.dtype.kind != "M":
        return list(column.tolist())
    # The coarsest unit that says all: days, seconds, nanoseconds.
    unit = next(unit for unit in ("D", "s", "ns") if (column.astype(f"M8[{unit}]") == column).all())
    return [text.replace("T", " ") for text in np.datetime_as_string(column.astype(f"M8[{unit}]")).tolist()]


@contextmanager
def _writable(out: str) -> Iterator[TextIO]:
    if out == "-":
        yield sys.stdout
        return
    # Beside the target, then in one step: a reader never sees half a file.
    target = Path(out)
    if target.is_dir():
        raise ZooError(
            f"{out} is a folder, not a file", help="name the CSV file to write", code="predict.out"
        )
    if not target.parent.is_dir():
        raise ZooError(f"there is no folder {target.parent}", help="make it first", code="predict.out")
    half = f"{out}.part"
    try:
        with open(half, "w", encoding="utf-8", newline="") as stream:
            yield stream
        os.replace(half, out)
    finally:
        if os.path.exists(half):
            os.remove(half)
