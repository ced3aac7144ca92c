"""The levels of the factors a model was fitted on, so that classes come back as R gave them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

import numpy as np

from r_bridge.errors import RArgumentError, RValueError
from r_bridge.without_na import Factor


def codes(model: Any, output: str, value: np.ndarray | Factor, where: str) -> np.ndarray:
    """A target as numbers; a factor's levels are remembered at the first fit and matched by name after it.

    Raises:
        RValueError: the factor has a level that the model was not fitted on.
    """
    check_task(value, output, model.tasks[output], where)
    if not isinstance(value, Factor):
        return value
    known = of_output(model, output)
    if known is None:
        check_count(value, output, model.tasks[output].classes, where)
        remember(model, output, value.levels)
        return value.codes
    if known == value.levels:
        return value.codes
    for level in value.levels:
        if level not in known:
            near = get_close_matches(level, known, n=1)
            raise RValueError(
                f'`{where}` has the level "{level}", which `{output}` was not fitted on',
                help=f"its levels are {', '.join(known)}" + (f'; did you mean "{near[0]}"?' if near else ""),
                code="factor.level",
            )
    return np.array([known.index(level) for level in value.levels], np.int32)[value.codes]


def check_task(value: np.ndarray | Factor, output: str, task: Any, where: str) -> None:
    """Refuse classes for an output that predicts numbers: their codes would pass for measurements.

    Raises:
        RValueError: a factor or a logical for an output of numbers.
    """
    if task.kind != "numbers" or not (isinstance(value, Factor) or value.dtype.kind == "b"):
        return
    word = "a factor" if isinstance(value, Factor) else "logical"
    raise RValueError(
        f"`{where}` is {word}, but the output `{output}` predicts numbers",
        help="give numbers, or give the output a loss for classes, such as sparse_categorical_crossentropy",
        code="value.classes_for_numbers",
    )


def check_count(value: Factor, output: str, classes: int | None, where: str) -> None:
    """Refuse a factor whose levels are not the model's classes: predictions could not be given in them.

    Raises:
        RValueError: another number of levels than classes.
    """
    if classes is None or len(value.levels) == classes:
        return
    unused = [level for code, level in enumerate(value.levels) if not (value.codes == code).any()]
    mend = f"give it the {classes} levels of the model: factor({where}, levels = c(...))"
    if len(value.levels) - len(unused) == classes:
        named = ", ".join(f'"{level}"' for level in unused[:5])
        mend = f"no row has the {'level' if len(unused) == 1 else 'levels'} {named}: droplevels({where})"
    elif len(value.levels) > classes:
        mend = f"make the model with {len(value.levels)} classes, or merge levels"
    raise RValueError(
        f"`{where}` has {len(value.levels)} levels, and the output `{output}` has {classes} classes",
        help=mend,
        code="factor.count",
    )


def remember(model: Any, output: str, names: tuple[str, ...]) -> None:
    """Keep the levels of an output with the model, and so in its bundle."""
    model.data_card.setdefault("levels", {})[output] = list(names)


def of_output(model: Any, output: str) -> tuple[str, ...] | None:
    """The levels of an output: of the factor it was fitted on, or of the recipe's own labels."""
    return tuple(model.class_names(output)) or None


def name_report(model: Any) -> None:
    """Call the classes in a report by their levels, which a model of arrays learns of after it was judged."""
    if model.evaluation is None:
        return
    named = {
        name: replace(report, levels=of_output(model, name) or report.levels)
        for name, report in model.evaluation.outputs.items()
    }
    model.evaluation = replace(model.evaluation, outputs=named)


def as_factor(model: Any, output: str, values: np.ndarray) -> Any:
    """Class numbers as a factor with the output's levels; other targets as they are."""
    known = of_output(model, output)
    if known is None or values.ndim != 1 or model.tasks[output].kind != "labels":
        return values
    return Factor(values.astype(np.int32), known)


def class_weights(known: Mapping[str, tuple[str, ...]], weights: Any) -> Any:
    """Class weights, by output or not, with levels made class numbers; ``"balanced"`` and numbers stay.

    Args:
        known: every output, in the model's order, with its levels as far as there are any.
        weights: as R gives them.
    """
    if isinstance(weights, dict) and weights and known.keys() >= weights.keys():
        return {name: _by_class(known[name], item) for name, item in weights.items()}
    return _by_class(next(iter(known.values())), weights)


def _by_class(known: tuple[str, ...], weights: Any) -> Any:
    if not isinstance(weights, dict):
        return weights
    made: dict[Any, Any] = {}
    for name, weight in weights.items():
        if name in known:
            made[known.index(name)] = float(weight)
        elif name.isdigit():
            made[int(name)] = float(weight)
        else:
            raise RArgumentError(
                f'`class_weight` names the class "{name}", which the model does not know',
                help=f"its classes are {', '.join(known)}" if known else "classes are numbered from 0",
                code="argument.class_weight",
            )
    return made
