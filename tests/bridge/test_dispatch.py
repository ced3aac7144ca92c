"""The dispatcher: whatever happens in Python, R receives a tagged list."""

from __future__ import annotations

import re
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from r_bridge import dispatch, install, r_memory
from r_bridge.exports import EXPORTS, Export
from r_bridge.handles import HANDLES, HandleTable
from r_bridge.to_python import plain
from zoo.errors import DataError, Diagnostic, Span, SpecError


@pytest.fixture
def ask(r, monkeypatch):
    """Calls one Python function from R, through the R function that rpy2 made of the dispatcher."""

    def call(function, arguments="structure(list(), names = character())", released="integer()"):
        monkeypatch.setattr(dispatch, "EXPORTS", {"function": Export(function)})
        reply = r('getOption("speczoo.dispatch")')(r('"function"'), r(arguments), r(released))
        return dict(zip(r_memory.names(reply), map(plain, r_memory.elements(reply)), strict=True))

    return call


def raising(error):
    def function():
        raise error

    return function


def test_a_value_crosses_both_ways(ask):
    reply = ask(lambda x, n: {"sum": x["a"] + x["b"] + n}, "list(x = list(a = 1, b = 2), n = 3L)")
    assert reply["tag"] == "value" and reply["value"] == {"sum": 6}


@pytest.mark.parametrize(
    "error", [ValueError("a\nb"), SystemExit(3), MemoryError(), RecursionError("deep"), GeneratorExit()]
)
def test_whatever_is_raised_is_an_error_and_never_null(ask, error):
    reply = ask(raising(error))
    assert reply["tag"] == "error" and reply["class"] == "speczoo_internal_error"
    assert reply["message"].startswith(type(error).__name__) and "\n" not in reply["message"]
    assert "Traceback" in reply["traceback"]


def test_an_interrupt_is_an_interrupt(ask):
    assert ask(raising(KeyboardInterrupt())) == {"tag": "interrupt"}


def test_a_value_that_r_cannot_hold_is_an_error(ask):
    reply = ask(lambda: object())
    assert reply["tag"] == "error" and "no counterpart in R" in reply["message"]


def test_arguments_that_do_not_fit_are_an_error(ask):
    assert "unexpected keyword argument 'b'" in ask(lambda a: a, "list(a = 1, b = 2)")["message"]


def test_na_in_an_argument_is_an_error_of_its_own_class(ask):
    reply = ask(lambda n: n, "list(n = NA)")
    assert reply["class"] == ["speczoo_value_missing", "speczoo_value_error"]


def test_the_fields_of_a_zoo_error(ask):
    error = DataError("row 7 crosses", help="drop it", code="data.crossed", data={"row": 7, "thing": {1}})
    reply = ask(raising(error))
    assert reply["class"] == ["speczoo_data_crossed", "speczoo_data_error"]
    assert (reply["message"], reply["help"], reply["code"]) == ("row 7 crosses", "drop it", "data.crossed")
    assert reply["data"] == {"row": 7, "thing": "{1}"}


def test_a_spec_error_carries_its_diagnostics_as_a_frame(ask):
    found = Diagnostic(
        "G201", "error", "no layer `x`", Span("a.yaml", 10, 3, 10, 9), help="did you mean `y`?"
    )

    class Report(SimpleNamespace):
        def __str__(self):
            return "one error"

    reply = ask(raising(SpecError(Report(diagnostics=(found, Diagnostic("G101", "error", "no place"))))))
    frame = reply["diagnostics"]
    assert reply["class"] == "speczoo_spec_error"  # and not speczoo_spec, which is what specs are
    assert (
        frame["code"].tolist() == ["G201", "G101"] and frame["line"][0] == 10 and np.isnan(frame["line"][1])
    )


def test_warnings_travel_with_the_value(ask):
    def function():
        import warnings

        warnings.warn("three rows dropped", stacklevel=1)
        warnings.warn("three rows dropped", stacklevel=1)
        return 1

    assert ask(function)["warnings"] == "three rows dropped"


def test_an_unknown_name_says_that_the_versions_differ(r):
    reply = r('getOption("speczoo.dispatch")("nothing", list(), integer())')
    assert "of different versions" in plain(reply)["help"]


def test_handles_live_until_r_drops_them(ask):
    thing = object()
    reply = ask(lambda: HANDLES.keep(thing, "model"))
    number, process = reply["value"]["number"], reply["value"]["process"]
    fields = f"list(number = {number}L, process = '{process}', kind = 'model')"
    handle = f"structure(list2env({fields}), class = 'speczoo_handle')"
    assert ask(lambda model: model is thing, f"list(model = {handle})")["value"] is True
    ask(lambda: None, released=f"{number}L")
    reply = ask(lambda model: None, f"list(model = {handle})")
    assert "belongs to a Python session that has ended" in reply["message"]


def test_numbers_are_never_used_twice():
    table = HandleTable()
    first = table.keep(1, "spec").number
    table.release([first, 99])
    assert len(table) == 0 and table.keep(2, "spec").number != first


def test_calls_that_fail_leave_nothing_behind(ask):
    from rpy2.rinterface_lib import _rinterface_capi

    ask(raising(ValueError("x")))
    before = len(_rinterface_capi.protected_rids()), len(HANDLES)
    for _ in range(300):
        ask(raising(ValueError("x")))
    assert len(_rinterface_capi.protected_rids()) <= before[0] + 5 and len(HANDLES) == before[1]


def test_r_and_python_agree_on_the_table():
    asked = set()
    for file in (install.SOURCES / "R").glob("*.R"):
        text = file.read_text(encoding="utf-8")
        asked |= set(re.findall(r'(?:ask_python|ask_view)\(\s*"(\w+)"', text))
        # a search of a formula's data asks for the same verb of a table
        asked |= {verb + end for verb in re.findall(r'searched\("(\w+)"', text) for end in ("", "_table")}
    assert asked == set(EXPORTS)


def test_a_name_that_is_no_text_is_an_error_and_no_jump(r):
    reply = r('getOption("speczoo.dispatch")')(r("5"), r("list()"), r("integer()"))
    said = dict(zip(r_memory.names(reply), map(plain, r_memory.elements(reply)), strict=True))
    assert said["tag"] == "error" and "must be a text" in said["message"]


def test_the_table_of_functions_is_there_before_keras_is():
    code = "import sys, r_bridge.exports; print({'keras', 'tensorflow'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "set()\n"
