"""From a recipe and a source to training, validation and test parts, with nothing of the future in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zoo.data.arrays import is_arrays
from zoo.data.asked import Asked, asked_of
from zoo.data.kinds import RECIPES, TOYS, load_kind
from zoo.data.pipeline import Outputs
from zoo.data.prepared import Prepared
from zoo.data.shapes import InputShapes
from zoo.errors import DataError


def prepare(
    recipe: Mapping[str, Any],
    source: Any = None,
    *,
    input_shapes: InputShapes,
    outputs: Outputs,
    output_shapes: InputShapes | None = None,
    asked: Asked | None = None,
) -> Prepared:
    """Training, validation and test parts of a source, made as the ``data`` section says.

    Features are causal; rows are split by time; scaler and threshold are fitted on the rows of the training
    part alone; a window's label never reads a row of another part, and no window crosses a session or symbol.

    Args:
        recipe: the spec's ``data`` section; empty when arrays are given.
        source: None (the recipe's source, else the simulator), path, Book, DataFrame, ``(x, y)`` or
            ``{"x": …, "y": …}`` with arrays or maps of arrays by input and output name; for tokens, images
            and toys also ``{"toy": NAME, …}``.
        input_shapes: input name → shape without the batch axis.
        outputs: output name → number of classes, or None for a number.
        output_shapes: output name → its shape without the batch axis; one number or class a sample when left
            out.
        asked: all that the model asks of inputs and targets, for toys; None means what the rest says.

    Returns:
        Prepared; ``.train.x[name][[0, 5, 7]]`` gathers those three windows and no others.

    Raises:
        DataError: when recipe, source, inputs and outputs do not fit together; it says which and why.

    Example:
        >>> from zoo import data
        >>> recipe = {"kind": "orderbook", "window": {"length": 20}, "label": {"horizon": 5},
        ...           "features": {"levels": 1}, "source": {"simulate": {"snapshots": 400}}}
        >>> ready = data.prepare(recipe, input_shapes={"book": (20, 4)}, outputs={"direction": 3})
        >>> ready.train.x["book"][[0, 1]].shape, ready.pipeline.levels
        ((2, 20, 4), ['down', 'stationary', 'up'])
    """
    kind = "arrays" if is_arrays(source) else _kind_of(recipe)
    shapes = {name: (classes or 1,) for name, classes in outputs.items()} | dict(output_shapes or {})
    more = {"asked": asked or asked_of(input_shapes, outputs)} if kind in TOYS else {}
    made: Prepared = load_kind(kind).prepare(
        recipe, source, input_shapes=input_shapes, outputs=outputs, output_shapes=shapes, **more
    )
    return made


def _kind_of(recipe: Mapping[str, Any]) -> str:
    if not recipe:
        raise DataError(
            "this spec has no `data` section, so it says nothing of features, windows and labels",
            help="give arrays, (x, y), or add a `data` section to the spec",
            code="data.recipe",
        )
    kind = recipe.get("kind", "orderbook")
    if kind not in RECIPES:
        raise DataError(
            f"`data.kind` is {kind!r}; this version prepares {', '.join(f'`{name}`' for name in RECIPES)}",
            help=f"write `kind: {RECIPES[0]}`, or give arrays, (x, y), which fit any spec",
            code="data.kind",
        )
    return str(kind)
