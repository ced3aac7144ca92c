"""ONNX Runtime alone: the exported file, its defaults, no predictor of ours around it."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np

from benchmarks.side_by_side.clocks import arrays, best, p50_p99, peak
from benchmarks.side_by_side.effort import THREADS, Effort, Unable


def measure(name: str, folder: Path, effort: Effort) -> dict[str, float]:
    """The figures.

    Raises:
        Unable: ONNX Runtime is not installed.
    """
    if find_spec("onnxruntime") is None:
        raise Unable("ONNX Runtime is not installed")
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    session = onnxruntime.InferenceSession(folder / f"{name}.onnx", options)
    names = [item.name for item in session.get_inputs()]
    x = arrays(folder / f"{name}_windows.npz")

    def batch(start: int, stop: int) -> list[np.ndarray]:
        return session.run(None, {key: item[start:stop] for key, item in zip(names, x, strict=True)})

    def predict() -> list[np.ndarray]:
        starts = range(0, effort.windows, effort.batch)
        parts = [batch(start, min(start + effort.batch, effort.windows)) for start in starts]
        return [np.concatenate(part) for part in zip(*parts, strict=True)]

    np.savez(folder / f"{name}_ort.npz", *predict())
    found = {"predict": best(predict, effort.windows, effort)}
    found["one_p50"], found["one_p99"] = p50_p99(lambda: batch(0, 1), effort)
    return found | {"peak": peak()}
