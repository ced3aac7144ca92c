"""The lines above a report's table: label, split, and what is left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from zoo.train.judge.evaluate import Context
from zoo.train.parts import MOST_NUMBERS, Sample, count_numbers

if TYPE_CHECKING:
    from zoo.train.trained import Trained


def context_of(run: Trained, sample: Sample, part: str, about: str | None, simulated: bool | None) -> Context:
    """What is judged; ``about`` and ``simulated`` are those of the run's own data when None."""
    recipe: Mapping[str, Any] = run.pipeline.recipe if run.pipeline is not None else {}
    files = run.pipeline is not None and run.pipeline.reads_files
    toy = about is None and bool(run.data_card.get("toy"))
    return Context(
        model=run.spec.name,
        about=str(run.data_card.get("about", "")) if about is None else about,
        part=part,
        windows=len(sample),
        label=run.pipeline.about_labels() if run.pipeline is not None else "",
        split=_split(recipe, files) if part != "all" and (files or toy) else "",
        simulated=bool(run.data_card.get("simulated")) if simulated is None else simulated,
        # Only windows that were cut here are known to be any.
        unit="windows" if files else "samples",
        note=_left_out(run, sample),
        ordered=sample.ordered,
    )


def _left_out(run: Trained, sample: Sample) -> str:
    numbers = count_numbers(sample.x)
    classed = any(task.classes for task in run.tasks.values())
    if sample.ordered or not classed or numbers <= MOST_NUMBERS:
        return ""
    return f"no logistic baseline: {numbers:,} numbers a sample, more than {MOST_NUMBERS:,}"


def _split(recipe: Mapping[str, Any], ordered: bool) -> str:
    split = recipe.get("split")
    split = split if isinstance(split, Mapping) else {}
    shares = [split.get(name, default) for name, default in (("train", 0.7), ("val", 0.15), ("test", 0.15))]
    shown = "/".join(
        f"{100 * float(share):g}" if isinstance(share, (int, float, np.number)) else "?" for share in shares
    )
    usual = "time" if ordered else "random"
    purge = f", purge {split.get('purge', 'auto')}" if ordered else ""
    return f"split: by {split.get('by', usual)}, {shown} % train/val/test{purge}"
