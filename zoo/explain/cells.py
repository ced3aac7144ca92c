"""The numbers of a sample in groups: by step, level, side, field, feature, input, or as they are named."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoo.errors import TrainError
from zoo.explain.names import LABELS, Names, labels_of
from zoo.spec.suggest import did_you_mean

By = str | Sequence[str] | Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Group:
    """Numbers that are taken together.

    Args:
        label: what they have in common, one value for each word of ``by``.
        cells: input → (…) which of a sample's numbers; inputs that have none of them are left out.
    """

    label: tuple[Any, ...]
    cells: Mapping[str, NDArray[np.bool_]]


def group_cells(names: Names, by: By, *, time_block: int = 1) -> tuple[tuple[str, ...], list[Group]]:
    """The columns that name a group, and the groups in the order in which a sample has them.

    A feature that two inputs read is one feature: its numbers in both are one group, unless ``by`` says
    ``input`` too.

    Args:
        names: what the numbers of each input are called.
        by: ``time``, ``level``, ``side``, ``field``, ``feature`` or ``input``, or several of them; or a map,
            name of a group → its features.
        time_block: steps that are taken together; the label is then text, "0-9" the last ten.

    Raises:
        TrainError: ``explain.by``, no such word or feature, or no number that it is of.
    """
    words = words_of(by)
    if isinstance(by, Mapping):
        return words, _named_groups(names, by)
    _check_labels(names, words)
    found: dict[Hashable, tuple[tuple[Any, ...], dict[str, NDArray[np.bool_]]]] = {}
    for name, item in names.items():
        labels = {"input": np.full(item.shape, name, dtype=object), **item.labels}
        if time_block > 1:
            labels["time"] = _in_blocks(labels["time"], time_block)
        for label, cells in _alike([labels[word] for word in words]):
            found.setdefault(label, (label, {}))[1][name] = cells
    return words, [Group(label, cells) for label, cells in found.values()]


def words_of(by: By) -> tuple[str, ...]:
    """The columns that name a group."""
    if isinstance(by, Mapping):
        return ("group",)
    return tuple(by) if isinstance(by, (list, tuple)) else (str(by),)


def _check_labels(names: Names, words: Sequence[str]) -> None:
    known = ", ".join(f"`{word}`" for word in LABELS)
    help = f"by one or several of {known}; or a map, name of a group → its features"
    if not words:
        raise TrainError("`by` names nothing to group by", help=help, code="explain.by")
    for word in words:
        if word not in LABELS:
            close = did_you_mean(str(word), LABELS)
            raise TrainError(
                f"numbers cannot be grouped by `{word}`",
                help=f"{close} ({help})" if close else help,
                code="explain.by",
            )
        if not labels_of(names, word):
            raise TrainError(
                f"no number of the inputs has a {word}",
                help="they have: " + ", ".join(f"`{item}`" for item in LABELS if labels_of(names, item)),
                code="explain.by",
            )


def _named_groups(names: Names, by: Mapping[str, Sequence[str]]) -> list[Group]:
    features = {name: item.labels["feature"] for name, item in names.items()}
    known = list(dict.fromkeys(feature for values in features.values() for feature in values.ravel()))
    asked = {group: [item] if isinstance(item, str) else list(item) for group, item in by.items()}
    unknown = [item for items in asked.values() for item in items if item not in known]
    if unknown or not asked:
        raise TrainError(
            f"no input has a feature `{unknown[0]}`" if unknown else "`by` is a map without a group",
            help=(did_you_mean(str(unknown[0]), known) if unknown else "")
            or f"known: {', '.join(known[:20])}",
            code="explain.by",
        )
    groups = []
    for group, items in asked.items():
        cells = {name: np.isin(values.astype(str), items) for name, values in features.items()}
        groups.append(Group((group,), {name: which for name, which in cells.items() if which.any()}))
    return groups


def _alike(labels: Sequence[NDArray[Any]]) -> list[tuple[tuple[Any, ...], NDArray[np.bool_]]]:
    """Each label that occurs with the cells that bear it, in the order of the cells."""
    rows = list(zip(*(values.ravel() for values in labels), strict=True))
    numbers = {row: number for number, row in enumerate(dict.fromkeys(rows))}
    codes = np.array([numbers[row] for row in rows]).reshape(labels[0].shape)
    return [(row, codes == number) for row, number in numbers.items()]


def _in_blocks(lags: NDArray[Any], size: int) -> NDArray[Any]:
    """Rows before the window's end → the stretch of them, as "0-9"."""
    said = [None if lag is None else _stretch(int(lag), size) for lag in lags.ravel()]
    found = np.empty(len(said), dtype=object)
    found[:] = said
    return found.reshape(lags.shape)


def _stretch(lag: int, size: int) -> str:
    first = lag // size * size
    return f"{first}-{first + size - 1}"
