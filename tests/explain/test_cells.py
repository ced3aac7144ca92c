"""Numbers of a sample in groups."""

from __future__ import annotations

import numpy as np
import pytest

from zoo.errors import TrainError
from zoo.explain.cells import group_cells
from zoo.explain.names import input_names
from zoo.explain.occlusion import patches

BOOK = ["ask_price_1", "ask_size_1", "bid_price_1", "bid_size_1", "ask_price_2", "ask_size_2", "spread"]
NAMES = {"book": input_names("book", (5, 7, 1), features=BOOK)}
TWO = {
    "short": input_names("short", (2, 2), features=["mid", "spread"]),
    "long": input_names("long", (4, 1), features=["mid"]),
}


@pytest.mark.parametrize(
    ("by", "labels"),
    [
        ("level", [(1,), (2,), (None,)]),
        ("side", [("ask",), ("bid",), (None,)]),
        ("field", [("price",), ("size",), ("spread",)]),
        ("time", [(4,), (3,), (2,), (1,), (0,)]),
        ("input", [("book",)]),
        (["side", "level"], [("ask", 1), ("bid", 1), ("ask", 2), (None, None)]),
    ],
)  # fmt: skip
def test_groups_come_as_a_sample_has_them_and_share_it_out(by: str | list[str], labels: list[tuple]) -> None:
    _, groups = group_cells(NAMES, by)
    assert [group.label for group in groups] == labels
    assert np.array_equal(sum(group.cells["book"].astype(int) for group in groups), np.ones((5, 7, 1)))


def test_time_in_blocks() -> None:
    _, groups = group_cells(NAMES, "time", time_block=2)
    assert [group.label for group in groups] == [("4-5",), ("2-3",), ("0-1",)]
    assert [int(group.cells["book"].sum()) for group in groups] == [7, 14, 14]


def test_a_feature_of_two_inputs_is_one_feature_unless_inputs_are_told_apart() -> None:
    _, groups = group_cells(TWO, "feature")
    assert [(group.label, sorted(group.cells)) for group in groups] == [
        (("mid",), ["long", "short"]),
        (("spread",), ["short"]),
    ]
    _, groups = group_cells(TWO, ["input", "feature"])
    assert [group.label for group in groups] == [("short", "mid"), ("short", "spread"), ("long", "mid")]


def test_groups_of_ones_own() -> None:
    columns, groups = group_cells(NAMES, {"best": ["ask_price_1", "bid_price_1"], "gap": "spread"})
    assert columns == ("group",)
    assert [(group.label, int(group.cells["book"].sum())) for group in groups] == [
        (("best",), 10),
        (("gap",), 5),
    ]


@pytest.mark.parametrize(
    ("by", "message", "help"),
    [
        ("levels", "cannot be grouped by `levels`", "`level`"),
        ([], "names nothing", "`level`"),
        ({"a": ["ask_prize_1"]}, "no input has a feature `ask_prize_1`", "did you mean `ask_price_1`?"),
        ({}, "a map without a group", "known: ask_price_1"),
    ],
)
def test_what_cannot_be_grouped_says_how(by: object, message: str, help: str) -> None:
    with pytest.raises(TrainError, match=message) as caught:
        group_cells(NAMES, by)
    assert caught.value.code == "explain.by" and help in caught.value.help


def test_patches_cover_every_number_once_and_end_at_the_last_step() -> None:
    tiles = patches(NAMES, 2, 3)
    assert np.array_equal(sum(tile.cells["book"].astype(int) for tile in tiles), np.ones((5, 7, 1)))
    sizes = sorted(int(tile.cells["book"].sum()) for tile in tiles)
    assert sizes == [1, 2, 2, 3, 3, 6, 6, 6, 6]
    last = [tile.cells["book"][-1, 0, 0] for tile in tiles].index(True)
    assert tiles[last].cells["book"][-2, 2, 0] and not tiles[last].cells["book"][-3].any()


def test_a_label_that_no_number_has_is_refused() -> None:
    flat = {"x": input_names("x", (3,))}
    with pytest.raises(TrainError, match="no number of the inputs has a time") as caught:
        group_cells(flat, "time")
    assert "`feature`" in caught.value.help
