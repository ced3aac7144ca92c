"""Python hosts R: starts R inside this process, and runs R code, files and a console in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from r_bridge.environment import undisturbed_environment
from r_bridge.errors import BridgeError
from r_bridge.guest import import_rinterface, offer_dispatcher
from r_bridge.interrupts import r_answers_ctrl_c
from r_bridge.r_code import CONSOLE_STEP, RUN_FILE

_functions: dict[str, Any] = {}


def start(arguments: Sequence[str] = (), *, interactive: bool = False) -> Any:
    """Start R in this process, once; returns the module ``rpy2.rinterface``.

    Args:
        arguments: what R's ``commandArgs(trailingOnly = TRUE)`` shows.
        interactive: what R's ``interactive()`` says.

    Raises:
        BridgeError: R or rpy2 is missing, or does not fit.
    """
    from r_bridge import console

    rinterface = import_rinterface()
    from rpy2.rinterface_lib import embedded

    if embedded.isinitialized():
        return rinterface
    embedded.set_initoptions(("rpy2", "--quiet", "--no-save", "--no-restore", "--args", *arguments))
    console.take_over_console()
    with undisturbed_environment():
        rinterface.initr(interactive=interactive)
    # R would keep warnings until its own prompt comes back, which is never.
    rinterface.baseenv["options"](warn=rinterface.IntSexpVector([1]))
    offer_dispatcher(rinterface, host="python")
    return rinterface


def _function(source: str) -> Any:
    # Kept for good: an R function made anew at every call would stay in R's memory every time.
    if source not in _functions:
        import rpy2.rinterface as rinterface

        _functions[source] = rinterface.evalr(source)
    return _functions[source]


def call(source: str, *arguments: Any) -> dict[str, Any]:
    """Call one of the R functions of ``r_code``, which return a tagged list and never stop."""
    from r_bridge import r_memory
    from r_bridge.to_r import to_r

    function, values = _function(source), [to_r(argument) for argument in arguments]
    with r_answers_ctrl_c():
        reply = function(*values)
    return dict(zip(r_memory.names(reply) or [], r_memory.elements(reply), strict=True))


def tag(reply: dict[str, Any]) -> str:
    """``value``, ``error``, ``interrupt`` or ``incomplete``."""
    from r_bridge import r_memory

    return str(r_memory.strings(reply["tag"])[0])


def run_file(path: str, arguments: Sequence[str] = ()) -> int:
    """Run an R script as ``Rscript`` would; returns the exit status.

    Raises:
        BridgeError: the file does not exist.
    """
    if not Path(path).is_file():
        raise BridgeError(f"there is no R script `{path}`", help="python -m r_bridge script.R args...")
    start(arguments)
    return {"value": 0, "interrupt": 130}.get(tag(call(RUN_FILE, path)), 1)


def run_console() -> int:
    """An R console on the terminal; returns the exit status."""
    from r_bridge import console

    start(interactive=True)
    return console.loop(lambda text: tag(call(CONSOLE_STEP, text)))
