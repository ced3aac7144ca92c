"""Predictions written to a file, some windows after another: never all of them are in memory."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import numpy as np

from zoo.data.blocks import spans
from zoo.data.files import NO_TABLES
from zoo.errors import TrainError
from zoo.train import sources
from zoo.train.files import check_file, whole_file
from zoo.train.prediction_frame import prediction_frame

if TYPE_CHECKING:
    import pandas as pd

    from zoo.data import Part
    from zoo.train.trained import Trained

# Windows predicted at a time: whole batches, and few enough that a frame of them is small.
_PIECE = 2**16
# Windows from which compiling the model, a second or two, pays: Keras takes that long for 3,000 of a model of
# nested recurrent layers, and for 20,000 of a transformer.
_MANY = 10_000
_PARQUET = (".parquet", ".pq")
# The coarsest unit of time that says all: days, seconds, nanoseconds.
_UNITS = ("D", "s", "ns")

Frames = Iterable["pd.DataFrame"]
Out = str | os.PathLike[str] | TextIO
Compute = Callable[[Mapping[str, Any], "Part | None"], dict[str, np.ndarray]]


def predict_file(
    run: Trained, out: Out, data: Any, part: str, scaled: bool | None, engine: str | None = None
) -> int:
    """Write the lines of ``Trained.predict_frame``; see ``Trained.predict_file``."""
    check_out(out)
    check_other(out, data)
    check_replaced(out)
    # What cannot be had is told before the data are made ready, which may take long.
    asked = None if engine is None else run.predictor(engine).raw_outputs
    x, samples = sources.samples_of(run, data, part, scaled)
    many = len(next(iter(x.values()))) >= _MANY
    compute = asked or (run.predictor().raw_outputs if many else run.raw_outputs)
    return write_frames(prediction_pieces(run, x, samples, compute), out, units_of(samples))


def prediction_pieces(
    run: Trained, x: Mapping[str, Any], samples: Part | None, compute: Compute
) -> Iterator[pd.DataFrame]:
    """The frame of predictions in pieces."""
    if samples is None or len(samples) <= _PIECE:
        yield prediction_frame(run, compute(x, samples), samples)
        return
    # where a state goes through the windows, the model's outputs alone are in memory at once
    whole = compute(x, samples) if run.carries_state else None
    for some in spans(len(samples), _PIECE):
        piece = samples.take(np.arange(some.start, some.stop))
        if whole is None:
            found = compute(piece.x, piece)
        else:
            found = {name: values[some.start : some.stop] for name, values in whole.items()}
        yield prediction_frame(run, found, piece)


def check_out(out: Out) -> None:
    """A file can be written there: asked before predicting, which may take long.

    Raises:
        TrainError: ``file.write``; ``predict.out``, it is no name of a table.
    """
    if not isinstance(out, (str, os.PathLike)):
        return
    target = Path(out)
    check_file(target)
    if target.suffix.lower() in NO_TABLES:
        raise TrainError(
            f"{target.name} is no name of a table"
            + (", and what it holds would be lost" if target.exists() else ""),
            help="name a file that ends in .csv or .parquet",
            code="predict.out",
        )
    if target.suffix.lower() in _PARQUET:
        try:
            import pyarrow  # noqa: F401
        except ImportError:
            raise TrainError(
                f"writing {target.name} needs pyarrow, which is not installed",
                help="pip install pyarrow, or name a CSV file",
                code="predict.out",
            ) from None


def check_other(out: Out, data: Any) -> None:
    """What is predicted stays: the predictions have a file of their own.

    Raises:
        TrainError: ``predict.out``.
    """
    paths = [item for item in (out, data) if isinstance(item, (str, os.PathLike))]
    if len(paths) == 2 and all(map(os.path.exists, paths)) and os.path.samefile(*paths):
        raise TrainError(
            f"{out} is the data that are predicted", help="name another file to write", code="predict.out"
        )


def check_replaced(out: Out) -> None:
    """A file that is there holds predictions, or nothing: a call whose files are swapped loses no data.

    Raises:
        TrainError: ``predict.out``.
    """
    if not isinstance(out, (str, os.PathLike)) or not Path(out).is_file() or not Path(out).stat().st_size:
        return
    if _first_column(Path(out)) != "row":
        raise TrainError(
            f"{out} is there and holds no predictions, and what it holds would be lost",
            help="name another file to write, or remove this one; the file to write comes before the data",
            code="predict.out",
        )


def _first_column(file: Path) -> str | None:
    if file.suffix.lower() in _PARQUET:
        import pyarrow
        from pyarrow import parquet

        try:
            return next(iter(parquet.read_schema(file).names), None)
        except (pyarrow.ArrowException, OSError):
            return None
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            return next(iter(next(csv.reader(stream), [])), None)
    except (OSError, UnicodeDecodeError, csv.Error):
        return None


def write_frames(frames: Frames, out: Out, units: Mapping[str, str] | None = None) -> int:
    """Write frames of the same columns one after another, whole or not at all; returns how many lines.

    Args:
        frames: the pieces.
        out: Parquet where its name ends so, else CSV; or a stream, for CSV.
        units: of columns of times in a CSV file; the coarsest that says all of the first piece when None.
    """
    if not isinstance(out, (str, os.PathLike)):
        return _write_csv(frames, out, units)
    with whole_file(out) as file:
        if Path(out).suffix.lower() in _PARQUET:
            return _write_parquet(frames, file)
        with file.open("w", encoding="utf-8", newline="") as stream:
            return _write_csv(frames, stream, units)


def _write_csv(frames: Frames, stream: TextIO, units: Mapping[str, str] | None) -> int:
    writer = csv.writer(stream, lineterminator="\n")
    lines = 0
    for frame in frames:
        if not lines:
            writer.writerow(frame.columns)
        cells = (_cells(frame[name].to_numpy(), (units or {}).get(str(name))) for name in frame)
        writer.writerows(zip(*cells, strict=True))
        lines += len(frame)
    return lines


def units_of(part: Part | None) -> dict[str, str]:
    """Column of times that names a window → the coarsest unit that says all of them."""
    found: dict[str, str] = {}
    if part is None:
        return found
    for name, values in part.index_rows.items():
        if values.dtype.kind == "M":
            needed = {_unit(values[part.rows[some]]) for some in spans(len(part.rows))}
            found[name] = max(needed, key=_UNITS.index, default=_UNITS[0])
    return found


def _unit(times: np.ndarray) -> str:
    return next(unit for unit in _UNITS if unit == "ns" or (times.astype(f"M8[{unit}]") == times).all())


def _cells(column: np.ndarray, unit: str | None) -> list[Any]:
    if column.dtype.kind != "M":
        return list(column.tolist())
    told = column.astype(f"M8[{unit or _unit(column)}]")
    return [text.replace("T", " ") for text in np.datetime_as_string(told).tolist()]


def _write_parquet(frames: Frames, file: Path) -> int:
    import pyarrow
    from pyarrow import parquet

    writer, lines = None, 0
    try:
        for frame in frames:
            table = pyarrow.Table.from_pandas(frame, preserve_index=False)
            writer = writer or parquet.ParquetWriter(file, table.schema)
            writer.write_table(table)
            lines += len(frame)
    finally:
        if writer is not None:
            writer.close()
    return lines
