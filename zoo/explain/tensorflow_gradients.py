"""Values and gradients of one output of a model, at its inputs and at its embeddings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from zoo.layers.reset_states import reset_states

Found = tuple[np.ndarray, list[np.ndarray]]


class Gradients:
    """The number ``Σ mask·output`` of each sample, and its gradients; compiled once for each batch size.

    Words have no gradient: where an input is of whole numbers, the gradient is taken at what its Embedding
    layers make of it. Each of their calls is a place of its own.

    Args:
        model: functional, in inference mode.
        output: place of the output among the model's.
        logits: take the output before its last activation.

    Attributes:
        places: (input, shape without the batch) of every place where a gradient is taken, in order.
        padding: input → the number with which a Masking layer knows the steps that are none.
    """

    def __init__(self, model: keras.Model, output: int, *, logits: bool = False) -> None:
        self.model = model
        self._output = output
        self._activated = model.get_layer(model.output_names[output]) if logits else None
        self._floats = [i for i, item in enumerate(model.inputs) if "float" in item.dtype]
        self._embeddings = [
            layer for layer in model._flatten_layers() if isinstance(layer, keras.layers.Embedding)
        ]
        self._compiled = tf.function(self._gradients, autograph=False)
        self._values_of = tf.function(self._value, autograph=False)
        self.padding = _padding(model)
        self.fed: list[int] = []
        self.places: list[tuple[int, tuple[int, ...]]] = []

    def entries(self, inputs: Sequence[np.ndarray]) -> list[np.ndarray]:
        """(batch, …) at every place where a gradient is taken: float inputs as they are, then embeddings."""
        if not self._embeddings:
            self.places = [(i, inputs[i].shape[1:]) for i in self._floats]
            return [inputs[i] for i in self._floats]
        made: list[tuple[np.ndarray, np.ndarray]] = []

        def note(call: Any, place: int, given: Any) -> Any:
            result = call(given)
            made.append((np.asarray(given), np.asarray(result)))
            return result

        with self._embedding_calls(note):
            self.model(_bare([tf.constant(item) for item in inputs]), training=False)
        owners = self._owners(inputs)
        self.fed = [place for place, owner in enumerate(owners) if owner is not None]
        # time may be folded into the batch: the codes of a sample's words lie together
        codes = [_of_samples(made[place][1], len(inputs[0])) for place in self.fed]
        found = [inputs[i] for i in self._floats] + codes
        named = [*self._floats, *(owner for owner in owners if owner is not None)]
        self.places = [(name, item.shape[1:]) for name, item in zip(named, found, strict=True)]
        return found

    def _owners(self, inputs: Sequence[np.ndarray]) -> list[int | None]:
        """Of each call of an Embedding the input whose words it is fed; None where they are nobody's.

        Each word has a number of its own here: two inputs may hold the same words.
        """
        codes, first = [], 1
        for item in inputs:
            whole = item.dtype.kind != "f"
            codes.append(np.arange(first, first + item.size).reshape(item.shape) if whole else item)
            first += item.size if whole else 0
        fed: list[np.ndarray] = []

        def note(call: Any, place: int, given: Any) -> Any:
            fed.append(np.asarray(given))
            return tf.zeros((*given.shape, call.__self__.output_dim), call.__self__.compute_dtype)

        given = [item.astype(old.dtype) for item, old in zip(codes, inputs, strict=True)]
        with self._embedding_calls(note):
            self.model(_bare([tf.constant(item) for item in given]), training=False)
        return [_owner(words, codes) for words in fed]

    def __call__(
        self, inputs: Sequence[np.ndarray], entries: Sequence[np.ndarray], mask: np.ndarray
    ) -> Found:
        """(batch,) the number, and (batch, …) its gradient at each place.

        Args:
            inputs: of the model; the words among them say what is masked.
            entries: what stands at each place, in the order of ``places``.
            mask: (batch, …) in the output's shape.
        """
        reset_states(self.model)
        value, gradients = self._compiled(*_constants(inputs, entries, mask))
        return value.numpy(), [item.numpy() for item in gradients]

    def values(
        self, inputs: Sequence[np.ndarray], entries: Sequence[np.ndarray], mask: np.ndarray
    ) -> np.ndarray:
        """(batch,) the number alone."""
        reset_states(self.model)
        return np.asarray(self._values_of(*_constants(inputs, entries, mask)).numpy())

    def outputs(self, inputs: Sequence[np.ndarray]) -> np.ndarray:
        """(batch, …) the output itself."""
        reset_states(self.model)
        with self._logits():
            found = self.model(_bare([tf.constant(item) for item in inputs]), training=False)
        return np.asarray(_listed(found)[self._output])

    def _gradients(self, inputs: Any, entries: Any, mask: Any) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(entries)
            value = self._value(inputs, entries, mask)
        gradients = tape.gradient(value, entries, unconnected_gradients=tf.UnconnectedGradients.ZERO)
        return value, gradients

    def _value(self, inputs: Any, entries: Any, mask: Any) -> Any:
        given = list(inputs)
        for place, entry in zip(self._floats, entries, strict=False):
            given[place] = entry
        words = dict(zip(self.fed, entries[len(self._floats) :], strict=True))

        def instead(call: Any, place: int, given: Any) -> Any:
            if place not in words:
                return call(given)
            return tf.reshape(words[place], (-1, *given.shape[1:], words[place].shape[-1]))

        with self._embedding_calls(instead), self._nothing_stopped():
            with self._logits():
                found = _listed(self.model(_bare(given), training=False))[self._output]
        product = tf.cast(found, tf.float32) * mask
        return tf.reduce_sum(product, axis=list(range(1, len(product.shape))))

    @contextmanager
    def _embedding_calls(self, instead: Callable[[Any, int, Any], Any]) -> Iterator[None]:
        """Calls of Embedding layers, numbered in their order, go through ``instead``."""
        count = iter(range(1_000_000))
        with ExitStack() as stack:
            for layer in self._embeddings:
                real = layer.call
                layer.call = lambda given, real=real: instead(real, next(count), given)
                stack.callback(layer.__dict__.pop, "call", None)
            yield

    @contextmanager
    def _nothing_stopped(self) -> Iterator[None]:
        """Gradients that training stops are part of how the output changes."""
        stops = [
            operation
            for model in self.model._flatten_layers()
            if isinstance(model, keras.Model)
            for operation in getattr(model, "operations", ())
            if type(operation).__name__ == "StopGradient"
        ]
        kept = keras.ops.stop_gradient
        keras.ops.stop_gradient = lambda variable: variable
        for operation in stops:
            operation.call = lambda variable: variable
        try:
            yield
        finally:
            keras.ops.stop_gradient = kept
            for operation in stops:
                del operation.call

    @contextmanager
    def _logits(self) -> Iterator[None]:
        """The output's own layer without its activation."""
        if self._activated is None:
            yield
            return
        kept = self._activated.activation
        self._activated.activation = keras.activations.linear
        try:
            yield
        finally:
            self._activated.activation = kept


