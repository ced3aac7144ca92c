"""Who answers Ctrl-C: R while R code runs, Python while Python code runs.

Attaching rpy2 takes SIGINT away from R for good, and then a pure R loop cannot be stopped. So the
handler that was there is put back after attaching, and Python's is installed only for the time of a call.
"""

from __future__ import annotations

import ctypes
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from types import FrameType
from typing import Any

# Larger than `struct sigaction` on every system we know (152 bytes on Linux): only copied, never read.
_SIGACTION_BYTES = 512

_python_runs = ContextVar("_python_runs", default=False)

# R's own handler, where R was there before Python: it alone reaches R code that calls nothing.
_of_r: list[ctypes.Array[ctypes.c_char] | None] = []


def _libc() -> Any:
    return ctypes.CDLL(None, use_errno=True)


def saved_handler() -> ctypes.Array[ctypes.c_char] | None:
    """The C-level SIGINT handler that is in force now, to be given to `restore_handler`."""
    if os.name != "posix":
        return None
    buffer = ctypes.create_string_buffer(_SIGACTION_BYTES)
    return buffer if _libc().sigaction(signal.SIGINT, None, buffer) == 0 else None


def remember_rs_handler(saved: ctypes.Array[ctypes.c_char] | None) -> None:
    """Tell which handler R had before Python joined it."""
    _of_r[:] = [saved]


def restore_handler(saved: ctypes.Array[ctypes.c_char] | None) -> None:
    """Put back a handler that `saved_handler` returned, whoever installed it (R, Python, reticulate)."""
    if saved is not None:
        _libc().sigaction(signal.SIGINT, saved, None)


def answer(signum: int, frame: FrameType | None) -> None:
    """Stop the Python code that R has called; where R code runs, leave the interrupt to R."""
    # R looks for interrupts by itself every thousand steps, by way of a callback into Python, where an
    # exception would be lost. So it would be in the last moment of a call, after its own `except` is over.
    if _python_runs.get():
        raise KeyboardInterrupt
    from rpy2.rinterface_lib import openrlib

    openrlib.rlib.R_interrupts_pending = 1


def python_answers_ctrl_c() -> AbstractContextManager[None]:
    """Within the block SIGINT raises KeyboardInterrupt; after it, whoever answered before answers again."""
    return _answering(True)


def r_answers_ctrl_c() -> AbstractContextManager[None]:
    """Within the block, in which Python calls R, SIGINT interrupts the R code."""
    return _answering(False)


@contextmanager
def _answering(python_runs: bool) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    saved = saved_handler()
    known_to_python = signal.signal(signal.SIGINT, answer)
    token = _python_runs.set(python_runs)
    if _of_r and not python_runs:
        restore_handler(_of_r[0])
    try:
        yield
    finally:
        _python_runs.reset(token)
        if known_to_python not in (None, answer):
            signal.signal(signal.SIGINT, known_to_python)
        restore_handler(saved)
