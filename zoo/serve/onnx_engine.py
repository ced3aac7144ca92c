"""ONNX Runtime's sessions: of one thread for batches, of which several run at once; and for one window."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
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
    batches = _session(graph, 1)
    names = [item.name for item in batches.get_inputs()]
    one: list[Any] = []

    def run(inputs: Sequence[np.ndarray]) -> list[np.ndarray]:
        given = dict(zip(names, inputs, strict=True))
        session = batches
        if len(inputs[0]) == 1:
            one[:] = one or [_for_one(graph, threads, batches.get_inputs(), given)]
            session = one[0]
        found: list[np.ndarray] = session.run(None, given)
        return found

    return run


# For one window the cores' help must save a share of its time: they do nothing else meanwhile, and what else
# runs on them delays it.
_WORTH, _CALLS = 0.9, 40


def _for_one(graph: bytes, threads: int, inputs: Sequence[Any], window: Mapping[str, np.ndarray]) -> Any:
    """The session for one window: what the graph does to find out how many there are is worked out before."""
    samples = {item.shape[0] for item in inputs if isinstance(item.shape[0], str)}
    alone = _session(graph, 1, samples)
    return alone if threads == 1 else _quicker(alone, _session(graph, threads, samples), window)


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


def _session(graph: bytes, threads: int, ones: Iterable[str] = ()) -> Any:
    """A session of so many threads; axes whose names are among ``ones`` have the size 1."""
    try:
        import onnxruntime
    except ImportError:
        raise BuildError(
            "ONNX Runtime is not installed", help='pip install "speczoo[serve]"', code="serve.missing"
        ) from None
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 4
    for axis in ones:
        options.add_free_dimension_override_by_name(axis, 1)
    try:
        return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise BuildError(
            f"ONNX Runtime refuses the graph: {str(error).strip().splitlines()[0]}",
            help="serve it with XLA: engine='xla'",
            code="serve.onnx",
        ) from error
