"""Order books whose label is the window itself, for autoencoders."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from tests.data.books import random_book, recipe
from zoo import data
from zoo.data import Pipeline, Prepared
from zoo.errors import DataError

SHAPES = {"book": (6, 8)}


def rebuilding(**options: Any) -> dict[str, Any]:
    return recipe(**options) | {"label": {"kind": "reconstruct"}}


def prepare(outputs: dict[str, Any] | None = None, **options: Any) -> Prepared:
    made = rebuilding(**options)
    targets = {"rebuilt": (6, 8)} if outputs is None else outputs
    classes = dict.fromkeys(targets)
    return data.prepare(
        made, random_book(rows=200), input_shapes=SHAPES, outputs=classes, output_shapes=targets
    )


def test_the_target_is_the_scaled_window() -> None:
    ready = prepare()
    for part in (ready.train, ready.val, ready.test):
        rows = np.array([0, 2, 1])
        np.testing.assert_array_equal(part.y["rebuilt"][rows], part.x["book"][rows])
        assert len(part.y["rebuilt"]) == len(part) > 0 and part.persistence is None
    assert ready.train.y["rebuilt"].windows.values is ready.test.y["rebuilt"].windows.values
    assert ready.pipeline.about_labels() == "label: reconstruct, the scaled window itself"


def test_no_target_reads_a_row_of_another_part() -> None:
    ready = prepare(split={"by": "time", "train": 0.5, "val": 0.25, "test": 0.25})
    assert ready.train.rows.tolist() == list(range(5, 100))
    assert ready.val.rows.tolist() == list(range(105, 150))
    assert ready.test.rows.tolist() == list(range(155, 200))


def test_an_output_of_another_shape_gets_the_same_numbers() -> None:
    ready = prepare({"flat": (48,), "image": (6, None, 1)})
    batch = ready.val.x["book"][:3]
    np.testing.assert_array_equal(ready.val.y["flat"][:3], batch.reshape(3, 48))
    np.testing.assert_array_equal(ready.val.y["image"][:3], batch[..., None])


def test_new_data_are_their_own_target_also_from_a_bundle() -> None:
    ready = prepare()
    state = json.loads(json.dumps(ready.pipeline.to_dict()))
    opened = Pipeline.from_dict(state)
    assert opened == ready.pipeline
    part = opened.transform(random_book(rows=50, seed=9), labels=True)
    assert len(part) == 45
    np.testing.assert_array_equal(part.y["rebuilt"][:], part.x["book"][:])


def test_mistakes() -> None:
    with pytest.raises(DataError, match=r"output `rebuilt` has shape \[6, 7\], the recipe's windows are"):
        prepare({"rebuilt": (6, 7)})
    made = rebuilding() | {"label": {"kind": "reconstruct", "horizon": 5}}
    with pytest.raises(DataError, match="`data.label.horizon` has no meaning for `kind: reconstruct`"):
        data.prepare(made, random_book(rows=200), input_shapes=SHAPES, outputs={"rebuilt": None})
    made = rebuilding()
    with pytest.raises(DataError, match="is to rebuild the window, and its loss asks for classes") as caught:
        data.prepare(made, random_book(rows=200), input_shapes=SHAPES, outputs={"move": 3})
    assert caught.value.help == "give it a loss of numbers, such as mse"
