"""ONNX Runtime's sessions: one for batches, one for a single window."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from zoo.errors import BuildError
from zoo.serve.engines import Run


def onnx_run(graph: bytes, threads: int | None = None) -> Run:
    """The graph's computation.

    Args:
        graph: an ONNX file's bytes.
        threads: for batches; as many as there are cores when None.

    Raises:
        BuildError: ``serve.missing``, ONNX Runtime is not installed; ``serve.onnx``, it refuses the graph.
    """
    many = _session(graph, threads or 0)
    # Threads cost a window more than they give: waking them takes longer than its products.
    one = _session(graph, 1)
    names = [item.name for item in many.get_inputs()]

    def run(inputs: Sequence[np.ndarray]) -> list[np.ndarray]:
        session = one if len(inputs[0]) == 1 else many
        found: list[np.ndarray] = session.run(None, dict(zip(names, inputs, strict=True)))
        return found

    return run


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
