"""R values as Python values: `setting` and `plain`; for the numbers a model reads see `r_bridge.tensors`.

Nothing made here points into R's memory. ``x[i, j, k]`` in R is ``x[i-1, j-1, k-1]`` here, always.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from r_bridge import r_memory
from r_bridge.errors import RArgumentError, RValueError
from r_bridge.handles import HANDLES
from r_bridge.r_memory import type_name
from r_bridge.transposition import c_ordered
from r_bridge.without_na import Factor, checked, factor

_NUMBERS = ("REALSXP", "INTSXP", "LGLSXP")
_TYPE_WORDS = {
    "CLOSXP": "an R function",
    "BUILTINSXP": "an R function",
    "SPECIALSXP": "an R function",
    "CPLXSXP": "a complex vector",
    "ENVSXP": "an R environment",
    "LANGSXP": "an R call",
    "SYMSXP": "an R symbol",
    "EXTPTRSXP": "an external pointer",
    "S4SXP": "an S4 object",
    "LISTSXP": "a pairlist",
    "EXPRSXP": "an R expression",
    "STRSXP": "a character vector",
    "RAWSXP": "a raw vector",
    "VECSXP": "a list",
    "NILSXP": "NULL",
}


def plain(sexp: Any, where: str = "the value", *, texts: bool = False) -> Any:
    """An R value as the plain Python value a person would have written.

    Args:
        sexp: the R object.
        where: what to call it in an error (the argument's name).
        texts: a factor is its levels' text, and not a `Factor`.

    A vector of length one is a scalar, a longer one a list, a named one a dict; an array with a ``dim``
    stays an array. Whole doubles become int, because R users write ``64`` and mean a whole number.

    Raises:
        RValueError: NA in an integer or logical, or a type that has no counterpart.
        RArgumentError: a list of which only some elements are named, or two have the same name.
    """
    kind = type_name(sexp)
    if kind == "NILSXP":
        return None
    if is_frame(sexp):
        from r_bridge.frames import frame_to_pandas

        return frame_to_pandas(sexp, where)
    if kind == "VECSXP":
        refuse_broken_down_time(sexp, where)
        return _plain_list(sexp, where, texts)
    if kind == "STRSXP":
        return _plain_strings(sexp, where)
    if kind == "RAWSXP":
        return r_memory.view(sexp).tobytes()
    if kind in _NUMBERS:
        made = _plain_numbers(sexp, where)
        return _texts_of(made) if texts and isinstance(made, Factor) else made
    if kind == "ENVSXP" and "speczoo_handle" in r_memory.classes(sexp):
        return handled(sexp)
    raise _unsupported(sexp, where)


def setting(sexp: Any, where: str = "the value") -> Any:
    """As `plain`; a factor is its levels' text, as choices are that were taken out of a data frame."""
    return plain(sexp, where, texts=True)


def is_frame(sexp: Any) -> bool:
    """Whether an R object is a data frame or a tibble."""
    return type_name(sexp) == "VECSXP" and "data.frame" in r_memory.classes(sexp)


def columns_by_name(sexp: Any, where: str) -> dict[str, Any]:
    """The columns of a data frame, as R objects.

    Raises:
        RValueError: two columns have the same name.
    """
    names = r_memory.names(sexp) or []
    for name in names:
        if names.count(name) > 1:
            raise RValueError(
                f"`{where}` has two columns named `{name}`",
                help=f"give each column a name of its own: names({where}) <- make.unique(names({where}))",
                code="value.columns",
            )
    return dict(zip(names, r_memory.elements(sexp), strict=True))


def is_list(sexp: Any) -> bool:
    """Whether an R object is a list that is no data frame."""
    return type_name(sexp) == "VECSXP" and not is_frame(sexp)


def handled(sexp: Any) -> Any:
    """The Python object behind a handle environment of the R package."""
    number = int(r_memory.view(sexp["number"])[0])
    process, kind = (r_memory.strings(sexp[field])[0] or "" for field in ("process", "kind"))
    return HANDLES.find(number, process, kind)


def list_names(sexp: Any, where: str) -> list[str] | None:
    """The names of a list or vector, or None when it has none.

    Raises:
        RArgumentError: only some elements are named, or a name stands twice.
    """
    found = r_memory.names(sexp)
    if found is None or not any(found):
        return None
    if not all(found):
        position = found.index("") + 1
        raise RArgumentError(
            f"`{where}` is only partly named: element {position} has no name",
            help="name every element, or none of them to give them in order",
            code="list.partly_named",
        )
    for name in found:
        if found.count(name) > 1:
            raise RArgumentError(f"`{where}` has two elements named `{name}`", code="list.repeated_name")
    return found


def _plain_list(sexp: Any, where: str, texts: bool) -> Any:
    found = list_names(sexp, where)
    items = r_memory.elements(sexp)
    if found is None:
        return [plain(item, f"{where}[[{i}]]", texts=texts) for i, item in enumerate(items, start=1)]
    return {
        name: plain(item, f"{where}${name}", texts=texts) for name, item in zip(found, items, strict=True)
    }


def _texts_of(value: Factor) -> Any:
    found = [value.levels[code] for code in value.codes.tolist()]
    return found[0] if len(found) == 1 else found


def refuse_broken_down_time(sexp: Any, where: str) -> None:
    """Refuse a POSIXlt: underneath it is a list of years, months, days, ..."""
    if "POSIXlt" in r_memory.classes(sexp):
        raise RValueError(
            f"`{where}` is a POSIXlt, a list of the parts of times",
            help=f"make it one number a time: as.POSIXct({where})",
            code="value.unsupported",
        )


def _plain_strings(sexp: Any, where: str) -> Any:
    texts, shape = r_memory.strings(sexp, where), r_memory.dimensions(sexp)
    if shape is None:
        return _shaped(texts, sexp, where)
    return np.array(texts, dtype=object).reshape(shape, order="F")


def _plain_numbers(sexp: Any, where: str) -> Any:
    special = r_memory.classes(sexp)
    if "factor" in special:
        return factor(sexp, where)
    if "Date" in special or "POSIXct" in special:
        from r_bridge.times import times_to_pandas

        return times_to_pandas(sexp, where)
    if "difftime" in special:
        from r_bridge.times import spans_to_pandas

        return spans_to_pandas(sexp)
    seen = checked(sexp, where)
    if r_memory.dimensions(sexp) is not None:
        return c_ordered(seen)
    values = seen.tolist()
    if seen.dtype == np.float64:
        values = [int(value) if value.is_integer() else value for value in values]
    return _shaped(values, sexp, where)


def _shaped(values: list[Any], sexp: Any, where: str) -> Any:
    found = list_names(sexp, where)
    if found is not None:
        return dict(zip(found, values, strict=True))
    return values[0] if len(values) == 1 else values


def _unsupported(sexp: Any, where: str) -> RValueError:
    word = _TYPE_WORDS.get(type_name(sexp), f"an R object of type {type_name(sexp)}")
    classes = r_memory.classes(sexp)
    of_class = f" of class {classes[0]}" if classes else ""
    return RValueError(
        f"`{where}` is {word}{of_class}, which has no counterpart in Python here",
        help="give numbers, texts, factors, data frames or lists of them",
        code="value.unsupported",
    )


def describe(sexp: Any) -> str:
    """What an R object is, in a word or two, for an error."""
    return _TYPE_WORDS.get(type_name(sexp), "numbers")
