"""What an explanation holds, and its tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from zoo.errors import TrainError
from zoo.explain.names import LABELS, Names
from zoo.spec.tools.files import write

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Explanation:
    """Attributions of one output of a model to the numbers of its inputs.

    Args:
        model: the model's name.
        method: how they were made.
        output: what is explained.
        target: what the class or number of the output is called; ``predicted class`` where each has its own.
        attributions: input → (window, …) in the input's shape. Of words, the sum over their embedding.
        inputs: input → (window, …) as the model saw them.
        values: (window,) the output's number that is explained.
        baseline: what the windows are set against.
        gap: (window,) how far the attributions' sum is from what the output changes by, from the baseline to
            the window; None where the method has no such sum.
        change: (window,) that change; None likewise.
        steps: (window,) gradients that each window took.
        tolerance: asked of the gap, relative to the change.
        names: what the numbers of each input are called.
        rows: (window,) the row at which each ends, counted from 1; None for arrays.
        classes: (window,) the class that the model says; None where it says numbers.
        prices: feature → (window, time) prices of a book, in ``price_unit``.
        price_unit: of the prices.
    """

    model: str
    method: str
    output: str
    target: str
    attributions: Mapping[str, NDArray[Any]]
    inputs: Mapping[str, NDArray[Any]]
    values: NDArray[Any]
    baseline: str
    gap: NDArray[Any] | None
    change: NDArray[Any] | None
    steps: NDArray[Any]
    tolerance: float
    names: Names
    rows: NDArray[Any] | None = None
    classes: NDArray[Any] | None = None
    prices: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    price_unit: str = ""

    def __len__(self) -> int:
        return len(self.values)

    @property
    def relative_gap(self) -> NDArray[Any] | None:
        """(window,) the gap's size, relative to the change, or to its mean if that is larger."""
        if self.gap is None or self.change is None:
            return None
        size = np.maximum(np.abs(self.change), np.abs(self.change).mean())
        return np.abs(self.gap) / np.maximum(size, 1e-7)

    @property
    def complete(self) -> bool:
        """Is every window's gap within the tolerance?"""
        gap = self.relative_gap
        return gap is None or bool((gap <= self.tolerance).all())

    def frame(self, by: str | Sequence[str] = "feature") -> pd.DataFrame:
        """A line for each group of numbers, the most important first.

        Args:
            by: ``input``, ``time`` (rows before the window's end: 0 is the last), ``level`` (1 is the best),
                ``side``, ``field``, ``feature``, or a list of them. Numbers without the label are left out.

        Returns:
            A frame: the labels; ``attribution``, the mean over the windows of the group's sum;
            ``importance``, the mean of its size; ``share`` of all importance.

        Raises:
            TrainError: ``explain.by``, no such label, or no number has one.
        """
        import pandas as pd

        labels = check_by(by, self.names)
        groups: dict[tuple[Any, ...], NDArray[Any]] = {}
        for name, values in self.attributions.items():
            found = {"input": np.full(values.shape[1:], name, object), **self.names[name].labels}
            keys = list(zip(*(found[label].ravel() for label in labels), strict=True))
            flat = values.reshape(len(values), -1)
            for key in dict.fromkeys(keys):
                if None in key:
                    continue
                chosen = flat[:, [place for place, other in enumerate(keys) if other == key]]
                groups[key] = groups.get(key, 0.0) + chosen.sum(axis=1, dtype=float)
        lines = [
            {
                **dict(zip(labels, key, strict=True)),
                "attribution": total.mean(),
                "importance": np.abs(total).mean(),
            }
            for key, total in groups.items()
        ]
        table = pd.DataFrame(lines).sort_values(
            "importance", ascending=False, kind="stable", ignore_index=True
        )
        table["share"] = table["importance"] / max(float(table["importance"].sum()), 1e-30)
        return table

    def importance(self, by: str | Sequence[str] = "feature") -> dict[Any, float]:
        """Group → its importance, the largest first; see ``frame``."""
        table = self.frame(by)
        keys = table[[by]] if isinstance(by, str) else table[list(by)]
        names = [row[0] if len(row) == 1 else tuple(row) for row in keys.itertuples(index=False)]
        return dict(zip(names, table["importance"], strict=True))

    def write(self, folder: str | Path) -> dict[str, Path]:
        """Write ``explanation.txt``, ``by_LABEL.csv`` tables, the pictures, and all on one page.

        Args:
            folder: is made where it is missing; each file is whole or absent.
        """
        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        files = {"text": write(target / "explanation.txt", f"{self}\n")}
        for label in (label for label in LABELS if self.labels_of(label)):
            name = f"by_{label}"
            files[name] = write(target / f"{name}.csv", self.frame(label).to_csv(index=False))
        files["page"] = self.to_html(target / "explanation.html")
        return files | self.save_plots(target)

    def save_plots(self, folder: str | Path) -> dict[str, Path]:
        """Write the pictures as PNG.

        ``importance_feature.png`` and others: sizes with 95 % intervals; ``profile.png``: the mean
        attribution by step of each class that the model says; ``window_CLASS.png``: a window of that class,
        its attributions by step and level beneath its prices. Inputs without time have the first only.

        Args:
            folder: is made where it is missing; each file is whole or absent.
        """
        from zoo.explain.pictures import pictures

        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        return {name: write(target / f"{name}.png", data) for name, data in pictures(self).items()}

    @property
    def facts(self) -> dict[str, Any]:
        """What was asked and how well it adds up, as plain values."""
        gap = self.relative_gap
        return {
            "model": self.model,
            "method": self.method,
            "output": self.output,
            "target": self.target,
            "windows": len(self),
            "baseline": self.baseline,
            "gap": None if gap is None else float(gap.max()),
            "tolerance": self.tolerance,
            "complete": self.complete,
            "steps": int(self.steps.max()),
        }

    @property
    def heading(self) -> str:
        """What was asked and how well it adds up, a few lines for people."""
        lines = [
            f"{self.model}: {self.method} of `{self.output}`, {self.target}, {len(self):,} windows",
            f"baseline: {self.baseline}",
        ]
        gap = self.relative_gap
        if gap is not None:
            said = f"completeness gap: {gap.max():.2g} of the change at most, {int(self.steps.max())} steps"
            lines.append(said + ("" if self.complete else f"; above the tolerance of {self.tolerance:g}"))
        return "\n".join(lines)

    def table(self, by: str | Sequence[str] = "feature", most: int = 20) -> str:
        """The first lines of ``frame(by)`` as text."""
        frame = self.frame(by)
        text = frame.head(most).to_string(index=False, float_format="{:.4g}".format)
        return text if len(frame) <= most else f"{text}\n… and {len(frame) - most} more"

    def to_html(self, path: str | Path) -> Path:
        """Write one page that needs no other file: the pictures, the tables, and the numbers as JSON.

        The numbers are in the element ``<script type="application/json" id="explanation">``.
        """
        from zoo.explain.page import page

        return write(path, page(self))

    def __str__(self) -> str:
        shown = [by for by in ("feature", "level", "time") if by == "feature" or len(self.labels_of(by)) > 1]
        return "\n\n".join([self.heading, *(self.table(by, 8) for by in shown)])

    def __repr__(self) -> str:
        return f"Explanation({self.model!r}, {self.method}, {self.output!r}, {len(self):,} windows)"

    def labels_of(self, by: str) -> list[Any]:
        """All that numbers are called under one label, in the order of the inputs."""
        return labels_of(self.names, by)


def labels_of(names: Names, by: str) -> list[Any]:
    """All that the numbers of the inputs are called under one label."""
    if by == "input":
        return list(names)
    found = (item for name in names.values() for item in name.labels[by].ravel().tolist() if item is not None)
    return list(dict.fromkeys(found))


def check_by(by: Any, names: Names) -> list[str]:
    """The labels that a table is grouped by.

    Raises:
        TrainError: ``explain.by``.
    """
    asked = [by] if isinstance(by, str) else list(by)
    for label in asked:
        if label not in LABELS:
            near = get_close_matches(str(label), LABELS, 1)
            raise TrainError(
                f"`by` is one of: {', '.join(LABELS)}; received {label!r}",
                help=f"did you mean `{near[0]}`?" if near else "choose one of them, or a list",
                code="explain.by",
            )
        if not labels_of(names, label):
            raise TrainError(
                f"no number of the inputs has a {label}",
                help="choose one of: " + ", ".join(item for item in LABELS if labels_of(names, item)),
                code="explain.by",
            )
    if not asked:
        raise TrainError("`by` names no label", help=f"choose from: {', '.join(LABELS)}", code="explain.by")
    return asked
