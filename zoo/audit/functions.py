"""Check: a user's own function from a frame to features, as the rows after a moment change."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from zoo.audit.finding import Finding
from zoo.audit.futures import other_frame
from zoo.audit.probe import tolerance_of
from zoo.data.files import find_file
from zoo.errors import TrainError, ZooError

CHECK = "pipeline"
RULE = "D302"
_MOMENTS = (0.35, 0.5, 0.65, 0.8)
Features = Callable[[Any], Any]


def check_features(features: Features, frame: Any, seed: int, *, keep: list[str]) -> Iterator[Finding]:
    """What a function gives for the rows up to a moment, as the rows after it change.

    Args:
        features: frame → a frame or array with a row for each row of it; or ``(x, rows)``, windows with the
            row (from 0) at which each ends.
        frame: of the data, in time order; or the path of a CSV or Parquet file of it.
        seed: of the noise.
        keep: columns that stay as they are: times and groups.

    Raises:
        TrainError: ``audit.features``, it fails or gives something else. DataError: no such file.
    """
    if isinstance(frame, (str, os.PathLike)):
        frame = _read(frame)
    if not hasattr(frame, "columns") or not hasattr(frame, "iloc"):
        raise TrainError(
            f"features= is tried on a frame; received {type(frame).__name__}",
            help="give data=, the frame that it makes features of",
            code="audit.features",
        )
    base, rows = _called(features, frame)
    worst, at, ahead, pair = 0.0, -1, 0, None
    bound = tolerance_of(base)
    for number, share in enumerate(_MOMENTS):
        cut = int(share * (len(frame) - 1))
        after, _ = _called(
            features, other_frame(frame, np.arange(len(frame)) > cut, seed + number, keep=keep)
        )
        if after.shape != base.shape:
            yield Finding(CHECK, "leak", "how many features there are depends on later rows", float("inf"),
                          bound, "of a feature", "features", RULE, "give each row its features")  # fmt: skip
            return
        known = rows <= cut
        gap = _gaps(base[known], after[known])
        if not gap.size:
            continue
        touched = np.flatnonzero((gap > bound).any(axis=1))
        if len(touched):
            ahead = max(ahead, cut + 1 - int(rows[known][touched[0]]))
        if gap.max() > worst:
            worst, at = float(gap.max()), int(gap.max(axis=0).argmax())
            pair = base[known][:, at], after[known][:, at]
    if worst <= bound:
        yield Finding(CHECK, "clean", "features stay as they are when all after their row changes", worst,
                      bound, "of a feature")  # fmt: skip
        return
    assert pair is not None
    name = _column(features, frame, at)
    if _rescaled(*pair):
        yield Finding(
            CHECK, "leak", f"the feature {name} is shifted or scaled by later rows: its scaler is "
            "fitted on all of the data", worst, bound, "of a feature", f"features, {name}", "D310",
            "fit scalers on the training part alone",
        )  # fmt: skip
        return
    reach = "row" if ahead == 1 else "rows"
    yield Finding(
        CHECK, "leak", f"the feature {name} reads up to {ahead} {reach} after its own", worst, bound,
        "of a feature", f"features, {name}", RULE, "make features of the row itself and those before it",
    )  # fmt: skip


def _called(features: Features, frame: Any) -> tuple[np.ndarray, np.ndarray]:
    """(sample, number) and the row at which each sample ends."""
    try:
        made = features(frame.copy())
    except ZooError:
        raise
    except Exception as error:
        raise TrainError(
            f"features= failed: {type(error).__name__}: {error}",
            help=f"mend line {_line(error)} of its file; it is given a frame of all columns of the data",
            code="audit.features",
        ) from error
    rows = np.arange(len(frame))
    if isinstance(made, tuple):
        if len(made) != 2 or len(made[0]) != len(made[1]):
            raise _refuse("a tuple that is not (x, rows)")
        made, rows = made[0], np.asarray(made[1])
    try:
        values = np.asarray(made, np.float64)
    except (TypeError, ValueError):
        raise _refuse("something that is no array of numbers") from None
    if values.ndim == 0 or len(values) != len(rows):
        raise _refuse(f"{len(values) if values.ndim else 'no'} rows for {len(rows)}")
    return values.reshape(len(values), -1), rows


def _line(error: Exception) -> int:
    """The last line of the function's own file on the way to the error."""
    frames = traceback.extract_tb(error.__traceback__)
    own = frames[1].filename if len(frames) > 1 else __file__
    return next((item.lineno or 0 for item in reversed(frames) if item.filename == own), 0)


def _read(path: str | os.PathLike[str]) -> Any:
    import pandas as pd

    file = find_file(path)
    try:
        return pd.read_parquet(file) if file.suffix.lower() == ".parquet" else pd.read_csv(file)
    except (ValueError, ImportError) as error:
        raise TrainError(
            f"{file.name} cannot be read as a frame: {error}",
            help="give a CSV or Parquet file, or the frame itself",
            code="audit.features",
        ) from None


def _refuse(given: str) -> TrainError:
    return TrainError(
        f"features= gave {given}",
        help="let it give a row for each row of the frame, or (x, rows): windows and the row of each end",
        code="audit.features",
    )


def _gaps(one: np.ndarray, two: np.ndarray) -> np.ndarray:
    """(row, feature) how far they are apart; empty cells on both sides are the same."""
    both = np.isnan(one) & np.isnan(two)
    with np.errstate(invalid="ignore"):
        gap = np.where(both, 0.0, np.abs(one - two))
    return np.where(np.isnan(gap), np.inf, gap)


def _rescaled(one: np.ndarray, two: np.ndarray) -> bool:
    """Is the second a straight line of the first, as numbers of another scaler are?"""
    finite = np.isfinite(one) & np.isfinite(two)
    one, two = one[finite], two[finite]
    if len(one) < 10 or one.std() == 0:
        return False
    slope, start = np.polyfit(one, two, 1)
    return float(np.abs(two - (slope * one + start)).max()) < 1e-6 * max(1.0, float(np.abs(two).max()))


def _column(features: Features, frame: Any, place: int) -> str:
    made = features(frame.copy())
    names = list(getattr(made, "columns", ()))
    return f"`{names[place]}`" if place < len(names) else f"number {place + 1}"
