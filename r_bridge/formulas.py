"""A formula and a data frame → the `data` section of a table, and the run of a spec on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import zoo
from r_bridge import table_rows
from r_bridge.errors import RArgumentError
from r_bridge.given import not_null
from r_bridge.models import described
from zoo.build.tensorflow_start import load_keras_quietly
from zoo.spec import emit
from zoo.spec.documents import Documents
from zoo.spec.nodes import plain
from zoo.spec.source import Source
from zoo.spec.values import plain_value
from zoo.train.tasks import task

_WORDS = ("left", "right", "time", "group", "horizon", "scale", "clean")
_KEPT = ("window", "label", "split", "clean", "missing")
_REACH = ("lookback", "shift")
# What specs call the number of columns.
_WIDTHS = ("series", "features", "channels", "columns", "variables")


def train(spec: Any, data: Any, listeners: Any = None, **asked: Any) -> dict[str, Any]:
    """Run a spec's recipe on a data frame whose columns a formula names.

    Args:
        spec: a Spec; of its own `data` section, how windows and splits are made stays.
        data: the frame.
        listeners: R functions to call during the training.
        asked: the formula's words, as in ``as_asked``, and epochs, batch_size, seed, class_weight, out.
    """
    load_keras_quietly()
    from r_bridge.listeners import listening  # which imports Keras

    made, settings = parted(spec, data, asked)
    with listening(listeners) as told:
        model = zoo.train(made, data, verbose=0, callbacks=told, **settings)
    table_rows.remember(model, data)
    return described(model)


def parted(spec: Any, data: Any, asked: Mapping[str, Any]) -> tuple[Any, dict[str, Any]]:
    """The spec that the formula's words mean, and what else a call says: the settings of its run.

    Args:
        spec: a Spec.
        data: the frame.
        asked: words of ``as_asked``, and settings.
    """
    words = {name: value for name, value in asked.items() if name in _WORDS}
    settings = {name: value for name, value in asked.items() if name not in _WORDS}
    return as_asked(spec, data, **words), not_null(settings)


def as_asked(
    spec: Any,
    data: Any,
    left: list[list[str]],
    right: list[list[str]],
    time: str | None = None,
    group: str | list[str] | None = None,
    horizon: int | None = None,
    scale: str | None = None,
    clean: str | None = None,
) -> Any:
    """The spec whose `data` section a formula and its arguments mean.

    Args:
        spec: a Spec.
        data: the frame.
        left: for each output, its columns.
        right: for each input, its columns.
        time: the column of times.
        group: columns that change where one series ends and another begins.
        horizon: rows from a window's last to its target's; None means 1, or the output's number of steps.
        scale: ``zscore``, ``minmax``, ``robust`` or ``none``.
        clean: ``drop`` leaves rows with missing values out.
    """
    section = data_section(spec, data, left, right, horizon)
    section |= {"scale": {"method": scale or "zscore"}} | ({"clean": clean} if clean else {})
    section |= {"time": time} if time else {}
    section |= {"group": [group] if isinstance(group, str) else group} if group else {}
    targets, columns = (
        ", ".join(dict.fromkeys(name for part in side for name in part)) for side in (left, right)
    )
    return with_data(spec, section, about=f"`{spec.name}` of {columns}, to give {targets}.")


def data_section(
    spec: Any,
    data: Any,
    left: Sequence[Sequence[str]],
    right: Sequence[Sequence[str]],
    horizon: int | None,
) -> dict[str, Any]:
    """The `data` section that a formula means for a spec.

    Raises:
        RArgumentError: a column that is not there, or as many as no input or output takes.
    """
    _check_columns(data, (*(name for part in (*left, *right) for name in part),))
    kept = {
        name: value for name, value in spec.data.items() if name in _KEPT and spec.data["kind"] == "table"
    }
    inputs = _by_name(right, list(spec.inputs), "right", "input", "y ~ a + b | c")
    outputs = _by_name(left, list(spec.outputs), "left", "output", "y + z ~ a")
    for name, columns in outputs.items():
        _check_classes(spec, name, data, columns)
        _check_numbers(spec, name, columns)
    return {
        "kind": "table",
        **kept,
        "inputs": {name: _input(spec, name, columns) for name, columns in inputs.items()},
        "targets": {
            name: {
                "column": columns[0] if len(columns) == 1 else list(columns),
                "horizon": _steps(spec, name, columns) if horizon is None else horizon,
            }
            for name, columns in outputs.items()
        },
    }


def with_data(spec: Any, section: Mapping[str, Any], about: str = "") -> Any:
    """The same spec with another `data` section, and another ``about`` where one is given."""
    written = plain(Documents(_told_before).read(Source("<text>", spec.to_yaml())))
    values = {**written, "data": _as_written(section, spec.data, written.get("data") or {})}
    return zoo.loads(emit.block(values | ({"about": about} if about else {})))


def _as_written(section: Mapping[str, Any], known: Mapping[str, Any], written: Mapping[str, Any]) -> Any:
    """A section with the expressions that its values came of: a search changes the parameters."""
    kept = {name: written[name] for name in _KEPT if name in written and section.get(name) == known.get(name)}
    inputs = dict(section.get("inputs", {}))
    for name, said in inputs.items():
        own = written.get("inputs", {}).get(name)
        if isinstance(own, Mapping) and isinstance(said, Mapping):
            inputs[name] = {**said, **{key: own[key] for key in _REACH if key in said and key in own}}
    return {**section, **kept} | ({"inputs": inputs} if inputs else {})


def _told_before(diagnostic: Any) -> None:
    """A spec that was read has no errors."""


def _check_classes(spec: Any, output: str, data: Any, columns: Sequence[str]) -> None:
    """Refuse classes for an output of numbers, before the rows are read as numbers."""
    shape = spec.trace.shape(spec.graph.outputs[output])
    if task(plain_value(spec.outputs[output].loss), tuple(shape[1:]) if shape else ()).kind != "numbers":
        return
    for name in columns:
        if data[name].dtype.kind not in "iufb":
            if _reads_as_numbers(data[name]):
                raise RArgumentError(
                    f"`{name}` holds texts, and the output `{output}` of `{spec.name}` predicts numbers",
                    help=f"they read as numbers: data${name} <- as.numeric(data${name})",
                    code="formula.classes",
                )
            raise RArgumentError(
                f"`{name}` holds classes, and the output `{output}` of `{spec.name}` predicts numbers",
                help='choose a model of classes: zoo_list(tag = "classification")',
                code="formula.classes",
            )


def _check_numbers(spec: Any, output: str, columns: Sequence[str]) -> None:
    """Refuse several columns for an output of another count of numbers, in the words of a formula."""
    shape = spec.trace.shape(spec.graph.outputs[output])
    if shape is None or len(columns) == 1:
        return
    wanted = task(plain_value(spec.outputs[output].loss), tuple(shape[1:]))
    size = wanted.data_shape or (1,)
    if wanted.kind == "numbers" and len(size) == 1 and size[0] not in (None, len(columns)):
        raise RArgumentError(
            f"the formula gives the output `{output}` {_count(len(columns), 'column')}, but it predicts "
            f"{_count(size[0], 'number')}",
            help=f"name {_count(size[0], 'column')}, or choose a model whose output has {len(columns)}; `|` "
            "parts the columns of several outputs: y | z ~ a",
            code="formula.columns",
        )


def _reads_as_numbers(column: Any) -> bool:
    import pandas as pd

    texts = not isinstance(column.dtype, pd.CategoricalDtype) and column.notna().any()
    return bool(texts and pd.to_numeric(column.dropna(), errors="coerce").notna().all())


def _by_name(
    parts: Sequence[Sequence[str]], names: list[str], side: str, what: str, example: str
) -> dict[str, Sequence[str]]:
    if side == "left" and len(parts) == 1 and len(names) == 1:
        return {names[0]: parts[0]}
    if len(parts) != len(names):
        raise RArgumentError(
            f"the formula's {side} side has {_count(len(parts), 'part')}, but the model has "
            f"{_count(len(names), what)}: {', '.join(names)}",
            help=f"write one part for each {what}, in this order, as in {example}",
            code="formula.parts",
        )
    return dict(zip(names, parts, strict=True))


def _check_columns(data: Any, wanted: Sequence[str]) -> None:
    from difflib import get_close_matches

    found = [str(name) for name in data.columns]
    for name in wanted:
        if name not in found:
            near = get_close_matches(name, found, 1)
            raise RArgumentError(
                f"`data` has no column `{name}`",
                help=f"did you mean `{near[0]}`?" if near else f"its columns are: {', '.join(found[:12])}",
                code="formula.column",
            )


def _input(spec: Any, name: str, columns: Sequence[str]) -> dict[str, Any]:
    """What the section says of one input; how far it reaches stays as the spec has it."""
    shape = tuple(spec.inputs[name].shape)
    known = spec.data.get("inputs", {}).get(name, {}) if spec.data.get("kind") == "table" else {}
    reach = {key: value for key, value in known.items() if key in _REACH}
    flat = len(shape) == 1 and shape[0] not in (None, len(columns))
    if flat and "lookback" not in reach and len(columns) == 1:
        reach["lookback"] = shape[0]  # an input without an axis of columns: rows of one
    if not flat or shape[0] != reach.get("lookback", 1) * len(columns):
        _check_width(spec, name, len(columns))
    return {"columns": list(columns), **reach}


def _check_width(spec: Any, name: str, count: int) -> None:
    shape = tuple(spec.inputs[name].shape)
    if len(shape) > 2:
        size = " x ".join("?" if item is None else str(item) for item in shape)
        raise RArgumentError(
            f"the input `{name}` takes windows of {size}, which are no rows of columns",
            help='choose a model of series: zoo_list(input = "series"), zoo_list(input = "table")',
            code="formula.columns",
        )
    width = shape[-1] if shape else 1
    if width is not None and width != count:
        setters = [one for one in _WIDTHS if spec.params.get(one) == width]
        raise RArgumentError(
            f"the formula gives the input `{name}` {_count(count, 'column')}, but it takes {width}",
            help=f"give {setters[0]} = {count}"
            if setters
            else f"name {_count(width, 'column')}, or begin a model of {count}: {_begun(spec, name, count)}",
            code="formula.columns",
        )


def _begun(spec: Any, name: str, count: int) -> str:
    """The R call that begins a spec like this one, with as many columns."""
    sizes = {one: tuple(item.shape) for one, item in spec.inputs.items()}
    sizes[name] = (*sizes[name][:-1], count)
    inputs = [f"{one}:{'x'.join(str(size or 20) for size in shape)}" for one, shape in sizes.items()]
    return f'zoo_new("table", inputs = {_texts(inputs)}, outputs = {_texts(list(spec.outputs))})'


def _texts(values: list[str]) -> str:
    quoted = ", ".join(f'"{value}"' for value in values)
    return quoted if len(values) == 1 else f"c({quoted})"


def _steps(spec: Any, output: str, columns: Sequence[str]) -> int:
    """An output of several steps forecasts as many rows; another one the next row."""
    shape = spec.trace.shape(spec.graph.outputs[output])
    if shape is None:
        return 1
    wanted = task(plain_value(spec.outputs[output].loss), tuple(shape[1:]))
    lead = wanted.data_shape
    steps = len(lead) == 2 or (len(lead) == 1 and len(columns) == 1)
    return int(lead[0] or 1) if wanted.kind == "numbers" and steps else 1


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'s' * (number != 1)}"
