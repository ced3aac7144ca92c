"""What an explanation holds, and its tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from zoo.errors import TrainError
from zoo.explain.cells import By, group_cells, words_of
from zoo.explain.names import LABELS, Names, how_counted, labels_of
from zoo.spec.tools.files import write

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "attribution: what a group's numbers add up to, mean over the windows; above 0 raises what is explained",
    "importance: the mean of its size, whatever the sign; share: its part of all importance",
)


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
        prices: feature, or ``mid`` → (window, time) prices of a book, in ``price_unit``.
        price_unit: of the prices.
        by: what its table is grouped by, where somebody said it.
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
    by: By | None = None

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

    def frame(self, by: By | None = None) -> pd.DataFrame:
        """A line for each group of numbers, the most important first.

        Args:
            by: ``input``, ``time`` (steps before the window's last one, which is 0), ``level`` (1 is the
                best), ``side``, ``field``, ``feature``, or a list of them; or a map, name of a group → its
                features. Numbers without the label are left out. None means what ``explain`` was told, else
                ``feature``.

        Returns:
            A frame: the labels; ``attribution``, the mean over the windows of the group's sum;
            ``importance``, the mean of its size; ``share`` of all importance.

        Raises:
            TrainError: ``explain.by``, no such label, or no number has one.
        """
        import pandas as pd

        labels, groups = group_cells(self.names, self._asked(by))
        lines = []
        for group in groups:
            if None in group.label:
                continue
            parts = [
                self.attributions[name][:, cells].sum(axis=1, dtype=float)
                for name, cells in group.cells.items()
            ]
            total = np.sum(parts, axis=0)
            means = {"attribution": total.mean(), "importance": np.abs(total).mean()}
            lines.append({**dict(zip(labels, group.label, strict=True)), **means})
        if not lines:
            raise TrainError(
                f"no number of the inputs has all of: {', '.join(labels)}",
                help="ask for fewer of them",
                code="explain.by",
            )
        table = pd.DataFrame(lines).sort_values(
            "importance", ascending=False, kind="stable", ignore_index=True
        )
        table["share"] = table["importance"] / max(float(table["importance"].sum()), 1e-30)
        return table

    def importance(self, by: By | None = None) -> dict[Any, float]:
        """Group → its importance, the largest first; see ``frame``."""
        table = self.frame(by)
        keys = table.iloc[:, :-3].itertuples(index=False)
        names = [row[0] if len(row) == 1 else tuple(row) for row in keys]
        return dict(zip(names, table["importance"], strict=True))

    def _asked(self, by: By | None) -> By:
        return by if by is not None else self.by if self.by is not None else "feature"

    def write(self, folder: str | Path) -> dict[str, Path]:
        """Write ``explanation.txt``, ``by_LABEL.csv`` tables and ``columns.txt``, pictures, and one page.

        Args:
            folder: is made where it is missing; each file is whole or absent.
        """
        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        files = {
            "text": write(target / "explanation.txt", f"{self}\n"),
            "columns": write(target / "columns.txt", "\n".join([*self.columns, ""])),
        }
        for name, by in self.groupings.items():
            files[f"by_{name}"] = write(target / f"by_{name}.csv", self.frame(by).to_csv(index=False))
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
    def columns(self) -> list[str]:
        """What the columns of all tables are, a line each."""
        return [*COLUMNS, *how_counted([label for label in LABELS if self.labels_of(label)])]

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

    def table(self, by: By | None = None, most: int = 20) -> str:
        """The first lines of ``frame(by)`` as text."""
        frame = self.frame(by)
        text = frame.head(most).to_string(index=False, float_format="{:.4g}".format)
        return text if len(frame) <= most else f"{text}\n… and {len(frame) - most} more"

    @property
    def groupings(self) -> dict[str, By]:
        """Name → what a table is grouped by: what was asked, then each label that numbers have."""
        asked: dict[str, By] = {} if self.by is None else {"_".join(words_of(self.by)): self.by}
        return asked | {label: label for label in ("feature", *LABELS) if self.labels_of(label)}

    def to_html(self, path: str | Path) -> Path:
        """Write one page that needs no other file: the pictures, the tables, and the numbers as JSON.

        The numbers are in the element ``<script type="application/json" id="explanation">``.
        """
        from zoo.explain.page import page

        return write(path, page(self))

    def __str__(self) -> str:
        usual = ["feature", *(label for label in ("level", "time") if len(self.labels_of(label)) > 1)]
        tables = [self.table(by, 8) for by in usual] if self.by is None else [self.table()]
        counted = how_counted(usual if self.by is None else words_of(self.by))
        return "\n\n".join([self.heading, *tables, "\n".join([*COLUMNS, *counted])])

    def __repr__(self) -> str:
        return f"Explanation({self.model!r}, {self.method}, {self.output!r}, {len(self):,} windows)"

    def labels_of(self, by: str) -> list[Any]:
        """All that numbers are called under one label, in the order of the inputs."""
        return labels_of(self.names, by)
