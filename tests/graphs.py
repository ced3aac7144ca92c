"""Graphs that TensorFlow would keep until Python ends."""

from __future__ import annotations

import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any


@contextmanager
def freed() -> Iterator[None]:
    """Drops the gradients that were registered in the block, and with them the graphs that they hold.

    Every step that is traced registers some by a number of its own, and nobody takes them out: a process that
    trains many models grows by tens of megabytes a model. A function traced in the block must not be
    differentiated after it.
    """
    before = set(_registered())
    yield
    registered = _registered()
    for name in set(registered) - before:
        if name.startswith("CustomGradient-"):
            del registered[name]


def _registered() -> MutableMapping[str, Any]:
    # private, for there is no public way to it; nothing of it where TensorFlow is not loaded
    ops = sys.modules.get("tensorflow.python.framework.ops")
    return ops.gradient_registry._registry if ops else {}
