"""Pictures of what a model looks at: importance bars, profiles over time, heat maps of single windows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from zoo.explain.cells import By, words_of
from zoo.explain.figures import figure, file_name, png
from zoo.explain.grid import by_step, classes_of, rows_of, sizes, telling_windows, timed_inputs
from zoo.explain.names import LABELS
from zoo.explain.permutation import called
from zoo.explain.records import records

if TYPE_CHECKING:
    import pandas as pd

    from zoo.explain.explanation import Explanation
    from zoo.explain.occlusion import Occlusion
    from zoo.explain.permutation import Importance

_MOST_BARS, _MOST_ROWS = 20, 40
# Inches: on a telephone, 390 dots wide, the letters can still be read.
_WIDTH, _DPI = 5.0, 160
# Of prices; not the colours of attributions.
_SIDES = {"ask": "tab:orange", "bid": "tab:green", "mid": "black"}
# Of attributions, in bars as in heat maps: what raises the number that is explained, and what lowers it.
_RAISES, _LOWERS = "#b2182b", "#2166ac"


def pictures(found: Explanation) -> dict[str, bytes]:
    """Name → PNG: ``importance_LABEL``, and where there is time ``profile`` and a ``window_CLASS`` a class.

    The same explanation gives the same bytes.
    """
    told = {name: by for name, by in found.groupings.items() if _is_drawn(found, name)}
    made = {f"importance_{name}": _importance(found, by) for name, by in told.items()}
    if timed_inputs(found):
        made["profile"] = _profile(found)
        for name, place in telling_windows(found).items():
            made[file_name(f"window_{name}", made)] = _window(found, name, place)
    return made


def occlusion_picture(found: Occlusion) -> bytes:
    """The bars of its frame, as PNG."""
    frame = found.frame.sort_values("size", ascending=False, kind="stable")
    unit = f"mean size of what it brings by {', '.join(found.by)}, 95 %"
    return _bars(frame, found.by, "size", unit, f"{found.model}: `{found.output}`, by occlusion")


def importance_pictures(found: Importance) -> dict[str, bytes]:
    """Output → PNG: what the score loses with each group, with intervals."""
    made = {}
    for output, lines in found.ranked().groupby("output", sort=False):
        title = f"{found.model}: `{output}` without each of them"
        made[str(output)] = _bars(
            lines, found.by, "importance", f"worse by, {lines['metric'].iloc[0]}", title
        )
    return made


def _is_drawn(found: Explanation, name: str) -> bool:
    """Bars of one thing say nothing, and time has a picture of its own."""
    return name not in LABELS or name == "feature" or name != "time" and len(found.labels_of(name)) > 1


def _importance(found: Explanation, by: By) -> bytes:
    title = f"{found.model}: {found.target} of `{found.output}`"
    unit = f"mean size of the attribution by {', '.join(words_of(by))}, 95 %"
    return _bars(sizes(found, by), words_of(by), "size", unit, title)


def _bars(frame: pd.DataFrame, by: Sequence[str], column: str, unit: str, title: str) -> bytes:
    """Bars with intervals; where the frame has a signed ``mean``, coloured by it."""
    from matplotlib.patches import Patch

    rows = records(frame)[:_MOST_BARS][::-1]
    drawn = figure((_WIDTH, 1.2 + 0.28 * len(rows)))
    axes = drawn.add_subplot()
    values = np.array([row[column] for row in rows], float)
    # Draws are around their own mean, which need not be within their middle.
    below = np.maximum(values - [row["low"] for row in rows], 0)
    above = np.maximum([row["high"] for row in rows] - values, 0)
    signed = "mean" in frame
    colours = [_RAISES if row["mean"] >= 0 else _LOWERS for row in rows] if signed else "tab:gray"
    axes.barh(range(len(rows)), values, color=colours, alpha=0.8)
    if signed:
        bars = [Patch(color=_RAISES, label="raises it on average"), Patch(color=_LOWERS, label="lowers it")]
        drawn.legend(handles=bars, loc="outside upper center", ncols=2, frameon=False, fontsize="small")
    axes.errorbar(values, range(len(rows)), xerr=(below, above), fmt="none", ecolor="black", capsize=2, lw=1)
    axes.set_yticks(range(len(rows)), [called(row, by) for row in rows])
    axes.axvline(0, color="black", lw=0.5)
    more = f", first {len(rows)} of {len(frame)}" if len(frame) > len(rows) else ""
    axes.set(xlabel=unit + more)
    axes.set_title(title, fontsize="small")
    axes.spines[["top", "right"]].set_visible(False)
    return png(drawn, _DPI)


def _profile(found: Explanation) -> bytes:
    names = timed_inputs(found)[:3]
    drawn = figure((_WIDTH, 0.6 + 2.6 * len(names)))
    for number, name in enumerate(names, start=1):
        axes = drawn.add_subplot(len(names), 1, number)
        sums, lags = by_step(found, name).sum(axis=2), found.names[name].lags or ()
        for key, places in classes_of(found).items():
            mean = sums[places].mean(axis=0)
            spread = sums[places].std(axis=0) / np.sqrt(len(places))
            label = f"{key}, {len(places)}" if found.classes is not None else key
            (line,) = axes.plot(np.negative(lags), mean, ".-", label=label)
            axes.fill_between(
                np.negative(lags), mean - spread, mean + spread, color=line.get_color(), alpha=0.2, lw=0
            )
        axes.axhline(0, color="black", lw=0.5)
        axes.set(ylabel=f"mean attribution to `{name}`\nabove 0 raises it")
        axes.spines[["top", "right"]].set_visible(False)
        if number == 1:
            said = "the model says" if found.classes is not None else None
            drawn.legend(
                *axes.get_legend_handles_labels(),
                loc="outside upper center",
                ncols=3,
                frameon=False,
                title=said,
            )
            axes.set_title(
                f"{found.model}: {found.target} of `{found.output}`, by step, ± standard error",
                fontsize="small",
            )
    _steps_below(drawn.axes[-1])
    return png(drawn, _DPI)


def _window(found: Explanation, name: str, place: int) -> bytes:
    """One window: its prices above, then each input's attributions by step and level, or feature."""
    names = timed_inputs(found)[:2]
    heights = [max(1.2, 0.22 * len(_shown(found, item, place)[0])) for item in names]
    prices = {key: values for key, values in found.prices.items() if values.shape[1] == _length(found, names)}
    if prices:
        heights = [1.6, *heights]
    drawn = figure((_WIDTH, 1.0 + sum(heights)))
    panels = drawn.subplots(
        len(heights), 1, sharex=True, squeeze=False, gridspec_kw={"height_ratios": heights}
    )[:, 0]
    if prices:
        _draw_prices(panels[0], prices, place, found)
    for axes, item in zip(panels[len(heights) - len(names) :], names, strict=True):
        _draw_heat(drawn, axes, found, item, place)
    _steps_below(panels[-1])
    at = "" if found.rows is None else f", ends at row {int(found.rows[place]):,}"
    said = f"the model says {name}" if found.classes is not None else "the farthest from the mean"
    drawn.suptitle(f"{found.model}: {said}{at}\n{found.target}: {found.values[place]:.3g}", fontsize="small")
    return png(drawn, _DPI)


