"""``{toy: NAME, samples, seed, …}``: which toy a recipe or a caller means, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from zoo.data.toys import TOYS
from zoo.data.toys.toy import Option, Toy
from zoo.data.values import number, refuse, whole
from zoo.errors import DataError

SEED = 7
COMMON = ("samples", "seed", "length")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A toy and what was chosen of it.

    Args:
        name: in the table of toys.
        toy: its entry.
        samples: how many; None leaves it to the size of a sample.
        seed: of the samples.
        length: what unknown sizes of the inputs become; None leaves it to the toy.
        options: the toy's own, defaults filled in.
    """

    name: str
    toy: Toy
    samples: int | None
    seed: int
    length: int | None
    options: Mapping[str, float]


def is_toy(source: Any) -> bool:
    """Whether a caller's data names a toy: ``{"toy": …}``."""
    return isinstance(source, Mapping) and "toy" in source


def chosen_toy(recipe: Mapping[str, Any], source: Any = None) -> Chosen:
    """The toy of a ``data`` section of kind tokens, images or toy; ``source`` wins over it.

    Raises:
        DataError: ``data.source``: no toy, an unknown one, or one of another kind; ``data.recipe``: an option
            it does not have, or a value it may not have.
    """
    kind = str(recipe.get("kind"))
    given = _given(recipe, source, kind)
    name = given.pop("toy")
    if not isinstance(name, str) or name not in TOYS:
        raise _unknown(name, kind)
    toy = TOYS[name]
    if toy.kind != kind:
        raise DataError(
            f"`{name}` is a toy of kind `{toy.kind}`, and `data.kind` is `{kind}`",
            help=f"write `kind: {toy.kind}`, or choose one of: {_names(kind)}",
            code="data.source",
        )
    for key in given:
        if key not in (*COMMON, *toy.options):
            known = (*COMMON, *toy.options)
            near = get_close_matches(str(key), known, 1)
            hint = f"did you mean `{near[0]}`?" if near else f"its options are: {', '.join(known)}"
            raise refuse(f"the toy `{name}` has no option `{key}`", hint)
    return Chosen(
        name,
        toy,
        None if given.get("samples") is None else whole(given["samples"], "source.samples"),
        whole(given.get("seed", SEED), "source.seed", low=0),
        None if given.get("length") is None else whole(given["length"], "source.length"),
        {key: _option(given.get(key), option, f"source.{key}") for key, option in toy.options.items()},
    )


def _given(recipe: Mapping[str, Any], source: Any, kind: str) -> dict[str, Any]:
    """What was said of the toy, its name under ``toy``."""
    found = source if source is not None else recipe.get("source")
    if found is None and isinstance(recipe.get("toy"), Mapping):
        own = dict(recipe["toy"])
        return {"toy": own.pop("name", None), **own}
    if isinstance(found, Mapping) and "toy" in found:
        return dict(found)
    received = "nothing" if found is None else type(found).__name__ if source is not None else repr(found)
    raise DataError(
        f"data of kind `{kind}` are arrays or a toy; received {received}",
        help=f"give arrays, (x, y), or write `source: {{toy: …}}` with one of: {_names(kind)}",
        code="data.source",
    )


def _unknown(name: Any, kind: str) -> DataError:
    near = get_close_matches(str(name), list(TOYS), 1)
    return DataError(
        f"there is no toy `{name}`",
        help=f"did you mean `{near[0]}`?" if near else f"the toys of kind `{kind}` are: {_names(kind)}",
        code="data.source",
    )


def _names(kind: str) -> str:
    return ", ".join(name for name, toy in TOYS.items() if toy.kind == kind)


def _option(value: Any, option: Option, where: str) -> float:
    if value is None:
        return option.default
    read = whole(value, where, int(option.low)) if option.whole else number(value, where, option.low)
    if read > option.high:
        raise refuse(f"`data.{where}` is at most {option.high:g}; received {value!r}", "give a smaller one")
    return read
