"""A recipe and its data in words, for a reader who does not know the keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from zoo.spec.expressions import names
from zoo.spec.nodes import Mapping as MappingNode
from zoo.spec.nodes import plain
from zoo.spec.source import Source, parse
from zoo.spec.spec import Spec

_KINDS = {
    "orderbook": "order books",
    "table": "a table",
    "tokens": "sequences of word numbers",
    "images": "images",
    "toy": "",
}
_FEW = 10  # of a longer list the ends are said, and how many there are
_PRICES = {
    "raw": "raw prices",
    "relative_bps": "prices relative to the mid in basis points",
    "returns": "prices as returns",
}
_SIZES = {"raw": "raw sizes", "log": "log sizes"}
_THRESHOLDS = {
    "half_mean_abs": "half the mean absolute move of the training part",
    "balanced": "what makes the classes equally frequent in the training part",
    "spread": "half the spread",
}
_LABELS = {
    "forward": "the mean mid ahead against the mid now",
    "two_sided": "the mean mid ahead against the mean mid behind",
    "return": "the return",
    "reconstruct": "the window itself",
    "column": "as the data came with it",
}


def said(value: Any) -> str:
    """A value as a reader says it: ``Adam (learning_rate 0.0001)``, ``ask_price, ask_size``, ``yes``."""
    if isinstance(value, Mapping):
        if len(value) == 1 and isinstance(head := next(iter(value)), str) and head[:1].isupper():
            inner = value[head]
            return f"{head} ({said(inner)})" if inner else head
        return ", ".join(f"{key} {_within(item)}" for key, item in value.items())
    if isinstance(value, (list, tuple)):
        if len(value) > _FEW:
            return f"{_within(value[0])}, {_within(value[1])} … {_within(value[-1])} ({len(value)} of them)"
        return ", ".join(map(_within, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _within(value: Any) -> str:
    plural = isinstance(value, (list, tuple, Mapping)) and len(value) > 1
    return f"({said(value)})" if plural else said(value)


def recipe(spec: Spec) -> tuple[str, ...]:
    """How it is trained: what is minimised by what, for how long, and what watches."""
    training = _as_written(spec)
    return tuple(_sentences(training)) if training else ()


def _sentences(training: dict[str, Any]) -> Iterator[str]:
    rest = dict(training)
    parts = []
    if (optimizer := rest.pop("optimizer", None)) is not None:
        parts.append(said(optimizer))
    if (epochs := rest.pop("epochs", None)) is not None:
        most, many = "at most " if rest.get("callbacks") else "", "epoch" if epochs == 1 else "epochs"
        parts.append(f"{most}{said(epochs)} {many}")
    if (batch := rest.pop("batch_size", None)) is not None:
        parts.append(f"batches of {said(batch)}")
    if (seed := rest.pop("seed", None)) is not None:
        parts.append(f"seed {said(seed)}")
    if parts:
        yield ", ".join(parts)
    yield from (said(item) for item in rest.pop("callbacks", None) or ())
    yield from (f"{name.replace('_', ' ')}: {said(value)}" for name, value in rest.items())


def _as_written(spec: Spec) -> dict[str, Any]:
    """The training section; what hangs on the length of a run stays the formula that the spec has."""
    root = parse(Source(spec.file, spec.text), lambda diagnostic: None)
    written = plain(root.get("training")) if isinstance(root, MappingNode) else None
    return {name: _formula(value, _get(written, name)) for name, value in spec.training.items()}


def _get(written: Any, key: Any) -> Any:
    if isinstance(written, list) and isinstance(key, int):
        return written[key] if key < len(written) else None
    return written.get(key) if isinstance(written, dict) else None


def _formula(value: Any, written: Any) -> Any:
    if isinstance(written, str) and written.startswith("="):
        used = names(written[1:]) or ()
        return written[1:] if {"steps_per_epoch", "epochs"} & set(used) else value
    if isinstance(value, dict):
        return {key: _formula(item, _get(written, key)) for key, item in value.items()}
    if isinstance(value, list):
        return [_formula(item, _get(written, number)) for number, item in enumerate(value)]
    return value


def data(spec: Spec) -> tuple[str, ...]:
    """What it is trained on: where the numbers come from, what is predicted, how the parts are cut."""
    section = dict(spec.data)
    kind = section.pop("kind", None)
    if kind is None:
        return ()
    first = _KINDS.get(str(kind), str(kind))
    source, toy = section.pop("source", None), section.pop("toy", None)
    found = [f"{first}{_source(kind, source, toy)}".removeprefix(": ")]
    for name, value in section.items():
        if name in _ENTRIES and isinstance(value, Mapping):
            found += [f"{name[:-1]} {key}: {_ENTRIES[name](item)}" for key, item in value.items()]
        elif name in _WORDS and isinstance(value, Mapping):
            found.append(_WORDS[name](value))
        else:
            found.append(f"{_PLAIN.get(name, name)}: {said(value)}")
    return tuple(found)


def _source(kind: Any, source: Any, toy: Any) -> str:
    given = {"toy": toy.get("name"), **toy} if isinstance(toy, Mapping) else source
    if isinstance(given, Mapping) and given.get("toy"):
        options = {key: value for key, value in given.items() if key not in ("toy", "name")}
        return f": the toy `{given['toy']}`" + (f" ({said(options)})" if options else "")
    if isinstance(given, Mapping):
        return f": {said(given)}"
    if given:
        return f" from {given}"
    return ", simulated where no file is given" if kind == "orderbook" else ""


def _features(section: Mapping[str, Any]) -> str:
    rest = dict(section)
    parts = []
    if (levels := rest.pop("levels", None)) is not None:
        parts.append(f"{levels} levels")
    if rest.pop("set", None) == "volumes":
        parts.append("sizes alone")
    if fields := rest.pop("fields", None):
        parts.append(said(fields).replace("_", " "))
    prices, sizes = rest.pop("prices", None), rest.pop("sizes", None)
    parts += [_PRICES[prices]] if prices in _PRICES else []
    parts += [_SIZES[sizes]] if sizes in _SIZES else []
    return "features: " + "; ".join(parts + _rest(rest))


def _rest(section: Mapping[str, Any]) -> list[str]:
    return [f"{key} {_within(value)}" for key, value in section.items() if value is not None]


def _window(section: Mapping[str, Any]) -> str:
    rest = dict(section)
    length, stride = rest.pop("length", None), rest.pop("stride", 1)
    within = rest.pop("within", None)
    parts = [f"of {length} rows"] if length is not None else []
    parts.append("at every row" if stride == 1 else f"at every {stride} rows")
    parts += (
        [f"never across a {' or a '.join(map(str, within))}"] if isinstance(within, list) and within else []
    )
    return "windows " + ", ".join(parts + _rest(rest))


def _label(section: Mapping[str, Any]) -> str:
    rest = dict(section)
    kind, horizon = rest.pop("kind", None), rest.pop("horizon", None)
    threshold = rest.pop("threshold", None)
    parts = [_LABELS.get(str(kind), str(kind))] if kind is not None else []
    parts += ["one for every step"] if rest.pop("per_step", False) else []
    parts += [f"{said(horizon)} rows ahead"] if horizon is not None else []
    parts += (
        [f"threshold {_THRESHOLDS.get(str(threshold), said(threshold))}"] if threshold is not None else []
    )
    parts += ["rows that do not move left out"] if rest.pop("drop_stationary", False) else []
    return "label: " + ", ".join(parts + _rest(rest))


def _split(section: Mapping[str, Any]) -> str:
    rest = dict(section)
    by, purge = rest.pop("by", "time"), rest.pop("purge", None)
    shares = [
        f"{round(100 * share, 1):g}% {name}"
        for name in ("train", "val", "test")
        if isinstance(share := rest.pop(name, None), (int, float))
    ]
    gaps = {
        "auto": "windows whose label reads another part left out",
        "strict": "windows that read another part left out",
    }
    parts = [f"by {by}", *shares]
    parts += [gaps.get(str(purge), f"{purge} rows left out between parts")] if purge is not None else []
    return "split " + ", ".join(parts + _rest(rest))


def _scale(section: Mapping[str, Any]) -> str:
    rest = dict(section)
    method, fit = rest.pop("method", "zscore"), rest.pop("fit", "train")
    if method == "none":
        return "not scaled"
    fitted = "fitted on the training part" if fit == "train" else f"fitted on {fit}"
    if method == "rolling_sessions":
        sessions = rest.pop("sessions", 5)
        method, fitted = "zscore", f"fitted on the {sessions} sessions before, for each symbol"
        rest.pop("by", None)
    if by := rest.pop("by", None):
        fitted += f", for each {_within(by)}"
    return "scaled: " + ", ".join([str(method), *_rest(rest), fitted])


def _input(section: Any) -> str:
    if not isinstance(section, Mapping):
        return said(section)
    rest = dict(section)
    columns, rows, shift = (rest.pop(name, None) for name in ("columns", "lookback", "shift"))
    parts = [(f"{said(rows)} rows of " if rows is not None else "") + said(columns)]
    parts += [f"the last of them {_rows(shift)} ahead"] if shift else []
    return ", ".join(parts + _rest(rest))


def _target(section: Any) -> str:
    if not isinstance(section, Mapping):
        return said(section)
    rest = dict(section)
    column, kind, horizon = (rest.pop(name, None) for name in ("column", "type", "horizon"))
    parts = [said(column)] + ([str(kind)] if kind is not None else [])
    if horizon is not None:
        parts.append("of the same rows" if horizon == 0 else f"{_rows(horizon)} ahead")
    return ", ".join(parts + _rest(rest))


def _rows(count: Any) -> str:
    return f"{said(count)} row" if count == 1 else f"{said(count)} rows"


_PLAIN = {"time": "in the order of", "group": "apart for each"}
_ENTRIES = {"inputs": _input, "targets": _target}
_WORDS = {"features": _features, "label": _label, "scale": _scale, "split": _split, "window": _window}
