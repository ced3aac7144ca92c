"""Many windows: batch after batch, on the engine that is measured to be the fastest for them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import keras
import numpy as np

from zoo.errors import BuildError
from zoo.serve.batching import COMPILED, KERAS, batch_for, filled, in_order
from zoo.serve.engines import Engine, compile_loops

# Seconds that batches have taken before another engine is looked for, which takes about one.
_PATIENCE = 0.2
# Rounds of batches, one for each caller, until it is asked again; how often both are timed; how much faster
# the other one has to be.
_ROUNDS, _TIMES, _GAIN = 4, 3, 1.1


class Batches:
    """A model's outputs for many windows.

    They come from the model's engine at first. Where those have taken a while, and the model has recurrent
    layers, XLA's loops are compiled, held against Keras, and timed beside it on the same windows.

    Args:
        model: its weights are taken as they are now.
        engine: the whole model's.
        inputs: their names in the order in which an engine takes them.
        alone: whether no other engine may be used.
        threads: as in ``compile_engine``.

    Attributes:
        own: the model's engine.
        engine: for full batches; smaller ones are the model's engine's.
        size: of a full batch.
    """

    def __init__(
        self, model: keras.Model, engine: Engine, inputs: Sequence[str], alone: bool, threads: int | None
    ) -> None:
        self.own = self.engine = engine
        self.size = engine.fixed or batch_for(model, KERAS if engine.name == "keras" else COMPILED)
        self._inputs = inputs
        size = batch_for(model, KERAS)
        free = not alone and engine.name != "keras" and engine.fixed is None
        self._make_other = compile_loops(model, size, threads) if free else None
        self._other_size, self._spent = size, 0.0

    def outputs(self, x: Mapping[str, Any]) -> Iterator[list[np.ndarray]]:
        """The outputs for all samples, batch after batch.

        Args:
            x: input name → array or lazy windows.
        """
        start, samples = 0, len(x[self._inputs[0]])
        while start < samples:
            self._look_for_another(x, start)
            stop = samples
            if self._make_other is not None:
                stop = min(samples, start + _ROUNDS * self.engine.callers * self.size)
            begun = time.perf_counter()
            yield from self._run(self.engine, self.size, x, range(start, stop))
            self._spent += time.perf_counter() - begun
            start = stop

    def _look_for_another(self, x: Mapping[str, Any], start: int) -> None:
        """Takes the other engine where it is faster; looks once, when there are windows to time it on."""
        samples = range(start, len(x[self._inputs[0]]))[: self._other_size * self.own.callers]
        full = len(samples) == self._other_size * self.own.callers
        if self._make_other is None or self._spent < _PATIENCE or not full:
            return
        make, self._make_other = self._make_other, None
        try:
            other = make()
        except BuildError:
            return
        spent: dict[str, list[float]] = {"own": [], "other": []}
        for _ in range(_TIMES):
            for name, engine, size in (("own", self.own, self.size), ("other", other, self._other_size)):
                begun = time.perf_counter()
                for _ in self._run(engine, size, x, samples):
                    pass
                spent[name].append(time.perf_counter() - begun)
        if _GAIN * min(spent["other"]) < min(spent["own"]):
            self.engine, self.size = other, self._other_size

    def _run(
        self, engine: Engine, size: int, x: Mapping[str, Any], samples: range
    ) -> Iterator[list[np.ndarray]]:
        if engine is self.own:
            # a batch for each caller, where there are few samples
            size = engine.fixed or min(size, max(1, -(-len(samples) // engine.callers)))

        def computed(part: range) -> list[np.ndarray]:
            given = [np.asarray(x[name][part.start : part.stop]) for name in self._inputs]
            count = len(given[0])
            # a batch that is mostly filling is computed sooner as it is
            chosen = engine if 2 * count > size else self.own
            whole = [filled(item, chosen.fixed or count) for item in given]
            return [item[:count] for item in chosen(whole)]

        parts = (samples[first : first + size] for first in range(0, len(samples), size))
        return in_order(computed, parts, engine.callers)
