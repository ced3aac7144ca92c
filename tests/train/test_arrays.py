"""Arrays that fit pass unchanged; arrays that do not say which one, where, and what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import zoo
from zoo.errors import TrainError
from zoo.spec import InputSpec
from zoo.train.arrays import axes, check_inputs

BOOK = {"book": InputSpec((100, 20, 1))}
TWO = {"text": InputSpec((6,), "int32"), "aux": InputSpec((3,))}


def _book(count: int = 4) -> np.ndarray:
    return np.zeros((count, 100, 20, 1), dtype=np.float32)


def test_an_array_that_fits_is_not_copied() -> None:
    x = _book()
    assert check_inputs(x, BOOK)["book"] is x


@pytest.mark.parametrize(
    "given", [_book(), [_book()], (_book(),), {"book": _book()}, _book().astype(np.float64)]
)
def test_ways_to_give_one_input(given: Any) -> None:
    checked = check_inputs(given, BOOK)["book"]
    assert checked.dtype == np.float32
    assert checked.shape == (4, 100, 20, 1)


def test_lists_of_numbers_are_an_array() -> None:
    assert check_inputs([[1, 2, 3], [4, 5, 6]], {"aux": InputSpec((3,))})["aux"].shape == (2, 3)


def test_several_inputs_by_name_or_in_order() -> None:
    text, aux = np.ones((2, 6)), np.ones((2, 3))
    for given in ([text, aux], {"aux": aux, "text": text}):
        checked = check_inputs(given, TWO)
        assert list(checked) == ["text", "aux"]
        assert checked["text"].dtype == np.int32


def _bad(position: tuple[int, ...], value: float) -> np.ndarray:
    x = _book()
    x[position] = value
    return x


CASES: list[tuple[str, Any, dict[str, InputSpec], str, str]] = [
    (
        "shape",
        np.zeros((64, 20, 100, 1)),
        BOOK,
        "expected (batch, time=100, feature=20, 1), received (64, 20, 100, 1)",
        "axes 1 and 2 look swapped",
    ),
    ("shape", np.zeros((64, 100, 20)), BOOK, "received (64, 100, 20)", "add the last axis: `x[..., None]`"),
    ("shape", np.zeros((100, 20, 1)), BOOK, "received (100, 20, 1)", "add the batch axis"),
    ("shape", np.zeros((64, 100, 10, 1)), BOOK, "received (64, 100, 10, 1)", "feature should be 20, not 10"),
    (
        "shape",
        np.zeros((4, 3, 1)),
        {"aux": InputSpec((3,))},
        "expected (batch, feature=3)",
        "drop the last axis",
    ),
    ("shape", 3.0, {"aux": InputSpec((3,))}, "received ()", "2 axes, the batch first"),
    (
        "shape",
        np.zeros((4, 9)),
        {"x": InputSpec((None, 2))},
        "expected (batch, time=any, feature=2)",
        "3 axes",
    ),
    (
        "not_finite",
        _bad((2, 3, 1, 0), np.nan),
        BOOK,
        "1 value that is NaN or infinite, the first (nan) at [2, 3, 1, 0]",
        "drop or fill",
    ),
    ("not_finite", _bad((0, 99, 19, 0), -np.inf), BOOK, "the first (-inf) at [0, 99, 19, 0]", "count from 0"),
    (
        "not_finite",
        np.full((2, 3), 1e39),
        {"aux": InputSpec((3,))},
        "6 values that are NaN or infinite",
        "drop",
    ),
    (
        "dtype",
        np.array([["a", "b", "c"]]),
        {"aux": InputSpec((3,))},
        "must hold numbers, received text",
        "numeric",
    ),
    ("dtype", [["a", 1, 2]], {"aux": InputSpec((3,))}, "received text", "numeric"),
    ("dtype", [[1.0, object(), 2]], {"aux": InputSpec((3,))}, "not numbers", "numeric"),
    ("dtype", [[1.0, 2.0, 3.0], [1.0]], {"aux": InputSpec((3,))}, "unequal length", "numeric"),
    (
        "dtype",
        np.array([["2024-01-01"] * 3], dtype="M8[D]"),
        {"aux": InputSpec((3,))},
        "received dates",
        "numeric",
    ),
    ("dtype", [np.full((2, 6), 0.5), np.ones((2, 3))], TWO, "input `text` must hold whole numbers", "tokens"),
    ("empty", np.zeros((0, 3)), {"aux": InputSpec((3,))}, "is empty", "at least one"),
    (
        "input_count",
        np.zeros((2, 6)),
        TWO,
        "2 inputs (`text`, `aux`), received one array of shape (2, 6)",
        "map by input name",
    ),
    ("input_count", [np.zeros((2, 6))], TWO, "received a list of 1", "in this order"),
    (
        "input_name",
        {"txt": np.zeros((2, 6)), "aux": np.zeros((2, 3))},
        TWO,
        "no input `txt`",
        "did you mean `text`?",
    ),
    ("input_name", {"text": np.zeros((2, 6))}, TWO, "input `aux` is missing", "give a map"),
    (
        "length",
        [np.zeros((2, 6)), np.zeros((3, 3))],
        TWO,
        "`aux` has 3 samples, input `text` has 2",
        "same number",
    ),
]


@pytest.mark.parametrize(
    ("code", "x", "inputs", "said", "helped"), CASES, ids=[f"{c[0]}-{c[4]}" for c in CASES]
)
def test_mistakes(code: str, x: Any, inputs: dict[str, InputSpec], said: str, helped: str) -> None:
    with pytest.raises(TrainError) as caught:
        check_inputs(x, inputs)
    assert caught.value.code == f"train.{code}"
    assert said in caught.value.message
    assert helped in caught.value.help


def test_the_position_is_there_for_programs() -> None:
    with pytest.raises(TrainError) as caught:
        check_inputs(_bad((2, 3, 1, 0), np.nan), BOOK)
    assert caught.value.data == {"count": 1, "position": [2, 3, 1, 0]}


def test_huge_finite_numbers_are_finite() -> None:
    x = np.full((2, 3), 3e38, dtype=np.float32)
    assert check_inputs(x, {"aux": InputSpec((3,))})["aux"] is x


def test_axes() -> None:
    assert axes((100, 20, 1)) == "(batch, time=100, feature=20, 1)"
    assert axes((None, 3)) == "(batch, time=any, feature=3)"
    assert axes((5,)) == "(batch, feature=5)"
    assert axes((1,)) == "(batch, feature=1)"
    assert axes(()) == "(batch)"


def test_memory_mapped_samples_are_never_all_in_memory(tmp_path: Path) -> None:
    x = np.lib.format.open_memmap(tmp_path / "x.npy", "w+", dtype=np.float32, shape=(40, 4))
    x[:] = np.random.default_rng(0).normal(size=(40, 4))
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
    text = (
        "spec: 1\nname: m\ninputs: {x: {shape: [4]}}\ngraph: {y: [x, Dense: 1]}\noutputs: {y: {loss: mse}}\n"
    )
    run = zoo.train(zoo.loads(text), (mapped, np.arange(40.0)), verbose=0)
    for part in (run.prepared.train, run.prepared.val, run.prepared.test):
        assert np.shares_memory(part.x["x"], mapped)
