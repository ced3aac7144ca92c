"""Predictions of the model in this folder. Needs numpy and onnxruntime, and nothing else.

python predict.py rows.csv                      order-book rows: ask_price_1, ask_size_1, … by name or order
python predict.py rows.npy --out result.npz     the same as an array (row, 4·level)
python predict.py scaled.npz --out result.csv   inputs by name, (sample, …), scaled as the model sees them

Rows of several sessions or symbols have columns `session` and `symbol`: no window crosses them, and rows of
several symbols may be mixed. Rows of one come in the order of `time_ns`, where there is one. CSV may be gzip.
In Python: import predict; predict.Model().predict_rows(rows), or .predict({"input": array}).
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import os
import sys
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

try:
    import numpy as np
    import onnxruntime
except ImportError as error:
    sys.exit(f"error: {error.name} is not installed here: pip install numpy onnxruntime")

BATCH = 512


class Model:
    """The model with what was fitted on its training data.

    Args:
        folder: where ``model.onnx`` and ``pipeline.json`` lie; this file's own when None.
        threads: of ONNX Runtime; as many as there are cores when 0.
    """

    def __init__(self, folder: str | Path | None = None, threads: int = 0) -> None:
        home = Path(__file__).parent if folder is None else Path(folder)
        self.about: dict[str, Any] = json.loads((home / "pipeline.json").read_text(encoding="utf-8"))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self._session = onnxruntime.InferenceSession(
            str(home / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )

    def predict(self, inputs: Mapping[str, Any]) -> dict[str, np.ndarray]:
        """Output name → (sample, …), numbers in the unit of the training data.

        Args:
            inputs: input name → (sample, …), scaled as the model sees them.
        """
        given = self._checked(inputs)
        samples = len(next(iter(given.values())))
        fixed = self.about["batch_size"]
        size, parts = fixed or BATCH, []
        for start in range(0, samples, size):
            batch = {name: values[start : start + size] for name, values in given.items()}
            missing = size - len(next(iter(batch.values()))) if fixed else 0
            if missing:
                batch = {k: np.concatenate([v, np.repeat(v[-1:], missing, axis=0)]) for k, v in batch.items()}
            parts.append([values[: size - missing] for values in self._session.run(None, batch)])
        made = [np.concatenate(values) for values in zip(*parts, strict=True)]
        outputs = self.about["outputs"]
        return {item["name"]: in_units(raw, item) for item, raw in zip(outputs, made, strict=True)}

    def predict_rows(
        self, rows: Any, groups: Any = None, symbols: Any = None
    ) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """The rows at which the windows end, counted from 1; and the predictions of these windows.

        Args:
            rows: (row, 4·level) ask price, ask size, bid price, bid size of each level from the best, raw.
            groups: (row,) anything that changes where a session or symbol ends.
            symbols: (row,) what tells rows of several symbols apart, where these are mixed.
        """
        values = np.asarray(rows, np.float64)
        recipe = self._rows_recipe()
        wanted = 4 * recipe["levels"]
        if values.ndim != 2 or values.shape[1] < wanted or values.shape[1] % 4:
            raise ValueError(f"rows are (row, {wanted} or more, four a level); received {values.shape}")
        values = values[:, :wanted]
        _check_rows(values)
        order = np.arange(len(values)) if symbols is None else _together(symbols)
        values, first = values[order], np.ones(len(values), bool)
        for keys in (groups, symbols):
            told = np.zeros(len(values)) if keys is None else np.asarray(keys)[order]
            first[1:] &= told[1:] == told[:-1]
        first[1:] = ~first[1:]
        scaled = _features(values, first, recipe)
        ends = _ends(first, recipe["length"], recipe["stride"])
        if not len(ends):
            raise ValueError(f"no session has the {recipe['length']} rows of a window")
        windows = scaled[ends[:, None] + np.arange(1 - recipe["length"], 1)]
        given = {item["name"]: windows.reshape(len(ends), *item["window"]) for item in self.about["inputs"]}
        return order[ends] + 1, self.predict(given)

    def _rows_recipe(self) -> dict[str, Any]:
        recipe = self.about["rows"]
        if recipe is None:
            raise ValueError(f"give the inputs scaled, as a .npz by name: {self.about['rows_missing']}")
        return dict(recipe)

    def _checked(self, inputs: Mapping[str, Any]) -> dict[str, np.ndarray]:
        given = {}
        for item in self.about["inputs"]:
            if item["name"] not in inputs:
                raise ValueError(
                    f"input `{item['name']}` is missing; given: {', '.join(inputs) or 'nothing'}"
                )
            array = np.asarray(inputs[item["name"]]).astype(item["dtype"])
            shape = item["shape"]
            fits = array.ndim == len(shape) + 1 and all(
                size in (None, found) for size, found in zip(shape, array.shape[1:], strict=True)
            )
            if not fits or not len(array):
                raise ValueError(f"input `{item['name']}` is (sample, {shape}); received {array.shape}")
            sound = np.isfinite(array).reshape(len(array), -1).all(axis=1)
            if not sound.all():
                where = int(np.flatnonzero(~sound)[0]) + 1
                raise ValueError(f"input `{item['name']}`, sample {where}: a number is missing or infinite")
            given[item["name"]] = array
        return given


def in_units(raw: np.ndarray, output: Mapping[str, Any]) -> np.ndarray:
    """Numbers in the unit of the data; of a Student t distribution its location, scale and freedom."""
    if output["factor"] is None:
        return raw
    factor, shift = np.asarray(output["factor"]), np.asarray(output["shift"])
    if not output["student_t"]:
        return raw * factor + shift
    location, scale, freedom = (raw[..., place : place + 1] for place in range(3))
    width = np.logaddexp(0, scale)
    return np.concatenate([location * factor + shift, width * factor, 2 + np.logaddexp(0, freedom)], axis=-1)


def table(model: Model, rows: np.ndarray, made: Mapping[str, np.ndarray]) -> tuple[list[str], Iterator[Any]]:
    """Heads and lines of a CSV: of classes a probability each and the likeliest one's name."""
    heads, columns = ["row"], [rows.tolist()]
    for output in model.about["outputs"]:
        values = made[output["name"]]
        prefix = f"{output['name']}_" if len(made) > 1 else ""
        if output["classes"] and values.ndim == 2:
            values = _chances(np.asarray(values, np.float64), output)
            names = np.array(output["classes"])[values.argmax(axis=1)]
        else:
            values, names = values.reshape(len(values), -1), None
        found = output["columns"]
        if len(found) != values.shape[1]:
            found = [f"value_{number + 1}" for number in range(values.shape[1])]
        heads += [prefix + name for name in found]
        columns += values.T.tolist()
        if names is not None:
            heads.append(f"{prefix}class")
            columns.append(names.tolist())
    return heads, zip(*columns, strict=True)


