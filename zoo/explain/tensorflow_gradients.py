"""Values and gradients of one output of a model, at its inputs and at its embeddings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import count
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from zoo.layers.reset_states import reset_states

Found = tuple[np.ndarray, list[np.ndarray]]


class Gradients:
    """The number ``Σ mask·output`` of each sample, and its gradients; compiled once for each batch size.

    Words have no gradient: where an input is of whole numbers, the gradient is taken at what its Embedding
    layers make of it. Each of their calls is a place of its own. What is masked in a sample stays
    masked wherever on the way from a baseline the numbers are: a mask that came and went with them would be
    a jump, which no sum along a line can follow.

    Args:
        model: functional, in inference mode.
        output: place of the output among the model's.
        logits: take the output before its last activation.

    Attributes:
        places: (input, shape without the batch) of every place where a gradient is taken, in order.
    """

    def __init__(self, model: keras.Model, output: int, *, logits: bool = False) -> None:
        self.model = model
        self._output = output
        self._activated = model.get_layer(model.output_names[output]) if logits else None
        self._floats = [i for i, item in enumerate(model.inputs) if "float" in item.dtype]
        self._embeddings = _layers_of(model, keras.layers.Embedding)
        # A mask that Keras passes on by itself is made twice: by the layer, and by an operation of the graph.
        self._masking = [
            *_layers_of(model, keras.layers.Masking),
            *(item for item in _operations(model) if type(item).__name__ == "NotEqual"),
        ]
        self._compiled = _ByShape(self._gradients)
        self._values_of = _ByShape(self._value)
        self._masks_of = _ByShape(self._masks)
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

        with _calls(self._embeddings, note):
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
        with _calls(self._embeddings, note):
            self.model(_bare([tf.constant(item) for item in given]), training=False)
        return [_owner(words, codes) for words in fed]

    def __call__(
        self, inputs: Sequence[np.ndarray], entries: Sequence[np.ndarray], mask: np.ndarray
    ) -> Found:
        """(batch,) the number, and (batch, …) its gradient at each place.

        Args:
            inputs: of the model; they say what is masked.
            entries: what stands at each place, in the order of ``places``.
            mask: (batch, …) in the output's shape.
        """
        value, gradients = self._compiled(*self._given(inputs, entries, mask))
        return value.numpy(), [item.numpy() for item in gradients]

    def values(
        self, inputs: Sequence[np.ndarray], entries: Sequence[np.ndarray], mask: np.ndarray
    ) -> np.ndarray:
        """(batch,) the number alone."""
        return np.asarray(self._values_of(*self._given(inputs, entries, mask)).numpy())

    def outputs(self, inputs: Sequence[np.ndarray]) -> np.ndarray:
        """(batch, …) the output itself."""
        reset_states(self.model)
        with self._logits():
            found = self.model(_bare([tf.constant(item) for item in inputs]), training=False)
        return np.asarray(_listed(found)[self._output])

    def _given(self, inputs: Sequence[np.ndarray], entries: Sequence[np.ndarray], mask: np.ndarray) -> Any:
        """Tensors, what the samples themselves mask among them; and states at zero."""
        own = [tf.constant(item) for item in inputs]
        reset_states(self.model)
        masks = self._masks_of(own) if self._masking else []
        if masks:
            reset_states(self.model)
        return own, [tf.constant(item, tf.float32) for item in entries], tf.constant(mask, tf.float32), masks

    def _masks(self, inputs: Any) -> Any:
        """What each call that masks keeps, in their order."""
        found: list[Any] = []

        def note(call: Any, place: int, *given: Any) -> Any:
            result = call(*given)
            found.append(result if result.dtype == tf.bool else call.__self__.compute_mask(*given))
            return result

        with _calls(self._masking, note):
            self.model(_bare(list(inputs)), training=False)
        return found

    def _gradients(self, inputs: Any, entries: Any, mask: Any, masks: Any) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(entries)
            value = self._value(inputs, entries, mask, masks)
        gradients = tape.gradient(value, entries, unconnected_gradients=tf.UnconnectedGradients.ZERO)
        return value, gradients

    def _value(self, inputs: Any, entries: Any, mask: Any, masks: Any) -> Any:
        given = list(inputs)
        for place, entry in zip(self._floats, entries, strict=False):
            given[place] = entry
        words = dict(zip(self.fed, entries[len(self._floats) :], strict=True))

        def instead(call: Any, place: int, given: Any) -> Any:
            if place not in words:
                return call(given)
            return tf.reshape(words[place], (-1, *given.shape[1:], words[place].shape[-1]))

        def masked(call: Any, place: int, given: Any, *_: Any) -> Any:
            if not isinstance(call.__self__, keras.layers.Masking):
                return masks[place]
            kept = tf.where(masks[place][..., None], given, tf.zeros_like(given))
            kept._keras_mask = masks[place]
            return kept

        with _calls(self._embeddings, instead), _calls(self._masking, masked), self._nothing_stopped():
            with self._logits():
                found = _listed(self.model(_bare(given), training=False))[self._output]
        product = tf.cast(found, tf.float32) * mask
        return tf.reduce_sum(product, axis=list(range(1, len(product.shape))))

    @contextmanager
    def _nothing_stopped(self) -> Iterator[None]:
        """Gradients that training stops are part of how the output changes."""
        stops = [item for item in _operations(self.model) if type(item).__name__ == "StopGradient"]
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


class _ByShape:
    """A function of tensors, compiled ahead for each shape that it is called with.

    Pieces are of few sizes, and each model has functions of its own. TensorFlow cannot know that: a function
    that is traced as it is called earns warnings of too many tracings.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = tf.function(function, autograph=False)
        self._compiled: dict[tuple[Any, ...], Any] = {}

    def __call__(self, *given: Any) -> Any:
        key = tuple((tuple(item.shape), item.dtype) for item in tf.nest.flatten(given))
        if key not in self._compiled:
            self._compiled[key] = self._function.get_concrete_function(*given)
        return self._compiled[key](*given)


@contextmanager
def _calls(operations: Sequence[Any], instead: Callable[..., Any]) -> Iterator[None]:
    """Calls of these layers or operations, numbered in their order, go through ``instead``."""
    numbers = count()
    with ExitStack() as stack:
        for operation in operations:
            real = operation.call
            operation.call = lambda *given, real=real: instead(real, next(numbers), *given)
            stack.callback(operation.__dict__.pop, "call", None)
        yield


def _layers_of(model: keras.Model, kind: type) -> list[Any]:
    """Those of a kind, in submodels and wrappers too."""
    return [layer for layer in model._flatten_layers() if isinstance(layer, kind)]


def _operations(model: keras.Model) -> list[Any]:
    """Those of the graph, in submodels too."""
    models = (item for item in model._flatten_layers() if isinstance(item, keras.Model))
    return [operation for item in models for operation in getattr(item, "operations", ())]


def _owner(words: np.ndarray, inputs: Sequence[np.ndarray]) -> int | None:
    for place, item in enumerate(inputs):
        if item.size == words.size and np.array_equal(item.ravel(), words.ravel()):
            return place
    return None


def _of_samples(codes: np.ndarray, samples: int) -> np.ndarray:
    folded = len(codes) // samples
    return codes if folded == 1 else codes.reshape(samples, folded, *codes.shape[1:])


def _bare(items: list[Any]) -> Any:
    return items[0] if len(items) == 1 else items


def _listed(found: Any) -> list[Any]:
    return list(found) if isinstance(found, (list, tuple)) else [found]
