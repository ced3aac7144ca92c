"""One row after another: the window is kept, and of each row its code, so that nothing is computed twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from zoo.errors import BuildError
from zoo.serve.engines import compile_engine
from zoo.serve.predictor import ModelPredictor, close

# A buffer of so many windows is shifted back once in that many windows' time.
_WINDOWS = 8

Encode = Callable[[np.ndarray], Sequence[np.ndarray]]


class RowStream:
    """A model's outputs after each row, for a model of one input, (time, …).

    Args:
        compiled: the model on its engine.
        shape: of the input, without the batch axis.
        threads: as in ``compile_engine``.

    Attributes:
        coded: whether each row is encoded once, when it comes in.

    Raises:
        BuildError: ``serve.stream``, the input's length is not fixed.
    """

    def __init__(
        self, compiled: ModelPredictor, shape: Sequence[int | None], threads: int | None = None
    ) -> None:
        if not shape or None in shape:
            raise BuildError(
                f"a stream needs windows of one size; the input's shape is {tuple(shape)}",
                help="give the input a fixed shape",
                code="serve.stream",
            )
        self._length, self._row_shape = int(shape[0] or 0), tuple(int(size or 0) for size in shape[1:])
        self._engine = compiled.engine
        self._encode: Encode | None = None
        dense = compiled.dense
        if dense is not None and dense.worthy and not dense.halves.direct:
            self._encode = _row_encoder(compiled, threads)
        if self._encode is not None and dense is not None:
            self._engine = dense.rest.own
        self.coded = self._encode is not None
        self._buffers: list[np.ndarray] = []
        self._filled = 0

    def reset(self) -> None:
        """A session begins: the window is empty."""
        self._filled = 0

    def push(self, row: np.ndarray) -> list[np.ndarray] | None:
        """The outputs, (1, …) each, of the window that ends at this row; None until it is full.

        Args:
            row: (feature,), as the model sees it.
        """
        shaped = row.reshape(1, 1, *self._row_shape)
        codes = [shaped] if self._encode is None else self._encode(shaped)
        if not self._buffers:
            self._buffers = [
                np.empty((_WINDOWS * self._length, *code.shape[2:]), code.dtype) for code in codes
            ]
        if self._filled == len(self._buffers[0]):
            self._filled = self._length - 1
            for buffer in self._buffers:
                buffer[: self._filled] = buffer[-self._filled :] if self._filled else buffer[:0]
        for buffer, code in zip(self._buffers, codes, strict=True):
            buffer[self._filled] = code[0, 0]
        self._filled += 1
        if self._filled < self._length:
            return None
        window = slice(self._filled - self._length, self._filled)
        return self._engine([buffer[window][None] for buffer in self._buffers])


def _row_encoder(compiled: ModelPredictor, threads: int | None) -> Encode | None:
    """The encoder of one row, if there is one and it agrees with the windows' encoder."""
    halves, dense = compiled.halves, compiled.dense
    if halves is None or dense is None or halves.row_encoder is None:
        return None
    try:
        engine = compile_engine(halves.row_encoder, compiled.engine.name, threads)
    except BuildError:
        return None
    shape = tuple(halves.encoder.inputs[0].shape[1:])
    probe = np.random.default_rng(0).standard_normal((1, *shape)).astype(np.float32)
    codes = dense.encoder.own([probe])
    rows = [engine([probe[:, place : place + 1]]) for place in range(shape[0])]
    ours = [np.concatenate(parts, axis=1) for parts in zip(*rows, strict=True)]
    return (lambda row: engine([row])) if close(ours, codes) else None
