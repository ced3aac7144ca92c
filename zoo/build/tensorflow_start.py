"""How TensorFlow is started: quietly, and with memory that it keeps from step to step.

Its C++ writes lines to the terminal before its log level counts. They name missing GPU drivers as errors, and
the first thing that a user sees would be those. Who sets ``TF_CPP_MIN_LOG_LEVEL`` before ``import zoo`` has
them all.

On a processor TensorFlow gives all memory back to the system after each operation, and the system hands every
page out anew, zeroed: a third of the time of a training step of `hrnn_lob` on a virtual machine. Its other
allocator, the one that it has for GPUs, keeps it. The process then has the memory of its largest step until
it ends; who does not want that sets ``TF_CPU_ALLOCATOR_USE_BFC=false``.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

_LEVEL = "TF_CPP_MIN_LOG_LEVEL"
# Read when the first tensor is made. Without a limit of ours it would refuse more than 64 GB.
_ALLOCATOR = "TF_CPU_ALLOCATOR_USE_BFC"
_MEMORY = {_ALLOCATOR: "true", "TF_CPU_BFC_MEM_LIMIT_IN_MB": str(2**30)}
_NOISE = re.compile(
    r"WARNING: All log messages before absl"
    r"|[IWE]\d{4} .*(port|cudart_stub|cuda_platform|cpu_feature_guard)\.cc"
)


@cache
def load_keras_quietly() -> None:
    """Import Keras and find its devices, in a process that is the zoo's own: the shell's, or R's guest.

    On standard error only what is not known noise remains.
    """
    os.environ.setdefault(_LEVEL, "2")
    _keep_memory()
    with _without_noise():
        _import()
        # Its Python side warns of every model after the fourth in a session.
        logging.getLogger("tensorflow").setLevel(logging.ERROR)
        _find_devices()


@cache
def import_keras_quietly() -> bool:
    """Import Keras in somebody's own program, whose devices and loggers are theirs to set up.

    Returns:
        False where they set the level of TensorFlow's log themselves: then nothing is kept from them.
    """
    _keep_memory()
    if _LEVEL in os.environ:
        return False
    os.environ[_LEVEL] = "2"
    with _without_noise():
        _import()
    return True


@cache
def find_devices_quietly() -> None:
    """What the first tensor does anyway; to be called just before it."""
    if import_keras_quietly():
        with _without_noise():
            _find_devices()


@contextmanager
def _without_noise() -> Iterator[None]:
    """Lines on standard error, of C++ too, pass if they are no known noise; all of them at the end."""
    try:
        terminal = os.dup(2)
    except OSError:  # a program without a standard error
        yield
        return
    if sys.stderr is not None:
        sys.stderr.flush()
    with tempfile.TemporaryFile() as written:
        try:
            os.dup2(written.fileno(), 2)
            yield
        finally:
            os.dup2(terminal, 2)
            os.close(terminal)
            written.seek(0)
            kept = [
                line
                for line in written.read().decode(errors="replace").splitlines()
                if not _NOISE.match(line)
            ]
            if kept:
                print("\n".join(kept), file=sys.stderr)


def keeps_memory() -> bool:
    """Whether TensorFlow keeps its memory from step to step, in this process."""
    return os.environ.get(_ALLOCATOR, "").lower() in ("true", "1")


def _keep_memory() -> None:
    for name, value in _MEMORY.items():
        os.environ.setdefault(name, value)


def _import() -> None:
    import keras

    if keras.backend.backend() == "tensorflow":
        import tensorflow  # noqa: F401 - Keras loads it piece by piece


def _find_devices() -> None:
    import keras

    if keras.backend.backend() == "tensorflow":
        import tensorflow

        # The first look at the devices is what complains about missing drivers.
        tensorflow.config.list_physical_devices()
        tensorflow.zeros(1)
