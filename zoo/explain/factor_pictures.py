"""Pictures of a factor report: each feature's correlation with the output, and with the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from zoo.explain.figures import figure, file_name, png
from zoo.explain.records import records

if TYPE_CHECKING:
    from zoo.explain.factors import Factors

_MOST = 30
_COLOURS = {"output": "tab:blue", "truth": "tab:orange"}


def factor_pictures(found: Factors) -> dict[str, bytes]:
    """Name → PNG, ``factors_OUTPUT_TARGET``: Spearman's correlation at the window's last step, 95 %."""
    made: dict[str, bytes] = {}
    last = found.frame[(found.frame["at"] == "last") & found.frame["spearman"].notna()]
    for (output, target), frame in last.groupby(["output", "target"], sort=False):
        size = frame["spearman"].abs().groupby([frame["input"], frame["feature"]], sort=False).max()
        order = list(size.sort_values(ascending=False, kind="stable").index[:_MOST])
        drawn = figure((5.0, 1.4 + 0.28 * len(order)))
        axes = drawn.add_subplot()
        for offset, (told, colour) in zip((-0.15, 0.15), _COLOURS.items(), strict=True):
            rows = [
                row
                for row in records(frame[frame["with"] == told])
                if (row["input"], row["feature"]) in order
            ]
            values, low, high = (
                np.array([row[f"spearman{end}"] for row in rows]) for end in ("", "_low", "_high")
            )
            axes.errorbar(
                values,
                [order.index((row["input"], row["feature"])) + offset for row in rows],
                # Draws are around their own mean, which need not be within their middle.
                xerr=np.maximum([values - low, high - values], 0),
                fmt="o",
                ms=3,
                lw=1,
                color=colour,
                label=f"with the {told}",
            )
        axes.axvline(0, color="black", lw=0.5)
        axes.set_yticks(range(len(order)), [feature for _, feature in order])
        axes.invert_yaxis()
        more = f", first {len(order)} of {len(size)}" if len(size) > len(order) else ""
        axes.set_xlabel(f"Spearman's correlation at the last step, 95 %{more}")
        drawn.legend(loc="outside upper center", ncols=2, frameon=False, fontsize="small")
        axes.set_title(f"{found.model}: `{target}` of `{output}`", fontsize="small")
        axes.spines[["top", "right"]].set_visible(False)
        made[file_name(f"factors_{output}_{target}", made)] = png(drawn, 160)
    return made
