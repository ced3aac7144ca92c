"""What starting or joining R does to the environment variables, undone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def undisturbed_environment() -> Iterator[None]:
    """Around rpy2's ``initr``, which asks a second R for its settings and exports them to this process.

    ``R_TESTS``, set by ``R CMD check``, names a file that only the checking R finds: the second R would stop.
    ``LD_LIBRARY_PATH`` of R would make later Python processes load the system's libpython for their own.
    """
    tests = os.environ.pop("R_TESTS", None)
    libraries = os.environ.get("LD_LIBRARY_PATH")
    try:
        yield
    finally:
        if tests is not None:
            os.environ["R_TESTS"] = tests
        if libraries is None:
            os.environ.pop("LD_LIBRARY_PATH", None)
        else:
            os.environ["LD_LIBRARY_PATH"] = libraries
