"""A model compiled once for prediction: batches, one window, and long series of overlapping windows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np

from zoo.errors import BuildError
from zoo.serve.batches import Batches
from zoo.serve.dense import Dense
from zoo.serve.engines import TOLERANCE, Engine, compile_engine, probe_of
from zoo.serve.halves import halves_of
from zoo.serve.joining import joined
from zoo.spec.spec import Spec


class ModelPredictor:
    """A model's outputs from an engine.

    Args:
        spec: what the model was built from.
        model: its weights are taken as they are now; what is trained later is not seen.
        engine, threads: as in ``compile_engine``.

    Attributes:
        engine: the whole model's engine, for one window and for few.
        batches: many windows, each by itself, on the engine that is the fastest for them.
        dense: the model in two halves on the same engine, or None where no step can be encoded by itself.
    """

    def __init__(
        self, spec: Spec, model: keras.Model, *, engine: str | None = None, threads: int | None = None
    ) -> None:
        self.names = list(spec.outputs)
        self.inputs = list(spec.inputs)
        self.engine: Engine = compile_engine(model, engine, threads)
        self._alone, self._threads = engine is not None, threads
        self.batches = self._batches(model, self.engine, self.inputs)
        self.dense: Dense | None = None
        if self.engine.name != "keras" and self.engine.fixed is None:
            self._halve(spec, model)

    def _halve(self, spec: Spec, model: keras.Model) -> None:
        halves = halves_of(spec, model)
        if halves is None:
            return
        try:
            encoder, rest = (
                compile_engine(half, self.engine.name, self._threads)
                for half in (halves.encoder, halves.rest)
            )
        except BuildError:
            # a half that the engine cannot have: the whole one serves
            return
        dense = Dense(
            halves,
            self._batches(halves.encoder, encoder, halves.encoded),
            self._batches(halves.rest, rest, [*halves.codes, *halves.direct]),
        )
        if _agree(dense, self.engine, dict(zip(self.inputs, probe_of(model), strict=True)), self.inputs):
            self.dense = dense

    def _batches(self, model: keras.Model, engine: Engine, inputs: Sequence[str]) -> Batches:
        return Batches(model, engine, inputs, self._alone, self._threads)

    def one(self, inputs: Sequence[np.ndarray]) -> list[np.ndarray]:
        """The outputs for one window, (1, …) each, from arrays (1, …) in the order of the inputs."""
        return self.engine(inputs)

    def outputs(self, x: Mapping[str, Any], *, dense: bool | None = None) -> dict[str, np.ndarray]:
        """The outputs for all samples, by name.

        Args:
            x: input name → array or lazy windows.
            dense: encode each row once; None means where windows overlap and the model allows it.

        Raises:
            BuildError: ``serve.dense``, asked for where it cannot be had.
        """
        if dense and (self.dense is None or not self.dense.fits(x)):
            raise BuildError(
                "dense scoring needs overlapping windows, and a model that reads each step by itself first",
                help="leave `dense` out: it is used where it can be",
                code="serve.dense",
            )
        samples = len(x[self.inputs[0]])
        if self.dense is not None and (dense or (dense is None and self.dense.pays(x))):
            found = self.dense.run(x)
        else:
            found = self.batches.outputs(x)
        return joined(found, samples, self.names)


def _agree(dense: Dense, engine: Engine, probe: Mapping[str, np.ndarray], inputs: Sequence[str]) -> bool:
    """Whether the halves give what the whole gives, and a step the same code wherever it stands."""
    encode, halves = dense.encoder.own, dense.halves
    given = [probe[name] for name in halves.encoded]
    codes = encode(given)
    later = encode([np.roll(item, 1, axis=1) for item in given])
    ours = dense.rest.own([*codes, *(probe[name] for name in halves.direct)])
    whole = engine([probe[name] for name in inputs])
    return close(ours, whole) and close(later, [np.roll(code, 1, axis=1) for code in codes])


def close(left: Sequence[np.ndarray], right: Sequence[np.ndarray]) -> bool:
    """Whether arrays differ by no more than an engine may, relative to the largest number."""
    return all(
        float(np.abs(a - b).max(initial=0.0)) <= TOLERANCE * max(1e-6, float(np.abs(b).max(initial=0.0)))
        for a, b in zip(left, right, strict=True)
    )
