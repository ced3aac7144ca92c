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
from contextlib import contextmanager
from types import FrameType
from typing import Any

# Larger than `struct sigaction` on every system we know (152 bytes on Linux): only copied, never read.
_SIGACTION_BYTES = 512

_calls = threading.local()


def _libc() -> Any:
    return ctypes.CDLL(None, use_errno=True)


def saved_handler() -> ctypes.Array[ctypes.c_char] | None:
    """The C-level SIGINT handler that is in force now, to be given to `restore_handler`."""
    if os.name != "posix":
        return None
    buffer = ctypes.create_string_buffer(_SIGACTION_BYTES)
    return buffer if _libc().sigaction(signal.SIGINT, None, buffer) == 0 else None


def restore_handler(saved: ctypes.Array[ctypes.c_char] | None) -> None:
    """Put back a handler that `saved_handler` returned, whoever installed it (R, Python, reticulate)."""
    if saved is not None:
        _libc().sigaction(signal.SIGINT, saved, None)


def answer(signum: int, frame: FrameType | None) -> None:
    """Stop the Python code that R has called; outside a call, leave the interrupt to R."""
    # A signal that arrives in the last moment of a call is handled by Python after the call's own
    # `except` is over, where an exception would be lost: hand it to R instead.
    if getattr(_calls, "depth", 0) > 0:
        raise KeyboardInterrupt
    from rpy2.rinterface_lib import openrlib

    openrlib.rlib.R_interrupts_pending = 1


@contextmanager
def python_answers_ctrl_c() -> Iterator[None]:
    """Within the block SIGINT raises KeyboardInterrupt; after it, whoever answered before answers again."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    saved = saved_handler()
    known_to_python = signal.signal(signal.SIGINT, answer)
    _calls.depth = getattr(_calls, "depth", 0) + 1
    try:
        yield
    finally:
        _calls.depth -= 1
        if _calls.depth == 0 and known_to_python not in (None, answer):
            signal.signal(signal.SIGINT, known_to_python)
        restore_handler(saved)
