"""What an R call gives: inputs and targets by name, a source for the recipe's own preparation, settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from r_bridge import levels, r_memory
from r_bridge.dimensions import check_dimensions
from r_bridge.errors import RArgumentError, RValueError
from r_bridge.tensors import named_tensors
from r_bridge.to_python import is_frame, is_list, setting
from r_bridge.without_na import Factor
from zoo.errors import ZooError

# What a list of no arrays may begin with: data that is made, not given.
_SOURCES = frozenset({"toy", "simulate"})


def source_of(model: Any, x: Any) -> Any:
    """A path, or a frame of raw data where the model prepares its own data; else None."""
    prepares = model.pipeline is not None and model.pipeline.reads_files
    return None if is_frame(x) and not prepares else read_by_recipe(x)


def read_by_recipe(x: Any) -> Any:
    """A path, a frame of raw data or a recipe's own source, ``list(toy = ...)``, else None."""
    made = is_list(x) and not _SOURCES.isdisjoint(r_memory.names(x) or ())
    return setting(x, "data") if made or is_frame(x) or r_memory.type_name(x) == "STRSXP" else None


def raw_data(model: Any, x: Any, what: str, help: str) -> Any:
    """A path or a frame for the model's own recipe; None for the run's own data.

    Args:
        model: whose recipe.
        x: an R object.
        what: why arrays are none of it, in words.
        help: what to give in their place.

    Raises:
        RArgumentError: ``argument.new_data``, an array, or the model was not trained on rows.
    """
    data = source_of(model, x)
    if data is None and not is_null(x):
        if is_frame(x):
            raise RArgumentError(
                f"{what}, and `{model.spec.name}` was not trained on rows: it does not know how to read them",
                help="train it on a data frame or a file with zoo_train()",
                code="argument.new_data",
            )
        raise RArgumentError(f"{what}, and an array was given", help=help, code="argument.new_data")
    return data


def is_null(sexp: Any) -> bool:
    """Whether an R object is NULL."""
    return r_memory.type_name(sexp) == "NILSXP"


def not_null(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that R gave; what it left NULL keeps Python's own default."""
    return {name: value for name, value in settings.items() if value is not None}


@contextmanager
def data_named(help: str, model: Any, call: str = "") -> Iterator[None]:
    """Without data, R's own argument is named, and a bundle only where there was one.

    Args:
        help: what to give to a model of arrays.
        model: whose data.
        call: what to write where the model prepares raw data itself; else ``help``.
    """
    try:
        yield
    except ZooError as error:
        if error.code != "train.no_data":
            raise
        opened = bool(model.data_card.get("given")) and model.prepared is None
        reason = (
            "a model that was saved and read again does not carry it"
            if opened
            else "zoo_model() and fit() keep none"
        )
        if call and model.pipeline is not None and model.pipeline.reads_files:
            help = f"give the data again, a data frame, a series or the path of a file: {call}"
        raise RArgumentError(
            f"`{model.spec.name}` has no data of its own at hand: {reason}", help=help, code=error.code
        ) from None


def inputs_of(
    spec: Any, x: Any, where: str, by_column: Mapping[str, Sequence[str]] | None = None
) -> dict[str, np.ndarray]:
    """The arrays for a spec's inputs, of their types and dimensions.

    Args:
        spec: whose inputs.
        x: R arrays or data frames: one, or a list by name or in order.
        where: the argument's name in R.
        by_column: by input, the columns that a data frame is to be read by.
    """
    dtypes = {name: item.dtype for name, item in spec.inputs.items()}
    found = named_tensors(x, list(spec.inputs), where, dtypes, by_column)
    made: dict[str, np.ndarray] = {}
    for name, value in found.items():
        array = value.codes if isinstance(value, Factor) else value
        label = where if len(found) == 1 else f"{where}${name}"
        made[name] = check_dimensions(array, tuple(spec.inputs[name].shape), label)
    return made


def targets_of(model: Any, y: Any, where: str) -> dict[str, np.ndarray]:
    """The arrays for a model's outputs; factors as the codes of the levels it was fitted on."""
    outputs = list(model.spec.outputs)
    refuse_texts(y, where)
    found = named_tensors(y, outputs, where)
    return {name: levels.codes(model, name, value, where) for name, value in found.items()}


def refuse_texts(y: Any, where: str) -> None:
    """Refuse classes given as text: their order would be a guess."""
    parts = r_memory.elements(y) if is_list(y) else [y]
    if any(r_memory.type_name(part) == "STRSXP" for part in parts):
        raise RValueError(
            f"`{where}` holds texts; classes are given as a factor",
            help=f"make a factor of them: factor({where})"
            if not is_list(y)
            else "make factors of them: factor()",
            code="value.not_numeric",
        )


def in_r_positions(error: ZooError) -> ZooError:
    """The same error with its position counted from 1, as R counts."""
    position = error.data.get("position")
    if not isinstance(position, list):
        return error
    counted = [int(place) + 1 for place in position]
    before, after = (f"[{', '.join(map(str, places))}]" for places in (position, counted))
    moved = type(error)(
        error.message.replace(before, after),
        help=error.help.replace("; positions count from 0", ""),
        code=error.code,
        data={**error.data, "position": counted},
    )
    return moved
