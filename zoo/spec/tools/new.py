"""``zoo new``: a first spec for a kind of data, commented, that validates clean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from zoo.errors import ZooError
from zoo.spec.check import check_text
from zoo.spec.tools.fmt import format_text
from zoo.spec.values import is_name

KINDS = ("orderbook", "table", "tokens", "images")
DEFAULT_INPUTS = {
    "orderbook": "book:100x20",
    "table": "past:30x4",
    "tokens": "words:200",
    "images": "image:28x28x1",
}
DEFAULT_OUTPUTS = {
    "orderbook": "direction:3",
    "table": "next_value",
    "tokens": "positive:2",
    "images": "digit:10",
}
_RANKS = {"orderbook": 2, "table": 2, "tokens": 1, "images": 3}
_SIZES = {
    "orderbook": "snapshots x numbers",
    "table": "rows x columns",
    "tokens": "tokens",
    "images": "height x width x channels",
}


@dataclass(frozen=True, slots=True)
class In:
    """One input of the new spec."""

    name: str
    shape: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Out:
    """One output: so many classes, or a number where there are none."""

    name: str
    classes: int | None


def new(
    data: str = "orderbook",
    *,
    name: str = "my_model",
    inputs: Sequence[str] = (),
    outputs: Sequence[str] = (),
) -> str:
    """The text of a new spec.

    Args:
        data: ``orderbook``, ``table``, ``tokens`` or ``images``.
        name: the model's name, in snake_case.
        inputs: each ``name:100x20``, the shape of one sample.
        outputs: each ``name:3`` for three classes, ``name`` for a number.

    Raises:
        ZooError: one of them cannot be read.

    Example:
        >>> new("images", name="digits").splitlines()[1]
        'name: digits'
    """
    if data not in KINDS:
        raise ZooError(
            f"there is no kind of data `{data}`", help=f"the kinds are {', '.join(KINDS)}", code="new.data"
        )
    if not is_name(name):
        raise ZooError(
            f"`{name}` cannot name a model", help="names are snake_case, as in my_model", code="new.name"
        )
    ins = [_input(text, data) for text in inputs or (DEFAULT_INPUTS[data],)]
    outs = [_output(text) for text in outputs or (DEFAULT_OUTPUTS[data],)]
    twice = [item.name for item in ins] + [item.name for item in outs]
    if (same := next((item for item in twice if twice.count(item) > 1), None)) is not None:
        raise ZooError(
            f"`{same}` is given twice", help="every input and output has its own name", code="new.name"
        )
    if data == "orderbook":
        _check_book(ins, outs)
    text = format_text(_text(data, name, ins, outs), f"{name}.yaml")
    report = check_text(text, f"{name}.yaml")
    if report.diagnostics:  # a shape so small that the layers of the template do not fit
        raise ZooError(
            f"the sizes do not make a model:\n{report}", help="give larger sizes", code="new.sizes"
        )
    return text


def _input(text: str, data: str) -> In:
    found = re.fullmatch(r"([a-z_][a-z0-9_]*):([1-9][0-9]{0,6}(?:[x×][1-9][0-9]{0,6})*)", text.strip())
    shape = tuple(int(size) for size in re.split("[x×]", found[2])) if found else ()
    if found is None or len(shape) != _RANKS[data]:
        raise ZooError(
            f"`{text}` is no input of {data} data",
            help=f"write name:{_SIZES[data].replace(' ', '')}, as in {DEFAULT_INPUTS[data]}",
            code="new.input",
        )
    return In(found[1], shape)


def _output(text: str) -> Out:
    found = re.fullmatch(r"([a-z_][a-z0-9_]*)(?::([1-9][0-9]{0,5}))?", text.strip())
    classes = int(found[2]) if found and found[2] else None
    if found is None or classes == 1:
        raise ZooError(
            f"`{text}` is no output",
            help="write name:3 for three classes, or name for a number",
            code="new.output",
        )
    return Out(found[1], classes)


def _check_book(ins: list[In], outs: list[Out]) -> None:
    if len(ins) > 1:
        raise ZooError(
            "order-book data feed one input", help="give one --inputs, or --data table", code="new.input"
        )
    if ins[0].shape[1] % 4:
        raise ZooError(
            f"{ins[0].shape[1]} numbers in a snapshot are no whole number of levels",
            help="a level has four: prices and sizes of both sides, as in book:100x20",
            code="new.input",
        )
    if any(item.classes != 3 for item in outs):
        raise ZooError(
            "order-book labels have three classes: down, stationary, up",
            help=f"write --outputs {outs[0].name}:3",
            code="new.output",
        )


def _text(data: str, name: str, ins: list[In], outs: list[Out]) -> str:
    codes = [item.name if len(ins) == 1 else f"{item.name}_code" for item in ins]
    reads = {"orderbook": _READ_SERIES, "table": _READ_SERIES, "tokens": _READ_TOKENS, "images": _READ_IMAGE}[
        data
    ]
    lines = ["spec: 1", f"name: {name}", f"about: {_ABOUT[data]}", "params:", *_PARAMS[data]]
    lines += ["inputs:  # the shape of one sample; the batch axis is left out"]
    lines += [f"  {item.name}: {{shape: {list(item.shape)}{_DTYPE.get(data, '')}}}" for item in ins]
    lines += ["graph:  # a pipe is [source, step, step]; the names on the left are yours"]
    last = []
    for item, code in zip(ins, codes, strict=True):
        last.append(f"{item.name}_code" if code == item.name else code)
        lines.append(f"  {last[-1]}: [{item.name}, {reads}]")
    source = last[0]
    if len(last) > 1:
        lines.append(f"  together: [[{', '.join(last)}], Concatenate]")
        source = "together"
    lines += [f"  {item.name}: [{source}, {_head(item)}]" for item in outs]
    lines += ["outputs:", *(f"  {item.name}: {_loss(item)}" for item in outs)]
    lines += _recipe(data, ins, outs)
    lines += _TRAINING
    return "\n".join(lines) + "\n"


def _head(item: Out) -> str:
    if item.classes is None:
        return "Dense: 1"
    if item.classes == 2:
        return "Dense: {units: 1, activation: sigmoid}"
    return f"Dense: {{units: {item.classes}, activation: softmax}}"


def _loss(item: Out) -> str:
    if item.classes is None:
        return "{loss: mse, metrics: [mae]}"
    if item.classes == 2:
        return "{loss: binary_crossentropy, metrics: [accuracy]}"
    return "{loss: sparse_categorical_crossentropy, metrics: [accuracy]}"


def _recipe(data: str, ins: list[In], outs: list[Out]) -> list[str]:
    split = "  split: {by: time, train: 0.7, val: 0.15, test: 0.15, purge: auto}  # parts share no window"
    scale = "  scale: {method: zscore, fit: train}  # the scaler sees the training part only"
    if data == "orderbook":
        window, numbers = ins[0].shape
        horizons = "50" if len(outs) == 1 else str([50 * (number + 1) for number in range(len(outs))])
        return [
            "data:  # without --data, a simulated book",
            "  kind: orderbook",
            f"  features: {{levels: {numbers // 4}, fields: [ask_price, ask_size, bid_price, bid_size], "
            "prices: relative_bps, sizes: log}",
            f"  window: {{length: {window}, stride: 1, within: [session]}}",
            f"  label: {{kind: forward, horizon: {horizons}, threshold: half_mean_abs}}  # snapshots ahead",
            split,
            scale,
        ]
    if data != "table":
        return ["# no `data` section: arrays are given in code, as in zoo.train(spec, (x, y))"]
    columns = [f"    {item.name}: {{columns: {_columns(item)}, lookback: {item.shape[0]}}}" for item in ins]
    kinds = ["numeric" if item.classes is None else "categorical" for item in outs]
    targets = [
        f"    {item.name}: {{column: target_{number + 1}, type: {kind}, horizon: 1}}"
        for number, (item, kind) in enumerate(zip(outs, kinds, strict=True))
    ]
    return [
        "data:",
        "  kind: table",
        "  time: time  # the name of the time column",
        "  inputs:  # put your own columns here",
        *columns,
        "  targets:",
        *targets,
        split,
        scale,
    ]


def _columns(item: In) -> str:
    return "[" + ", ".join(f"{item.name}_{number + 1}" for number in range(item.shape[1])) + "]"


_ABOUT = {
    "orderbook": "Where the mid price of a limit order book goes next, from a window of snapshots.",
    "table": "What comes next in a table of time-ordered rows, from a window of them.",
    "tokens": "What a text of whole-number tokens says.",
    "images": "What an image shows.",
}
_UNITS = "  units: {default: 32, min: 1, tune: [16, 32, 64]}  # change one with --set units=64"
_PARAMS = {
    "orderbook": [_UNITS],
    "table": [_UNITS],
    "tokens": [_UNITS, "  vocabulary: {default: 10000, min: 2, doc: tokens are whole numbers below this}"],
    "images": ["  filters: {default: 16, min: 1, tune: [8, 16, 32]}  # change one with --set filters=32"],
}
_DTYPE = {"tokens": ", dtype: int32"}
_READ_SERIES = "LSTM: =units"
_READ_TOKENS = "Embedding: {input_dim: =vocabulary, output_dim: =units}, LSTM: =units"
_READ_IMAGE = (
    "Conv2D: {filters: =filters, kernel_size: 3, padding: same, activation: relu}, GlobalAveragePooling2D"
)
_TRAINING = [
    "training:",
    "  optimizer: {Adam: {learning_rate: 1e-3}}",
    "  epochs: 20",
    "  batch_size: 64",
    "  seed: 7  # the same seed gives the same run",
    "  callbacks: [EarlyStopping: {monitor: val_loss, patience: 5, restore_best_weights: true}]",
]
