"""The same numbers from TensorFlow each time: an embedding's gradients are summed in any order otherwise."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import keras


@contextlib.contextmanager
def deterministic() -> Iterator[None]:
    """Within the block TensorFlow keeps one order of summation; other backends keep theirs.

    Two fits of an embedding model from one seed differ without this. On CPUs no cost was measured.
    """
    if keras.backend.backend() != "tensorflow":
        yield
        return
    # The public switch can be turned on and never off, and the rest of the caller's process is not ours.
    from tensorflow.python.framework import config

    before = config.is_op_determinism_enabled()
    config.enable_op_determinism()
    try:
        yield
    finally:
        if not before:
            config.disable_op_determinism()
