"""How the inputs of a toy tell traits: words of a text, letters in rows, words that occur, numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zoo.data.asked import AskedInput, AskedTarget
from zoo.data.toys.toy import Order
from zoo.data.toys.traits import Trait

# Different words for the same thing: few, so that a short text shows each often enough to be learned.
SYNONYMS = 4
_WHOLE = {"bool": 2, "int8": 128, "uint8": 256}


def vocabulary_of(item: AskedInput) -> int:
    """How many different whole numbers the input may hold; word 0 is no word."""
    most = _WHOLE.get(item.dtype, 10_000)
    return most if item.vocabulary is None else max(1, min(item.vocabulary, most))


def number_type(item: AskedInput) -> np.dtype[Any]:
    """NumPy's type for the input; bfloat16, which NumPy has not, is given as float32."""
    return np.dtype(np.float32) if item.dtype == "bfloat16" else np.dtype(item.dtype)


def is_whole(item: AskedInput) -> bool:
    """Whether the input takes whole numbers."""
    return number_type(item).kind in "iub"


def sizes_of(item: AskedInput | AskedTarget) -> tuple[int, ...]:
    """The shape of a sample; all sizes are known by now."""
    return tuple(size or 1 for size in item.shape)


def write_input(item: AskedInput, traits: Sequence[Trait], order: Order, signal: float = 0.8) -> NDArray[Any]:
    """(sample, *shape) that tells the traits: words where the input takes whole numbers, else numbers."""
    if is_whole(item):
        return write_words(item, traits, order, signal)
    return write_numbers(item, traits, order)


def write_words(item: AskedInput, traits: Sequence[Trait], order: Order, signal: float = 0.8) -> NDArray[Any]:
    """(sample, *shape) word numbers from 1; each trait has words of its own for each of its signs.

    A word's number says its sign: word w has sign (w − 1) mod the number of signs.
    """
    shape = sizes_of(item)
    signs = draw_signs(traits, order, math.prod(shape), signal)
    words = words_of(signs, sum(trait.width for trait in traits), vocabulary_of(item), order.rng)
    return words.reshape(order.samples, *shape).astype(number_type(item))


def draw_signs(traits: Sequence[Trait], order: Order, length: int, signal: float = 0.8) -> NDArray[np.int64]:
    """(sample, length) signs, numbered over all traits, each as often as its share says, in random order."""
    shares = np.concatenate([trait.chances(signal) for trait in traits], axis=1) / len(traits)
    edges = np.cumsum(shares, axis=1)
    # Evenly spaced draws: the share of a sign in a text is its chance to within one word.
    ticks = (np.arange(length) + order.rng.random((order.samples, 1))) / max(1, length)
    signs = np.empty((order.samples, length), np.int64)
    for row, (edge, tick) in enumerate(zip(edges[:, :-1], ticks, strict=True)):
        signs[row] = np.searchsorted(edge, tick)
    return order.rng.permuted(signs, axis=1)


def words_of(
    signs: NDArray[np.int64], count: int, vocabulary: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """A word number for each sign; a small vocabulary makes several signs share their words."""
    words = vocabulary - 1
    if words < 1:
        return np.zeros_like(signs)
    synonyms = max(1, min(SYNONYMS, words // count))
    return np.asarray(1 + (signs + count * rng.integers(0, synonyms, signs.shape)) % words)


def write_letters(
    item: AskedInput, traits: Sequence[Trait], order: Order, signal: float = 0.8
) -> NDArray[Any]:
    """(sample, …, letter) rows with a single 1: letters as the last axis numbers them."""
    shape = sizes_of(item)
    letters = AskedInput(shape[:-1], "int64", shape[-1] + 1)
    numbers = np.maximum(write_words(letters, traits, order, signal) - 1, 0)
    rows = np.zeros((*numbers.shape, shape[-1]), number_type(item))
    np.put_along_axis(rows, numbers[..., None], 1, axis=-1)
    return rows


def write_bag(
    item: AskedInput, traits: Sequence[Trait], order: Order, words: int, signal: float = 0.8
) -> NDArray[Any]:
    """(sample, word) 1 for every word that occurs in a text of so many words."""
    size = math.prod(sizes_of(item))
    text = write_words(AskedInput((words,), "int64", size + 1), traits, order, signal)
    found = np.zeros((order.samples, size + 1), number_type(item))
    np.put_along_axis(found, text, 1, axis=1)
    return found[:, 1:].reshape(order.samples, *sizes_of(item))


def write_numbers(
    item: AskedInput, traits: Sequence[Trait], order: Order, noise: float = 0.3
) -> NDArray[Any]:
    """(sample, *shape): a fixed pattern for each sign, as strong as its share, and noise."""
    shape = sizes_of(item)
    size = math.prod(shape)
    made = order.rng.normal(0.0, noise, (order.samples, size)).astype(np.float32)
    for number, trait in enumerate(traits):
        patterns = _patterns(number, trait.width, size)
        made += trait.chances().astype(np.float32) @ patterns
    if is_whole(item):
        made = np.clip(np.round(made), 0, None)
    return made.reshape(order.samples, *shape).astype(number_type(item))


def _patterns(number: int, signs: int, size: int) -> NDArray[np.float32]:
    """(sign, size) the same for every seed; the first and the last sign lie far apart even in one number."""
    rule = np.random.default_rng([2024, number, signs])
    patterns = rule.normal(0.0, 1.0, (signs, size)).astype(np.float32)
    patterns[:, :1] = np.linspace(-1.5, 1.5, signs, dtype=np.float32)[:, None]
    return patterns