def _chances(values: np.ndarray, output: Mapping[str, Any]) -> np.ndarray:
    if values.shape[1] == 1:
        yes = 1 / (1 + np.exp(-np.clip(values, -500, 500))) if output["from_logits"] else values
        return np.concatenate([1 - yes, yes], axis=1)
    if output["from_logits"]:
        values = np.exp(values - values.max(axis=1, keepdims=True))
    return values / np.maximum(values.sum(axis=1, keepdims=True), 1e-12)


def _features(rows: np.ndarray, first: np.ndarray, recipe: Mapping[str, Any]) -> np.ndarray:
    names = [f"{field}_{level + 1}" for level in range(recipe["levels"]) for field in recipe["fields"]]
    columns = []
    for feature, (shift, factor) in zip(recipe["features"], recipe["scaler"], strict=True):
        column = rows[:, names.index(feature)]
        if "_size_" in feature:
            column = np.log1p(column) if recipe["sizes"] == "log" else column
        elif recipe["prices"] == "relative_bps":
            column = (column / ((rows[:, 0] + rows[:, 2]) / 2) - 1) * 1e4
        elif recipe["prices"] == "returns":
            before = np.concatenate([column[:1], column[:-1]])
            column = np.where(first, 0.0, (column / before - 1) * 1e4)
        columns.append((column - shift) * factor)
    return np.stack(columns, axis=1).astype(np.float32)


def _ends(first: np.ndarray, length: int, stride: int) -> np.ndarray:
    starts = np.append(np.flatnonzero(first), len(first))
    found = [np.arange(a + length - 1, b, stride) for a, b in zip(starts[:-1], starts[1:], strict=True)]
    return np.concatenate(found) if found else np.zeros(0, np.int64)


def _together(symbols: Any) -> np.ndarray:
    """An order that brings each symbol's rows together, the first one first."""
    codes: dict[Any, int] = {}
    return np.argsort([codes.setdefault(item, len(codes)) for item in symbols], kind="stable")


def _check_rows(rows: np.ndarray) -> None:
    ask, bid = rows[:, 0::4], rows[:, 2::4]
    sound = np.isfinite(rows).all(axis=1) & (ask[:, 0] > bid[:, 0]) & (bid[:, -1] > 0)
    sound &= (np.diff(ask, axis=1) > 0).all(axis=1) & (np.diff(bid, axis=1) < 0).all(axis=1)
    sound &= (rows[:, 1::4] >= 0).all(axis=1) & (rows[:, 3::4] >= 0).all(axis=1)
    if not sound.all():
        raise ValueError(
            f"row {int(np.flatnonzero(~sound)[0]) + 1} cannot be true: a number is missing, sides cross, "
            "levels are out of order, or a size is below 0; leave such rows out"
        )


