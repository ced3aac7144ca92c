"""The one Python function R can call: looks a name up in the table, converts, calls, converts back.

rpy2 logs an exception that leaves such a function and gives R ``NULL``. So nothing leaves: every
outcome, an interrupt included, becomes a tagged list that the R package turns into a value, a classed
condition or an interrupt.
"""

from __future__ import annotations

import traceback
import warnings
from collections.abc import Mapping
from typing import Any

from r_bridge import r_memory
from r_bridge.catalogue import diagnostics_frame
from r_bridge.errors import BridgeError, RJump
from r_bridge.exports import EXPORTS, Export
from r_bridge.handles import HANDLES
from r_bridge.interrupts import python_answers_ctrl_c
from r_bridge.to_python import setting
from r_bridge.to_r import to_r
from r_bridge.wording import in_r_words
from zoo.errors import SpecError, ZooError


def dispatch(name: Any, arguments: Any, released: Any) -> Any:
    """Answer one call from R.

    Args:
        name: the export's name, an R character vector of length one.
        arguments: a named R list.
        released: numbers of the handles that R has dropped since the last call.

    Returns:
        An R list with ``tag`` and what belongs to it: ``value`` and ``warnings``; the fields of an error; or
        nothing more for ``interrupt`` and ``jump``. Never raises.
    """
    try:
        with python_answers_ctrl_c():
            HANDLES.release(int(number) for number in r_memory.view(released))
            if r_memory.type_name(name) != "STRSXP":
                # R's own error would jump over Python's frames.
                raise BridgeError("the name of a function must be a text")
            return to_r(_answer(str(r_memory.strings(name)[0]), arguments, EXPORTS))
    except BaseException as error:
        return _failed(error)


def _answer(name: str, arguments: Any, table: Mapping[str, Export]) -> dict[str, Any]:
    export = table.get(name)
    if export is None:
        raise BridgeError(
            f"the Python side offers no function `{name}`",
            help="the R package and the Python package are of different versions: run `zoo r-install` again",
        )
    given = _converted(export, arguments)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        value = export.function(**given)
    texts = [in_r_words(str(item.message)) for item in caught if issubclass(item.category, UserWarning)]
    return {"tag": "value", "value": value, "warnings": list(dict.fromkeys(texts))}


def _converted(export: Export, arguments: Any) -> dict[str, Any]:
    names = r_memory.names(arguments) or []
    given: dict[str, Any] = {}
    for name, value in zip(names, r_memory.elements(arguments), strict=True):
        given[name] = value if name in export.as_r else setting(value, name)
    return given


def _failed(error: BaseException) -> Any:
    try:
        if isinstance(error, KeyboardInterrupt):
            return to_r({"tag": "interrupt"})
        if isinstance(error, RJump):
            return to_r({"tag": "jump"})
        return to_r(describe_error(error))
    except BaseException:  # memory has run out, or a second Ctrl-C: say at least that much
        return to_r({"tag": "error", "class": ["speczoo_internal_error"], "message": "Python failed"})
    finally:
        # Whoever keeps the exception would keep its frames' R objects, and another thread may drop them.
        traceback.clear_frames(error.__traceback__)
        error.__traceback__ = None


def describe_error(error: BaseException) -> dict[str, Any]:
    """An exception as the fields of an R condition: class, message, help, data, traceback."""
    described: dict[str, Any] = {
        "tag": "error",
        "class": condition_classes(error),
        "message": _first_line(error),
        "help": "",
        "code": "",
        "data": {},
        "traceback": "".join(traceback.format_exception(error)),
    }
    if isinstance(error, ZooError):
        described |= {
            "message": in_r_words(error.message, of_spec=isinstance(error, SpecError)),
            "help": in_r_words(error.help, of_spec=isinstance(error, SpecError)),
            "code": error.code,
            "data": _crossing(error.data),
        }
    if isinstance(error, SpecError):
        described["diagnostics"] = diagnostics_frame(error.diagnostics)
    if isinstance(error.__cause__, ZooError):
        described["parent"] = in_r_words(str(error.__cause__))
    return described


def condition_classes(error: BaseException) -> list[str]:
    """The R condition's own classes, most specific first; the R package adds ``speczoo_error``."""
    if not isinstance(error, ZooError):
        return ["speczoo_file_error" if isinstance(error, OSError) else "speczoo_internal_error"]
    classes = []
    if "." in error.code:  # one word alone names a kind of errors, or of objects: `speczoo_spec` is a spec's
        classes.append("speczoo_" + error.code.replace(".", "_").replace("-", "_").lower())
    for kind in type(error).__mro__:
        if issubclass(kind, ZooError) and kind is not ZooError:
            classes.append("speczoo_" + _snake(kind.__name__))
    return list(dict.fromkeys(classes))


def _snake(name: str) -> str:
    words = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
    return words.removeprefix("_r_").removeprefix("_")


def _first_line(error: BaseException) -> str:
    text = str(error).strip().splitlines()
    kind = type(error).__name__
    return f"{kind}: {text[0]}" if text else kind


def _crossing(data: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of an error's data that R can hold, the others as text."""
    made: dict[str, Any] = {}
    for key, value in data.items():
        try:
            to_r(value)
        except TypeError:
            made[key] = str(value)
        else:
            made[key] = value
    return made
