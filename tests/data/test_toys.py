"""Toy data fits any model of its kind, is the same for the same seed, and has a rule that can be learned."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LinearRegression, LogisticRegression

from zoo import data
from zoo.data.asked import Asked, AskedInput, AskedTarget
from zoo.data.toys import TOYS
from zoo.data.toys.filters import kernel_of
from zoo.data.toys.preparation import MOST_BYTES
from zoo.data.toys.questions import subjects_of
from zoo.errors import DataError
from zoo.spec import toys as names

SIZES = st.one_of(st.none(), st.integers(1, 9))
WORDS = st.builds(
    AskedInput,
    st.lists(SIZES, min_size=0, max_size=3).map(tuple),
    st.sampled_from(["int32", "int64", "int8", "uint8", "bool"]),
    st.one_of(st.none(), st.integers(1, 200)),
)
NUMBERS = st.builds(
    AskedInput,
    st.lists(SIZES, min_size=0, max_size=4).map(tuple),
    st.sampled_from(["float32", "float64", "float16", "bfloat16"]),
)


@st.composite
def targets(draw: Any) -> AskedTarget:
    kind = draw(st.sampled_from(["labels", "one_hot", "binary", "units", "numbers"]))
    steps = tuple(draw(st.lists(SIZES, min_size=0, max_size=2)))
    classes = draw(st.integers(1, 30))
    if kind == "labels":
        return AskedTarget(steps, "labels", classes)
    if kind == "one_hot":
        return AskedTarget((*steps, classes), "one_hot", classes)
    if kind == "binary":
        return AskedTarget((*steps, 1), "binary", 2)
    return AskedTarget((*steps, classes), "numbers" if kind == "numbers" else "binary")


ASKED = st.builds(
    Asked,
    st.dictionaries(st.sampled_from("abc"), st.one_of(WORDS, NUMBERS), min_size=1),
    st.dictionaries(st.sampled_from("xyz"), targets(), min_size=1),
)


def made(name: str, asked: Asked, **options: Any) -> data.Prepared:
    recipe = {"kind": TOYS[name].kind, "source": {"toy": name, **options}}
    return data.prepare(
        recipe,
        input_shapes={name: item.shape for name, item in asked.inputs.items()},
        outputs={name: target.classes for name, target in asked.targets.items()},
        asked=asked,
    )


def whole(name: str, asked: Asked, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    ready = made(name, asked, **options)
    parts = (ready.train, ready.val, ready.test)
    return (
        {key: np.concatenate([part.x[key] for part in parts]) for key in asked.inputs},
        {key: np.concatenate([part.y[key] for part in parts]) for key in asked.targets},
    )


def test_the_checker_of_specs_knows_the_same_toys() -> None:
    here: dict[str, dict[str, tuple[str, ...]]] = {}
    for name, toy in TOYS.items():
        here.setdefault(toy.kind, {})[name] = tuple(toy.options)
    samples = {kind: dict(toys) for kind, toys in names.TOYS.items() if kind != "table"}
    assert samples == here
    assert {names.kind_of(name) for name in TOYS} == {"tokens", "images", "toy"}
    assert names.options_of("tickets") == ("samples", "seed", "length", "signal", "words")


@pytest.mark.parametrize("name", TOYS)
@settings(max_examples=25, deadline=None)
@given(asked=ASKED, samples=st.integers(2, 40), length=st.integers(1, 6))
def test_a_toy_fits_any_model(name: str, asked: Asked, samples: int, length: int) -> None:
    x, y = whole(name, asked, samples=samples, length=length)
    for key, item in asked.inputs.items():
        array = x[key]
        assert array.shape == (samples, *_sized(item.shape, length))
        whole_numbers = item.dtype not in ("float32", "float64", "float16", "bfloat16")
        assert (array.dtype.kind in "iub") == whole_numbers
        if whole_numbers and item.vocabulary is not None:
            assert array.min() >= 0 and array.max() < max(1, item.vocabulary) or TOYS[name].kind == "images"
    for key, target in asked.targets.items():
        array, shape = y[key], _sized(target.shape, length)
        assert array.size == samples * math.prod(shape) and np.isfinite(array).all()
        if target.kind == "labels":
            assert array.dtype.kind == "i" and array.min() >= 0 and array.max() < (target.classes or 1)
        elif target.kind == "one_hot" and (target.classes or 0) > 1:
            assert array.shape == (samples, *shape)
            assert set(np.unique(array)) <= {0, 1} and (array.sum(axis=-1) == 1).all()
        elif target.kind == "binary":
            assert set(np.unique(array)) <= {0, 1}


def _sized(shape: tuple[int | None, ...], length: int) -> tuple[int, ...]:
    return tuple(length if size is None else size for size in shape)


WORD_INPUT = AskedInput((30,), "int32", 10_000)
YES = AskedTarget((1,), "binary", 2)
NATURAL = {
    "headlines": Asked({"main": WORD_INPUT, "facts": AskedInput((5,))}, {"shared": YES}),
    "shares": Asked(
        {"headline": WORD_INPUT, "hour": AskedInput((1,))},
        {"retweets": AskedTarget((1,), "numbers"), "likes": AskedTarget((1,), "numbers")},
    ),
    "tweets": Asked({"a": AskedInput((40, 16)), "b": AskedInput((40, 16))}, {"same": YES}),
    "questions": Asked(
        {"text": WORD_INPUT, "question": AskedInput((8,), "int32", 10_000)},
        {"answer": AskedTarget((500,), "one_hot", 500)},
    ),
    "documents": Asked({"text": AskedInput((6, 8), "int32", 500)}, {"subject": AskedTarget((), "labels", 4)}),
    "posts": Asked(
        {"posts": AskedInput((None,), "int32", 50_000)},
        {"age": AskedTarget((1,), "numbers"), "income": AskedTarget((10,), "one_hot", 10), "gender": YES},
    ),
    "tickets": Asked(
        {"title": AskedInput((400,)), "body": AskedInput((400,)), "tags": AskedInput((100,))},
        {"priority": AskedTarget((1,), "numbers"), "department": AskedTarget((4,), "one_hot", 4)},
    ),
    "digits": Asked({"image": AskedInput((8, 8, 1))}, {"digit": AskedTarget((10,), "one_hot", 10)}),
    "digit_pairs": Asked({"a": AskedInput((27, 27, 1)), "b": AskedInput((27, 27, 1))}, {"same": YES}),
    "filters": Asked({"image": AskedInput((12, 12, 3))}, {"image": AskedTarget((12, 12, 5), "numbers")}),
    "shapes": Asked({"series": AskedInput((40, 2))}, {"kind": AskedTarget((), "labels", 5)}),
}


@pytest.mark.parametrize("name", TOYS)
def test_a_linear_model_learns_the_rule(name: str) -> None:
    ready = made(name, NATURAL[name], samples=600)
    seen, new = (_seen(part.x, NATURAL[name]) for part in (ready.train, ready.test))
    for key, target in NATURAL[name].targets.items():
        told, asked = (_answers(part.y[key], target) for part in (ready.train, ready.test))
        if target.kind == "numbers":
            model = LinearRegression().fit(seen, told)
            assert model.score(new, asked) > (0.5 if name == "filters" else 0.8)
        else:
            model = LogisticRegression(max_iter=2_000).fit(seen, told)
            assert model.score(new, asked) > 0.85


def _seen(x: Any, asked: Asked) -> np.ndarray:
    """Counts of words for a text, means over time of letters, else all numbers."""
    columns = []
    for key, item in asked.inputs.items():
        array = np.asarray(x[key])
        if array.dtype.kind == "i":
            flat = array.reshape(len(array), -1)
            columns.append(np.stack([(flat == word).mean(axis=1) for word in range(1, 60)], axis=1) * 10)
        elif item.shape == (40, 16):
            columns.append(array.mean(axis=1) * 10)
        else:
            columns.append(array.reshape(len(array), -1))
    return np.concatenate(columns, axis=1)


def _answers(y: np.ndarray, target: AskedTarget) -> np.ndarray:
    if target.kind == "one_hot":
        return y.argmax(axis=1)
    return y.reshape(len(y), -1) if target.kind == "numbers" else y.reshape(len(y))


@pytest.mark.parametrize("name", TOYS)
def test_the_same_seed_gives_the_same_data(name: str) -> None:
    first, again, other = (made(name, NATURAL[name], samples=30, seed=seed) for seed in (3, 3, 4))
    assert first.fingerprint == again.fingerprint != other.fingerprint
    assert first.about == again.about and first.toy == name and not first.ordered
    assert first.about.startswith("toy data: ") and first.simulated == TOYS[name].drawn


def test_no_subset_of_the_inputs_gives_the_answer() -> None:
    assert subjects_of(2, 500) == [4, 3] and subjects_of(1, 500) == [4] and subjects_of(3, 2) == [2, 1, 1]
    x, y = whole("questions", NATURAL["questions"], samples=600)
    answer = y["answer"].argmax(axis=1)
    assert len(set(answer.tolist())) == 12
    text = _seen(x, Asked({"text": WORD_INPUT}, {}))
    assert LogisticRegression(max_iter=2_000).fit(text, answer).score(text, answer) < 0.6


def test_an_impostor_writes_one_tweet_at_most() -> None:
    x, y = whole("tweets", NATURAL["tweets"], samples=200)
    letters = [(x[name].argmax(axis=-1) % 2).mean(axis=1) > 0.5 for name in "ab"]
    assert not (letters[0] & letters[1]).any()
    np.testing.assert_array_equal(y["same"].reshape(-1) == 1, ~(letters[0] | letters[1]))


def test_filters_are_the_convolution_that_they_say() -> None:
    asked = NATURAL["filters"]
    x, y = whole("filters", asked, samples=4)
    weights = kernel_of(3, 3, 5).reshape(3, 3, 3, 5)
    around = x["image"][:, 4:7, 4:7]
    np.testing.assert_allclose(y["image"][:, 5, 5], np.einsum("nijc,ijck->nk", around, weights), atol=1e-6)
    half = Asked(asked.inputs, {"image": AskedTarget((6, 6, 5), "numbers")})
    np.testing.assert_array_equal(whole("filters", half, samples=4)[1]["image"], y["image"][:, ::2, ::2])
    assert (y["image"] >= 0).all()


def test_few_classes_see_only_their_digits() -> None:
    asked = Asked({"image": AskedInput((8, 8))}, {"digit": AskedTarget((), "labels", 3)})
    x, y = whole("digits", asked, samples=1_000)
    assert set(y["digit"].tolist()) == {0, 1, 2} and x["image"].shape == (1_000, 8, 8)
    assert 0 <= x["image"].min() and x["image"].max() == 1.0


def test_all_samples_fit_in_memory_unless_asked_for() -> None:
    asked = Asked({"image": AskedInput((256, 256, 3))}, {"image": AskedTarget((256, 256, 192), "numbers")})
    assert "8 samples" in made("filters", asked).about
    large = MOST_BYTES // (256 * 256 * 195 * 4) + 1
    with pytest.raises(DataError, match=f"{large} samples of the toy `filters` would fill 4.0 GiB") as caught:
        made("filters", asked, samples=large)
    assert caught.value.help == f"give `samples` up to {large - 1}"


MISTAKES: dict[str, tuple[dict[str, Any], str, str]] = {
    "name": ({"toy": "headline"}, "there is no toy `headline`", "did you mean `headlines`?"),
    "nothing": ({"toy": None}, "there is no toy `None`", "the toys of kind `tokens` are: headlines, shares"),
    "kind": ({"toy": "digits"}, "`digits` is a toy of kind `images`", "write `kind: images`"),
    "option": (
        {"toy": "headlines", "sample": 3},
        "the toy `headlines` has no option `sample`",
        "did you mean `samples`?",
    ),
    "strange": ({"toy": "headlines", "xyz": 3}, "the toy `headlines` has no option `xyz`", "its options are"),
    "samples": (
        {"toy": "headlines", "samples": 0},
        "`data.source.samples` is a whole number from 1",
        "give 1",
    ),
    "low": ({"toy": "headlines", "signal": -1}, "`data.source.signal` is a number from 0", ""),
    "high": ({"toy": "headlines", "signal": 2}, "`data.source.signal` is at most 1", "give a smaller one"),
    "whole": ({"toy": "tickets", "words": 1.5}, "`data.source.words` is a whole number from 1", ""),
    "simulate": ({"simulate": {}}, "data of kind `tokens` are arrays or a toy; received {'simulate'", ""),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_mistakes(case: str) -> None:
    source, message, help_ = MISTAKES[case]
    with pytest.raises(DataError) as caught:
        data.prepare({"kind": "tokens", "source": source}, input_shapes={"a": (5,)}, outputs={"y": 2})
    assert caught.value.message.startswith(message) and help_ in caught.value.help
    assert caught.value.code in ("data.source", "data.recipe") and caught.value.help


def test_real_digits_are_as_many_as_there_are() -> None:
    recipe = {"kind": "images", "source": {"toy": "digits", "samples": 1_798}}
    with pytest.raises(DataError, match="the toy `digits` has 1,797 samples; 1,798 are asked for"):
        data.prepare(recipe, input_shapes={"a": (8, 8)}, outputs={"y": 10})


def test_the_word_of_the_grammar_and_the_caller_name_a_toy_too() -> None:
    recipe = {"kind": "toy", "toy": {"name": "shapes", "samples": 50}}
    shapes = {"series": (12, 1)}
    ready = data.prepare(recipe, input_shapes=shapes, outputs={"kind": 3})
    assert "50 samples" in ready.about and len(ready.train) == 35
    given_ = data.prepare(recipe, {"toy": "shapes", "samples": 60}, input_shapes=shapes, outputs={"kind": 3})
    assert "60 samples" in given_.about
    with pytest.raises(DataError, match="data of kind `toy` are arrays or a toy; received nothing"):
        data.prepare({"kind": "toy"}, input_shapes=shapes, outputs={"kind": 3})
    with pytest.raises(DataError, match="received str"):
        data.prepare(recipe, "book.csv", input_shapes=shapes, outputs={"kind": 3})
