"""ONNX Runtime's sessions: of one thread for batches, of which several run at once; and for one window."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from zoo.errors import BuildError
from zoo.serve.engines import Run


def onnx_run(graph: bytes, threads: int) -> Run:
    """The graph's computation.

    Args:
        graph: an ONNX file's bytes.
        threads: that one window may have where they make it much faster. A batch has one: several batches at
            the same time keep more cores busy than several threads in one, which wait for each other.

    Raises:
        BuildError: ``serve.missing``, ONNX Runtime is not installed; ``serve.onnx``, it refuses the graph.
    """
    alone = _session(graph, 1)
    names = [item.name for item in alone.get_inputs()]
    chosen: list[Any] = [alone] if threads == 1 else []

    def run(inputs: Sequence[np.ndarray]) -> list[np.ndarray]:
        given = dict(zip(names, inputs, strict=True))
        session = alone
        if len(inputs[0]) == 1:
            chosen[:] = chosen or [_quicker(alone, _session(graph, threads), given)]
            session = chosen[0]
        found: list[np.ndarray] = session.run(None, given)
        return found

    return run


# For one window the cores' help must save a share of its time: they do nothing else meanwhile, and what else
# runs on them delays it.
_WORTH, _CALLS = 0.9, 40


def _quicker(alone: Any, many: Any, window: Mapping[str, np.ndarray]) -> Any:
    """The session for one window: of one thread, unless several are faster.

    Waking threads takes longer than the products of a small model, and waiting for them longer still where
    something else runs. They are called in turn, so that whatever slows the machine down slows both.
    """
    spent: dict[Any, list[float]] = {alone: [], many: []}
    for _ in range(_CALLS):
        for session, times in spent.items():
            begun = time.perf_counter()
            session.run(None, window)
            times.append(time.perf_counter() - begun)
    return many if np.median(spent[many]) < _WORTH * np.median(spent[alone]) else alone


def _session(graph: bytes, threads: int) -> Any:
    try:
        import onnxruntime
    except ImportError:
        raise BuildError(
            "ONNX Runtime is not installed", help='pip install "speczoo[serve]"', code="serve.missing"
        ) from None
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise BuildError(
            f"ONNX Runtime refuses the graph: {str(error).strip().splitlines()[0]}",
            help="serve it with XLA: engine='xla'",
            code="serve.onnx",
        ) from error
