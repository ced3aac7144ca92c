"""Lets R's collector drop reticulate's objects while rpy2 has released Python's lock.

rpy2 releases the lock (GIL) around every call into R. Any of those calls may run R's collector, whose
finalizers make reticulate (1.28 at least) call ``Py_DecRef`` without taking the lock: Python then aborts the
whole R session, at a moment that depends on memory alone. reticulate keeps the functions in variables, so
that the one its finalizers use can be given a version that takes the lock.
"""

from __future__ import annotations

import atexit
import ctypes

_VARIABLE = "_ZN10reticulate9libpython9Py_DecRefE"
_Release = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
_kept: list[object] = []  # reticulate holds the bare address of the function: it must outlive every R object


def guard(library: str) -> bool:
    """Make reticulate's finalizers take Python's lock.

    Args:
        library: the shared library of the loaded R package reticulate.

    Returns:
        whether it was done; a reticulate that is built differently is left as it is.
    """
    if _kept:
        return True
    try:
        variable = ctypes.c_void_p.in_dll(ctypes.CDLL(library), _VARIABLE)
    except (OSError, ValueError):
        return False
    original = variable.value
    release = _Release(_release)  # ctypes takes the lock before it calls a Python function
    _kept.append(release)
    variable.value = ctypes.cast(release, ctypes.c_void_p).value
    # A finalizer that runs after Python has ended must not come back here.
    atexit.register(setattr, variable, "value", original)
    return True


def _release(address: int | None) -> None:
    if address:
        ctypes.pythonapi.Py_DecRef(ctypes.c_void_p(address))
