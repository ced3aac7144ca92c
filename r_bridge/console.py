"""The terminal of an R that Python hosts: what R prints and asks goes through here, without rpy2's logger."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

# R reads a line into a buffer of 4096 bytes and rpy2 adds the newline and a zero.
_LONGEST_LINE = 4000


def take_over_console() -> None:
    """Have R's console callbacks call the functions here; done before R starts."""
    from rpy2.rinterface_lib import callbacks

    callbacks.consolewrite_print = write_out
    callbacks.consolewrite_warnerror = write_error
    callbacks.consoleread = read
    callbacks.showmessage = write_error
    callbacks.cleanup = end_process


def write_out(text: str) -> None:
    """R's standard output."""
    sys.stdout.write(text)
    sys.stdout.flush()


def write_error(text: str) -> None:
    """R's standard error, as it is."""
    sys.stderr.write(text)
    sys.stderr.flush()


def read(prompt: str) -> str:
    """One line for R's ``readline()`` or ``browser()``; the empty text means the end of input."""
    from rpy2.rinterface_lib import openrlib

    try:
        line = input(prompt)
    except EOFError:
        return ""
    except KeyboardInterrupt:
        openrlib.rlib.R_interrupts_pending = 1
        line = ""
    # rpy2 takes an empty reply for the end of input; R skips a blank.
    return line.encode()[:_LONGEST_LINE].decode(errors="ignore") or " "


def end_process(saveact: Any, status: int, runlast: Any) -> None:
    """R's ``q(status = )``: R itself would end the process with 0 whatever the status."""
    from rpy2.rinterface_lib import openrlib

    openrlib.rlib.R_RunExitFinalizers()
    openrlib.rlib.R_CleanTempDir()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(int(status))


def loop(step: Callable[[str], str]) -> int:
    """Read, evaluate and print until the end of input; returns the exit status.

    Args:
        step: evaluates a text and says ``incomplete`` when more lines are needed.
    """
    try:
        import readline  # noqa: F401 - gives input() line editing and history
    except ImportError:
        pass
    pending = ""
    while True:
        try:
            line = input("+ " if pending else "> ")
        except EOFError:
            write_out("\n")
            return 0
        except KeyboardInterrupt:
            write_out("\n")
            pending = ""
            continue
        text = f"{pending}\n{line}" if pending else line
        if not text.strip():
            continue
        try:
            pending = text if step(text) == "incomplete" else ""
        except KeyboardInterrupt:
            write_out("\n")
            pending = ""
