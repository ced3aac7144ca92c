"""Calls of R functions in the middle of a call from R."""

from __future__ import annotations

from typing import Any

from rpy2.rinterface_lib._rinterface_capi import build_rcall
from rpy2.rinterface_lib.conversion import _cdata_to_rinterface
from rpy2.rinterface_lib.memorymanagement import rmemory

from r_bridge.interrupts import r_answers_ctrl_c
from r_bridge.r_memory import rlib
from r_bridge.to_r import to_r


def call_guarded(function: Any, *arguments: Any) -> Any:
    """Call an R function that the R package has made by ``guarded()``: nothing jumps out of it.

    rpy2's own calls hide the handlers that the caller has set up in R, so that ``suppressWarnings()`` around
    the whole call would not see a warning from within. Here the function runs as if R had called it, which
    is safe only where it never leaves by an error, an interrupt or a handler's jump over Python's frames.

    Args:
        function: the R closure.
        arguments: Python values.
    """
    with rmemory() as memory:
        call = memory.protect(build_rcall(function.__sexp__._cdata, [to_r(item) for item in arguments], []))
        with r_answers_ctrl_c():
            reply = memory.protect(rlib.Rf_eval(call, rlib.R_GlobalEnv))
        return _cdata_to_rinterface(reply)
