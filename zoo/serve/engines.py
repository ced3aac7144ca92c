"""What computes a model's outputs: ONNX Runtime where it is installed, else XLA, else Keras itself."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from types import MappingProxyType
from typing import Any

import keras
import numpy as np

from zoo.errors import BuildError
from zoo.layers.reset_states import states_of
from zoo.spec.suggest import nearest

ENGINES = ("onnxruntime", "xla", "keras")
# What else people call them → what is meant.
_CALLED = MappingProxyType({"onnx": "onnxruntime", "ort": "onnxruntime", "tensorflow": "xla"})
# How far an engine may be from Keras: relative to the largest output of the probe.
TOLERANCE = 1e-5
_PROBES = 3

Run = Callable[[Sequence[np.ndarray]], list[np.ndarray]]


@dataclass(frozen=True)
class Engine:
    """A compiled model: arrays in the order of its inputs → arrays in the order of its outputs.

    Args:
        name: one of ``ENGINES``.
        run: the computation, for any number of samples.
        fixed: the batch size, where it takes one only.
        callers: how many threads may ask it at the same time, and better do: each batch has one.
        difference: from Keras on a probe, relative to its largest output.
    """

    name: str
    run: Run
    fixed: int | None = None
    difference: float = 0.0
    callers: int = 1

    def __call__(self, inputs: Sequence[np.ndarray]) -> list[np.ndarray]:
        return self.run(inputs)


def compile_engine(model: keras.Model, name: str | None = None, threads: int | None = None) -> Engine:
    """The model on an engine, held against Keras on a probe before it is used.

    Args:
        model: functional; its weights are taken as they are now.
        name: of the engine; the first of ``ENGINES`` that can and agrees when None. A model that carries a
            state stays with Keras.
        threads: of ONNX Runtime for batches; as many as it finds cores when None. One window has one, unless
            these are much faster.

    Raises:
        BuildError: ``serve.engine``, no such engine; ``serve.missing``, it is not installed;
            ``serve.stateful``; ``serve.onnx``; ``serve.difference``, it does not agree with Keras.
    """
    if name is not None:
        return _compiled(model, _known(name), threads)
    if states_of(model):
        return _compiled(model, "keras", threads)
    for candidate in ENGINES:
        if candidate == "onnxruntime" and not (find_spec("onnxruntime") and find_spec("tf2onnx")):
            continue
        try:
            return _compiled(model, candidate, threads)
        except BuildError:
            continue
    raise AssertionError("Keras agrees with itself")


def compile_loops(model: keras.Model, size: int, threads: int | None = None) -> Callable[[], Engine] | None:
    """What makes an engine for large batches: the model's recurrent loops compiled by XLA.

    Args:
        model: functional; its weights are taken as they are now, and compiled when the engine is made.
        size: samples of a batch.
        threads: that ask at the same time; as many as there are cores when None.

    Returns:
        None where the model has no such loops, or the backend is not TensorFlow. Called, the engine, or a
        BuildError: ``serve.xla``, ``serve.difference``.
    """
    if keras.backend.backend() != "tensorflow":
        return None
    from zoo.serve.tensorflow_xla import as_it_is, loops_run
    from zoo.tensorflow_loops.layers import recurrent_layers

    if not recurrent_layers(model):
        return None
    computed = as_it_is(model)

    def make() -> Engine:
        run, probe = loops_run(model, computed, size), probe_of(model)
        known = [np.asarray(item) for item in computed(*probe)]
        return Engine("xla", run, None, _difference(known, run(probe), model.name, "xla"), threads or cores())

    return make


def _known(name: str) -> str:
    if name in ENGINES:
        return name
    meant = nearest(str(name), (*ENGINES, *_CALLED))
    raise BuildError(
        f"there is no engine `{name}`",
        help=f"did you mean `{_CALLED.get(meant, meant)}`?" if meant else f"known: {', '.join(ENGINES)}",
        code="serve.engine",
    )


def _compiled(model: keras.Model, name: str, threads: int | None) -> Engine:
    if name != "keras" and states_of(model):
        raise BuildError(
            f"`{model.name}` carries a state from batch to batch, which {name} does not keep",
            help="serve it with Keras: engine='keras'",
            code="serve.stateful",
        )
    callers = 1
    if name == "onnxruntime":
        from zoo.serve.onnx_engine import onnx_run
        from zoo.serve.tensorflow_onnx import to_onnx

        callers = threads or cores()
        run = onnx_run(to_onnx(model), callers)
    elif name == "xla" and keras.backend.backend() == "tensorflow":
        from zoo.serve.tensorflow_xla import xla_run

        run = xla_run(model)
    else:
        run = _keras_run(model)
    fixed = model.inputs[0].shape[0]
    if name == "keras":
        return Engine(name, run, fixed)
    probe = probe_of(model)
    # Called as it is: a compiled prediction would be traced for this one batch alone.
    called = model(probe[0] if len(probe) == 1 else list(probe), training=False)
    known = [keras.ops.convert_to_numpy(item) for item in keras.tree.flatten(called)]
    return Engine(name, run, fixed, _difference(known, run(probe), model.name, name), callers)


def cores() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _keras_run(model: keras.Model) -> Run:
    def run(inputs: Sequence[np.ndarray]) -> list[np.ndarray]:
        found = model.predict_on_batch(inputs[0] if len(inputs) == 1 else list(inputs))
        return [np.asarray(item) for item in (found if isinstance(found, (list, tuple)) else [found])]

    return run


def _difference(known: Sequence[np.ndarray], found: Sequence[np.ndarray], model: str, name: str) -> float:
    """The largest difference from what Keras gives for a few samples, relative to its largest output."""
    most = 0.0
    for ours, theirs in zip(found, known, strict=True):
        largest = float(np.abs(theirs).max(initial=0.0))
        most = max(most, float(np.abs(ours - theirs).max(initial=0.0)) / max(largest, 1e-6))
    if not most <= TOLERANCE:
        raise BuildError(
            f"`{model}` on {name} differs from Keras by {most:.1e} of its largest output",
            help="serve it with Keras: engine='keras'",
            code="serve.difference",
        )
    return most


def probe_of(model: keras.Model) -> list[np.ndarray]:
    """Made-up samples: normal numbers, and 0 or 1 where an input counts."""
    random = np.random.default_rng(0)
    probe: list[Any] = []
    for item in model.inputs:
        # an axis of unknown size gets one that usual kernels and pools fit into
        shape = (item.shape[0] or _PROBES, *(size or 512 for size in item.shape[1:]))
        if "float" in item.dtype:
            probe.append(random.standard_normal(shape).astype(item.dtype))
        else:
            probe.append(random.integers(0, 2, shape).astype(item.dtype))
    return probe
