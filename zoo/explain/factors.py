"""The factor report: how each feature goes together with what the model says, and with what then happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from zoo.explain.names import Names
from zoo.explain.ranks import ranks
from zoo.explain.records import records
from zoo.explain.resampling import draws, interval
from zoo.explain.written import write_view

if TYPE_CHECKING:
    import pandas as pd

_DRAWS = 400
_CHUNK = 1024  # windows in memory at a time
ENDS = ("last", "mean")


@dataclass(frozen=True, eq=False)
class Factors:
    """Correlations of each feature with the model's output and with the truth, over windows.

    Args:
        frame: a line for each input, feature and value of an output: ``input``, ``feature``, ``at``
            (``last``, its number at the window's last step, or ``mean``, over the window), ``output``,
            ``target`` (the class or number), ``with`` (``output`` or ``truth``), ``pearson`` and
            ``spearman``, each with ``_low`` and ``_high`` (95 %), and ``n``, windows.
        model: name of the spec.
        about: over which windows, a line for people.
    """

    frame: pd.DataFrame
    model: str
    about: str

    def write(self, folder: str | Path) -> dict[str, Path]:
        """Write ``factors.txt``, ``factors.csv`` and a picture of each class or number of each output.

        Args:
            folder: is made where it is missing; each file is whole or absent.
        """
        from zoo.explain.factor_pictures import factor_pictures

        return write_view(self, self.frame, "factors", folder, factor_pictures(self))

    def __str__(self) -> str:
        lines = [f"{self.model}: {self.about}"]
        for (output, target), frame in self.frame.groupby(["output", "target"], sort=False):
            said = frame[(frame["with"] == "output") & (frame["at"] == "last")]
            true = frame[(frame["with"] == "truth") & (frame["at"] == "last")]
            truths = {(row["input"], row["feature"]): row for row in records(true)}
            rows = sorted(records(said), key=lambda row: -_size(row["spearman"]))
            width = max([len(str(row["feature"])) for row in rows] + [7])
            lines += ["", f"{output} {target}: Spearman at the window's last step"]
            lines += [f"  {'feature':<{width}}  {'with the output':<26}with the truth"]
            lines += [
                f"  {row['feature']:<{width}}  {_told(row):<26}"
                f"{_told(truths.get((row['input'], row['feature'])))}"
                for row in rows
            ]
        return "\n".join(lines)


def factor_columns(x: Mapping[str, Any], names: Names) -> dict[tuple[str, str, str], NDArray[np.float64]]:
    """(input, feature, ``last`` or ``mean``) → (sample,); gathered in pieces.

    An input without time has one number of each feature, which is its last.

    Args:
        x: input name → samples, lazy or not.
        names: what the numbers of each input are called.
    """
    found: dict[tuple[str, str, str], NDArray[np.float64]] = {}
    for name, values in x.items():
        item = names[name]
        steps = len(item.lags) if item.lags is not None else 1
        shape = (steps, len(item.features))
        pieces = []
        for start in range(0, len(values), _CHUNK):
            rows = np.arange(start, min(len(values), start + _CHUNK))
            batch = np.asarray(values[rows], np.float64).reshape(len(rows), *shape)
            pieces.append(np.stack([batch[:, -1], batch.mean(axis=1)]))
        both = np.concatenate(pieces, axis=1)
        for number, feature in enumerate(item.features):
            for place, at in enumerate(ENDS if steps > 1 else ENDS[:1]):
                found[name, feature.name, at] = both[place, :, number]
    return found


def correlations(
    factors: Mapping[tuple[str, str, str], NDArray[np.float64]],
    targets: Mapping[tuple[str, str, str], NDArray[np.float64]],
    block: NDArray[np.int64],
    rng: np.random.Generator,
) -> list[dict[str, Any]]:
    """A line for each factor and target.

    Neighbouring windows overlap: the interval is from drawing blocks of them anew. Ranks are those of all
    windows, in every draw.

    Args:
        factors: (input, feature, at) → (sample,).
        targets: (output, target, with) → (sample,).
        block: (sample,) number of its block, from 0.
        rng: where the draws come from.
    """
    lots = draws(int(block.max(initial=-1)) + 1, _DRAWS, rng)
    told = {key: _two_ways(values) for key, values in targets.items()}
    lines = []
    for (name, feature, at), values in factors.items():
        own = _two_ways(values)
        for (output, target, against), ways in told.items():
            line: dict[str, Any] = {"input": name, "feature": feature, "at": at}
            line |= {"output": output, "target": target, "with": against}
            for way, other in ways.items():
                value, low, high = _correlation(own[way], other, block, lots)
                line |= {way: value, f"{way}_low": low, f"{way}_high": high}
            lines.append({**line, "n": len(values)})
    return lines


def _two_ways(values: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """The numbers, and their ranks, each centred on zero and of a spread of one, so that no sum cancels."""
    return {"pearson": _standard(values), "spearman": _standard(ranks(values))}


def _standard(values: NDArray[np.float64]) -> NDArray[np.float64]:
    centred = values - values.mean()
    spread = centred.std()
    # What never moves goes with nothing; and rounding of a constant is no movement.
    still = spread <= 1e-12 * max(1.0, float(np.abs(values).max(initial=0.0)))
    return np.zeros_like(centred) if still else centred / spread


def _correlation(
    a: NDArray[np.float64], b: NDArray[np.float64], block: NDArray[np.int64], lots: NDArray[np.float64]
) -> tuple[float, float, float]:
    columns = [np.ones_like(a), a, b, a * a, b * b, a * b]
    sums = np.stack([np.bincount(block, column, minlength=lots.shape[1]) for column in columns], axis=1)
    return float(_of_sums(sums.sum(axis=0))), *interval(_of_sums(lots @ sums))


def _of_sums(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    n, a, b, aa, bb, ab = np.moveaxis(sums, -1, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt((aa - a * a / n) * (bb - b * b / n))
        return np.where(spread > 1e-9 * n, (ab - a * b / n) / spread, np.nan)


def _size(value: float) -> float:
    return abs(value) if value == value else -1.0


def _told(row: Mapping[str, Any] | None) -> str:
    if row is None or row["spearman"] != row["spearman"]:
        return "-"
    return f"{row['spearman']:6.3f}  [{row['spearman_low']:.3f}, {row['spearman_high']:.3f}]"
