"""The list of models, read from ``specs/index.json``: nothing is parsed or built to list the zoo.

``python -m zoo.spec.tools.index`` writes that file. A spec that is not in it yet is listed with what its own
text says.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from zoo.errors import ZooError
from zoo.spec import catalogue
from zoo.spec.suggest import did_you_mean

FILE = "index.json"
KINDS = ("orderbook", "series", "table", "text", "image")
_SUFFIXES = {"k": 1e3, "m": 1e6, "g": 1e9, "b": 1e9}


@dataclass(frozen=True, slots=True)
class Entry:
    """One model in the list.

    Args:
        name: its name in the zoo.
        about: what it is, in a sentence or two.
        tags: words to find it by.
        folder: the folder of ``specs/`` it stands in.
        kind: what goes in: ``orderbook``, ``series``, ``table``, ``text`` or ``image``; empty when not known.
        inputs: name, shape (without the batch) and dtype of every input.
        outputs: name and shape of every output.
        parameters: weights at the default sizes; None when not known.
        published: the number of weights its source gives, or None.
        num_params: how many parameters the spec declares.
        flops: floating-point operations of one prediction for one window, or None.
    """

    name: str
    about: str = ""
    tags: tuple[str, ...] = ()
    folder: str = ""
    kind: str = ""
    inputs: tuple[dict[str, Any], ...] = ()
    outputs: tuple[dict[str, Any], ...] = ()
    parameters: int | None = None
    published: int | None = None
    num_params: int | None = None
    flops: int | None = None

    @property
    def path(self) -> Path:
        """The spec's file."""
        return catalogue.paths()[self.name]

    def to_dict(self) -> dict[str, Any]:
        """Its fields as plain values, for JSON."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name in self.__dataclass_fields__
            for value in [getattr(self, name)]
        }


_KEYS: dict[str, Callable[[Entry], Any]] = {
    "name": lambda entry: entry.name,
    "folder": lambda entry: (entry.folder, entry.name),
    "params": lambda entry: (entry.parameters is None, entry.parameters, entry.name),
    "flops": lambda entry: (entry.flops is None, entry.flops, entry.name),
}
SORTS = tuple(_KEYS)


def list_models(
    query: str = "",
    tag: str | Sequence[str] | None = None,
    *,
    input: str | None = None,
    min_params: float | str | None = None,
    max_params: float | str | None = None,
    sort: str = "name",
) -> list[Entry]:
    """The models of the zoo.

    Args:
        query: words that name, text or tags must contain, in any case.
        tag: a tag they must carry, or several.
        input: what goes in: ``orderbook``, ``series``, ``table``, ``text`` or ``image``.
        min_params: the fewest weights, as a number or as ``10k`` or ``1.5M``.
        max_params: the most weights.
        sort: ``name``, ``folder``, ``params`` or ``flops``.

    Raises:
        ZooError: there is no such kind of input or order (`list.word`), or a size is no number (`list.size`).

    Example:
        >>> [entry.name for entry in list_models("hierarchical book", max_params="12.7k")]
        ['hrnn_lob_course']
    """
    _one_of(sort, SORTS, "sort")
    if input is not None:
        _one_of(input, KINDS, "input")
    words, tags = query.lower().split(), (tag,) if isinstance(tag, str) else tuple(tag or ())
    low, high = number(min_params, "min_params"), number(max_params, "max_params")
    found = [
        entry
        for entry in entries()
        if all(word in " ".join((entry.name, entry.about, *entry.tags)).lower() for word in words)
        and set(tags) <= set(entry.tags)
        and input in (None, entry.kind)
        and _between(entry.parameters, low, high)
    ]
    return sorted(found, key=_KEYS[sort])


def _between(count: int | None, low: float | None, high: float | None) -> bool:
    if count is None:
        return low is None and high is None
    return (low is None or count >= low) and (high is None or count <= high)


_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?[a-z]?")


def number(size: float | str | None, what: str = "a size") -> float | None:
    """A number of weights: ``10k`` is ten thousand, ``1.5M`` a million and a half.

    Raises:
        ZooError: it is no number.
    """
    if size is None or isinstance(size, (int, float)):
        return size
    text = size.strip().lower().replace("_", "")
    # 12,771 has commas between thousands; in 3,5k one stands for the decimal mark, which is a point here
    text = text.replace(",", "") if _THOUSANDS.fullmatch(text) else text
    factor = _SUFFIXES.get(text[-1:], 1.0)
    try:
        return float(text[:-1] if factor > 1 else text) * factor
    except ValueError:
        raise ZooError(
            f"`{what}` is a number of weights; received `{size}`",
            help="write for example 12771, 10k or 1.5M",
            code="list.size",
        ) from None


def _one_of(given: str, known: Iterable[str], what: str) -> None:
    if given not in known:
        listed = ", ".join(known)
        raise ZooError(
            f"`{what}` is one of {listed}; received `{given}`",
            help=did_you_mean(given, known) or "`zoo list` alone shows all models",
            code="list.word",
        )


@cache
def entries() -> tuple[Entry, ...]:
    """Every model: from the index where it has it, else from the spec's own text."""
    indexed = _indexed()
    return tuple(indexed.get(name) or _read(path) for name, path in catalogue.paths().items())


def _indexed() -> dict[str, Entry]:
    path = catalogue.folder() / FILE
    if not path.is_file():
        return {}
    rows = json.loads(path.read_text(encoding="utf-8"))["models"]
    return {row["name"]: Entry(**{name: _frozen(value) for name, value in row.items()}) for row in rows}


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _read(path: Path) -> Entry:
    """What the text says of itself, read without checking it."""
    from zoo.spec.nodes import Mapping, plain
    from zoo.spec.source import parse

    source, problem = catalogue.read(path)
    root = parse(source, lambda diagnostic: None) if problem is None else None
    if not isinstance(root, Mapping):
        return Entry(path.stem, folder=folder_of(path))
    about, tags = plain(root.get("about")), plain(root.get("tags"))
    tags = tuple(str(tag) for tag in tags) if isinstance(tags, list) else ()
    about = " ".join(about.split()) if isinstance(about, str) else ""
    return Entry(path.stem, about, tags, folder_of(path), kind_of(tags, {}))


def folder_of(path: Path) -> str:
    """The folder of ``specs/`` that a file stands in; empty for a file elsewhere."""
    own = catalogue.folder().resolve()
    return path.resolve().parent.name if own in path.resolve().parents else ""


def kind_of(tags: Sequence[str], data: dict[str, Any]) -> str:
    """What goes into a model: its tags say so, or its data."""
    named = next((tag for tag in tags if tag in KINDS), "")
    by_data = {"orderbook": "orderbook", "table": "table", "tokens": "text", "images": "image"}
    return named or by_data.get(str(data.get("kind")), "")
