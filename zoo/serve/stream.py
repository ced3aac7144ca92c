"""One row after another: the window is kept, and of each row its code, so that nothing is computed twice."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy

import numpy as np

from zoo.errors import BuildError
from zoo.serve.dense import Dense
from zoo.serve.engines import Engine, compile_engine
from zoo.serve.predictor import ModelPredictor, close

# A buffer of so many windows is shifted back once in that many windows' time.
_WINDOWS = 8


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
        kept = [(self._row_shape, np.dtype(np.float32))]
        dense, self.coded = compiled.dense, False
        if dense is not None and dense.worthy and not dense.halves.direct and self._length > 1:
            engine = _by_row(compiled, dense, threads)
            if engine is not None:
                self._engine, self.coded = engine, True
                codes = dense.halves.rest.inputs
                kept = [(tuple(code.shape[2:]), np.dtype(code.dtype)) for code in codes]
        # What is kept of the rows: themselves, or their codes. Those before the first are zeros that no
        # output is told of.
        self._buffers = [np.zeros((_WINDOWS * self._length, *size), dtype) for size, dtype in kept]
        self._end = self._length - 1
        self._rows = 0

    def another(self) -> RowStream:
        """An empty window beside this one, on the same engine."""
        made = copy(self)
        made._buffers = [np.zeros_like(buffer) for buffer in self._buffers]
        made._end, made._rows = self._length - 1, 0
        return made

    def reset(self) -> None:
        """A session begins: the window is empty."""
        self._rows = 0

    def push(self, row: np.ndarray) -> list[np.ndarray] | None:
        """The outputs, (1, …) each, of the window that ends at this row; None until it is full.

        Args:
            row: (feature,), as the model sees it.
        """
        if self._end == len(self._buffers[0]):
            self._end = self._length - 1
            for buffer in self._buffers:
                buffer[: self._end] = buffer[len(buffer) - self._end :]
        self._rows += 1
        before, shaped = self._end - self._length + 1, row.reshape(1, 1, *self._row_shape)
        if self.coded:
            earlier = [buffer[None, before : self._end] for buffer in self._buffers]
            found = self._engine([shaped, *earlier])
            for buffer, code in zip(self._buffers, found, strict=False):
                buffer[self._end] = code[0, 0]
            outputs = found[len(self._buffers) :]
        else:
            (buffer,) = self._buffers
            buffer[self._end] = shaped[0, 0]
            full = self._rows >= self._length
            outputs = self._engine([buffer[None, before : self._end + 1]]) if full else []
        self._end += 1
        return outputs if self._rows >= self._length else None


def _by_row(compiled: ModelPredictor, dense: Dense, threads: int | None) -> Engine | None:
    """A row, and the codes of those before it in its window → its codes, and the outputs.

    One call of an engine takes less than one for each half. None where there is no such engine, or it does
    not agree with the windows' own.
    """
    model = dense.halves.by_row()
    if model is None:
        return None
    try:
        engine = compile_engine(model, compiled.engine.name, threads)
    except BuildError:
        return None
    probe = np.random.default_rng(0).standard_normal((1, *dense.halves.encoder.inputs[0].shape[1:]))
    probe = probe.astype(np.float32)
    codes = dense.encoder.own([probe])
    kept, outputs = [np.zeros_like(code) for code in codes], []
    for row in np.split(probe, probe.shape[1], axis=1):
        earlier = [code[:, 1:] for code in kept]
        found = engine([row, *earlier])
        kept = [np.concatenate(pair, axis=1) for pair in zip(earlier, found[: len(kept)], strict=True)]
        outputs = found[len(kept) :]
    return engine if close([*kept, *outputs], [*codes, *compiled.engine([probe])]) else None