def _owner(words: np.ndarray, inputs: Sequence[np.ndarray]) -> int | None:
    for place, item in enumerate(inputs):
        if item.size == words.size and np.array_equal(item.ravel(), words.ravel()):
            return place
    return None


def _of_samples(codes: np.ndarray, samples: int) -> np.ndarray:
    folded = len(codes) // samples
    return codes if folded == 1 else codes.reshape(samples, folded, *codes.shape[1:])


def _constants(inputs: Sequence[np.ndarray], entries: Sequence[np.ndarray], mask: np.ndarray) -> Any:
    return (
        [tf.constant(item) for item in inputs],
        [tf.constant(item, tf.float32) for item in entries],
        tf.constant(mask, tf.float32),
    )


def _bare(items: list[Any]) -> Any:
    return items[0] if len(items) == 1 else items


def _listed(found: Any) -> list[Any]:
    return list(found) if isinstance(found, (list, tuple)) else [found]


def _padding(model: keras.Model) -> dict[int, float]:
    names = [item.name for item in model.inputs]
    found: dict[int, float] = {}
    for layer in model.layers:
        if isinstance(layer, keras.layers.Masking):
            for node in layer._inbound_nodes:
                for tensor in node.input_tensors:
                    if tensor.name in names:
                        found[names.index(tensor.name)] = float(layer.mask_value)
    return found