def _steps_below(axes: Any) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.set_xlabel("steps from the window's last one")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))


def _length(found: Explanation, names: Sequence[str]) -> int:
    return len(found.names[names[0]].lags or ())


def _shown(found: Explanation, name: str, place: int) -> tuple[list[str], Any]:
    """The heat map's rows, and (row, time); of many rows those that weigh most."""
    rows = rows_of(found.names[name].features)
    values = by_step(found, name)[place]
    grid = np.stack([values[:, columns].sum(axis=1) for columns in rows.values()])
    if len(grid) > _MOST_ROWS:
        kept = np.sort(np.argsort(-np.abs(grid).sum(axis=1), kind="stable")[:_MOST_ROWS])
        return [list(rows)[number] for number in kept], grid[kept]
    return list(rows), grid


def _draw_heat(drawn: Any, axes: Any, found: Explanation, name: str, place: int) -> None:
    rows, grid = _shown(found, name, place)
    lags = found.names[name].lags or (0,)
    size = float(np.abs(grid).max()) or 1.0
    mesh = axes.pcolormesh(
        np.negative(lags), np.arange(len(rows)), grid, cmap="RdBu_r", vmin=-size, vmax=size, shading="nearest"
    )
    axes.set_yticks(range(len(rows)), rows, fontsize="small")
    axes.invert_yaxis()
    axes.set_ylabel(f"`{name}`")
    bar = drawn.colorbar(mesh, ax=axes, pad=0.01)
    bar.set_label("← lowers, raises →", fontsize="small")
    bar.ax.tick_params(labelsize="small")


def _draw_prices(axes: Any, prices: dict[str, Any], place: int, found: Explanation) -> None:
    best: list[Any] = []
    for name, values in prices.items():
        side = name.split("_", 1)[0]
        level = int(name.rsplit("_", 1)[-1]) if name.rsplit("_", 1)[-1].isdigit() else 1
        axes.plot(
            np.arange(1 - values.shape[1], 1),
            values[place],
            color=_SIDES.get(side, "tab:blue"),
            lw=1.6 if level == 1 else 0.7,
            ls=":" if side == "mid" else "-",
            zorder=3 if side == "mid" else 2,
            alpha=1.0 if level == 1 else 0.6,
            label=side if level == 1 else None,
        )
        best += [values[place]] if level == 1 else []
    if "mid" in prices and np.ptp(best) > 0:
        # Far levels may lie anywhere: what is to be seen is the path of the best prices.
        axes.set_ylim(np.min(best) - np.ptp(best), np.max(best) + np.ptp(best))
    axes.set_ylabel(found.price_unit, fontsize="small")
    axes.ticklabel_format(axis="y", useOffset=False)
    axes.legend(
        frameon=False, fontsize="small", loc="lower left", bbox_to_anchor=(0, 1), ncols=3, borderaxespad=0
    )
    axes.spines[["top", "right"]].set_visible(False)