def read_csv(path: Path, recipe: Mapping[str, Any]) -> dict[str, Any]:
    """What ``predict_rows`` takes: raw rows, and their sessions and symbols where these have columns."""
    lines = _lines(path)
    if not lines:
        raise ValueError(f"{path} is empty")
    names = [f"{field}_{level + 1}" for level in range(recipe["levels"]) for field in recipe["fields"]]
    if all(_is_number(cell) for cell in lines[0][1]):
        width = len(lines[0][1])
        return {"rows": _numbers(path, lines, [str(place + 1) for place in range(width)], range(width))}
    heads = [head.strip() for head in lines.pop(0)[1]]
    if len(heads) == 1 and ";" in heads[0]:
        raise ValueError(f"{path}: cells are separated by commas, not by semicolons")
    missing = [name for name in names if name not in heads]
    if missing:
        raise ValueError(f"{path} has no column {', '.join(missing)}")
    for line, cells in lines:
        if any(cells[len(heads) :]):
            raise ValueError(f"{path}, line {line}: more cells than the header names columns")
        cells += [""] * (len(heads) - len(cells))
    found: dict[str, Any] = {"rows": _numbers(path, lines, names, [heads.index(name) for name in names])}
    for column, argument in (("session", "groups"), ("symbol", "symbols")):
        if column in heads:
            found[argument] = [cells[heads.index(column)] for _, cells in lines]
    if "time_ns" in heads:
        _check_times(path, lines, heads)
    return found


Lines = list[tuple[int, list[str]]]


def _lines(path: Path) -> Lines:
    """Number in the file, and cells, of each line that is not blank."""
    with open(path, "rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
    opened: Any = gzip.open if packed else open
    try:
        with opened(path, "rt", encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream)
            return [(reader.line_num, cells) for cells in reader if cells]
    except (UnicodeDecodeError, EOFError, zlib.error, csv.Error) as error:
        raise ValueError(f"{path} is no whole CSV, plain or gzip: {error}") from None


def _numbers(path: Path, lines: Lines, names: Sequence[str], places: Sequence[int]) -> np.ndarray:
    """(row, column), NaN where a cell is empty."""
    found = np.full((len(lines), len(names)), np.nan)
    for row, (line, cells) in enumerate(lines):
        for column, place in enumerate(places):
            cell = cells[place].strip() if place < len(cells) else ""
            if cell not in _EMPTY:
                try:
                    found[row, column] = float(cell)
                except ValueError:
                    told = f"{path}, line {line}: `{names[column]}` is {cell!r}, not a number"
                    raise ValueError(told) from None
    return found


def _check_times(path: Path, lines: Lines, heads: Sequence[str]) -> None:
    """Rows of one session and symbol are in the order of their times."""
    apart = [heads.index(name) for name in ("session", "symbol") if name in heads]
    place, latest = heads.index("time_ns"), dict[tuple[str, ...], float]()
    for line, cells in lines:
        series, told = tuple(cells[item] for item in apart), cells[place].strip()
        if told in _EMPTY:
            continue
        if not _is_number(told):
            raise ValueError(f"{path}, line {line}: `time_ns` is {told!r}, not a number of nanoseconds")
        time = int(told) if told.lstrip("-").isdigit() else float(told)
        if time < latest.get(series, time):
            raise ValueError(f"{path}, line {line}: time goes backwards: {told} after {latest[series]}")
        latest[series] = time


# What Python, R and spreadsheets write where there is nothing.
_EMPTY = ("", "NA", "NaN")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _predicted(model: Model, path: Path) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    if path.suffix == ".npz":
        with np.load(path) as arrays:
            made = model.predict(dict(arrays))
        return np.arange(1, len(next(iter(made.values()))) + 1), made
    if path.suffix == ".npy":
        return model.predict_rows(np.load(path))
    return model.predict_rows(**read_csv(path, model._rows_recipe()))


def main() -> int:
    """Predict one file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, help="rows as .csv or .npy, scaled inputs as .npz")
    parser.add_argument("--out", type=Path, help=".csv or .npz; default: CSV on standard output")
    asked = parser.parse_args()
    if asked.out is not None and asked.out.suffix not in (".csv", ".npz"):
        parser.error(f"--out is a .csv or .npz file, not {asked.out.name}")
    if (
        asked.out is not None
        and asked.out.exists()
        and asked.data.exists()
        and asked.out.samefile(asked.data)
    ):
        parser.error(f"--out {asked.out} is the data that are predicted: name another file")
    try:
        model = Model()
        rows, made = _predicted(model, asked.data)
        if asked.out is not None and asked.out.suffix == ".npz":
            arrays: dict[str, Any] = {"row": rows, **made}
            np.savez(asked.out, **arrays)
            return 0
        heads, lines = table(model, rows, made)
        with open(asked.out, "w", encoding="utf-8", newline="") if asked.out else sys.stdout as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(heads)
            writer.writerows(lines)
    except BrokenPipeError:
        # who reads has enough; Python would complain of it again at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
