"""From a toy to parts: its samples made for the model, then treated as arrays are."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from zoo.data.arrays import prepare_arrays
from zoo.data.asked import Asked
from zoo.data.pipeline import Outputs
from zoo.data.prepared import Prepared
from zoo.data.shapes import InputShapes
from zoo.data.toys.signs import number_type, sizes_of
from zoo.data.toys.source import Chosen, chosen_toy
from zoo.data.toys.toy import Order, Samples
from zoo.errors import DataError

SAMPLES = 600
# What the samples may fill when nobody says how many, and when somebody does.
USUAL_BYTES, MOST_BYTES = 256 * 2**20, 4 * 2**30
LENGTH = {"tokens": 40, "images": 28, "toy": 64}


def prepare_toy(
    recipe: Mapping[str, Any],
    source: Any,
    *,
    input_shapes: InputShapes,
    outputs: Outputs,
    output_shapes: InputShapes,
    asked: Asked,
) -> Prepared:
    """Parts of a toy's samples, made for these inputs and targets; the recipe's split is used.

    Raises:
        DataError: no such toy, an option it does not have, or more samples than memory should hold.
    """
    chosen = chosen_toy(recipe, source)
    sized = with_sizes(asked, chosen.length or LENGTH[chosen.toy.kind])
    samples = _count(chosen, sized)
    split = {"by": "random", **dict(recipe.get("split") or {})}
    # The samples come in random order: cut as they stand, the parts are views and not copies.
    cut = {**split, "by": "time"} if split["by"] == "random" else split
    made = prepare_arrays(
        {**recipe, "split": cut},
        make_samples(chosen, sized, samples),
        input_shapes=input_shapes,
        outputs=outputs,
        output_shapes=output_shapes,
    )
    return replace(
        made,
        pipeline=replace(made.pipeline, recipe=dict(recipe)),
        about=_about(chosen, samples, made),
        simulated=chosen.toy.drawn,
        toy=chosen.name,
        ordered=False,
    )


def make_samples(chosen: Chosen, sized: Asked, samples: int) -> Samples:
    """(x, y) by name; the same seed gives the same."""
    order = Order(sized, samples, np.random.default_rng(chosen.seed), chosen.options)
    return chosen.toy.make(order)


def with_sizes(asked: Asked, length: int) -> Asked:
    """The same with every unknown size made ``length``."""
    return Asked(
        {name: replace(item, shape=_known(item.shape, length)) for name, item in asked.inputs.items()},
        {name: replace(item, shape=_known(item.shape, length)) for name, item in asked.targets.items()},
    )


def _known(shape: Sequence[int | None], length: int) -> tuple[int, ...]:
    return tuple(length if size is None else size for size in shape)


def _count(chosen: Chosen, sized: Asked) -> int:
    each = sum(math.prod(sizes_of(item)) * number_type(item).itemsize for item in sized.inputs.values())
    each += sum(4 * math.prod(sizes_of(target)) for target in sized.targets.values())
    most = chosen.toy.most
    if chosen.samples is None:
        return min(SAMPLES, most or SAMPLES, max(8, USUAL_BYTES // max(1, each)))
    if most is not None and chosen.samples > most:
        raise DataError(
            f"the toy `{chosen.name}` has {most:,} samples; {chosen.samples:,} are asked for",
            help=f"give `samples` up to {most}",
            code="data.source",
        )
    if chosen.samples * each > MOST_BYTES:
        raise DataError(
            f"{chosen.samples:,} samples of the toy `{chosen.name}` would fill "
            f"{chosen.samples * each / 2**30:.1f} GiB: each has {each / 2**20:.1f} MiB",
            help=f"give `samples` up to {MOST_BYTES // each}",
            code="data.source",
        )
    return chosen.samples


def _about(chosen: Chosen, samples: int, made: Prepared) -> str:
    drawn = f" (seed {chosen.seed})" if chosen.toy.drawn else ""
    return (
        f"toy data: {chosen.toy.about}{drawn}, {samples:,} samples; training {len(made.train):,}, "
        f"validation {len(made.val):,}, test {len(made.test):,}"
    )
