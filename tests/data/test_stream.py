"""Depth streams: the book that snapshot and diffs give, and what is told of a broken one."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zoo.data.orderbook import read
from zoo.data.orderbook.depth import Depth
from zoo.errors import DataError

SNAPSHOT = {
    "lastUpdateId": 100,
    "symbol": "ETH",
    "bids": [["9.5", "3"], ["9.0", "4"], ["8.5", "5"]],
    "asks": [["10.0", "1"], ["10.5", "2"], ["11.0", "6"]],
}


def diff(first: int, last: int, before: int | None, **sides: list[list[str]]) -> dict[str, Any]:
    event: dict[str, Any] = {"e": "depthUpdate", "E": last, "s": "ETH", "U": first, "u": last}
    event |= {"b": sides.get("b", []), "a": sides.get("a", [])}
    return event if before is None else event | {"pu": before}


OLD = diff(80, 95, 70, a=[["10.0", "9"]])
FIRST = diff(96, 110, 95, a=[["10.0", "0"], ["10.25", "7"]])
SECOND = diff(111, 120, 110, b=[["9.5", "8"]])
AFTER_GAP = diff(131, 140, 130, b=[["9.5", "9"]])
AGAIN = SNAPSHOT | {"lastUpdateId": 150}
LAST = diff(151, 160, 150, b=[["9.5", "1"]])


def write(folder: Path, *events: Any, name: str = "stream.jsonl", clock: bool = True) -> Path:
    """One line an event; text stands as it is."""
    lines = []
    for number, event in enumerate(events, start=1):
        text = event if isinstance(event, str) else json.dumps({"stream": "eth@depth", "data": event})
        lines.append(f"{number * 1_000} {text}" if clock and not isinstance(event, str) else text)
    file = folder / name
    content = ("\n".join(lines) + "\n").encode()
    file.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return file


def failure(file: Any, **options: Any) -> DataError:
    with pytest.raises(DataError) as caught:
        read(file, **options)
    assert caught.value.help
    return caught.value


@pytest.mark.parametrize("events", [[OLD, SNAPSHOT, FIRST, SECOND], [SNAPSHOT, OLD, FIRST, SECOND]])
def test_rows_after_each_diff_that_follows_the_snapshot(tmp_path: Path, events: list[Any]) -> None:
    book = read(write(tmp_path, *events), levels=2)
    assert book.time.tolist() == [3_000, 4_000] and book.symbols == ("ETH",)
    assert book.ask_price.tolist() == [[10.25, 10.5], [10.25, 10.5]]
    assert book.ask_size.tolist() == [[7, 2], [7, 2]]
    assert book.bid_price.tolist() == [[9.5, 9.0], [9.5, 9.0]]
    assert book.bid_size.tolist() == [[3, 4], [8, 4]]
    assert book.counts == {"rows": 2, "before_snapshot": 1}


def test_a_diff_that_came_before_the_snapshot_and_reaches_over_it_counts(tmp_path: Path) -> None:
    book = read(write(tmp_path, OLD, FIRST, SNAPSHOT, SECOND), levels=2)
    assert book.ask_price.tolist() == [[10.25, 10.5]] and book.time.tolist() == [4_000]


def test_without_a_local_clock_the_exchange_s_own_is_taken(tmp_path: Path) -> None:
    events = [json.dumps(event) for event in (SNAPSHOT, FIRST, SECOND)]
    assert read(write(tmp_path, *events), levels=2).time.tolist() == [110_000_000, 120_000_000]


def test_spot_streams_number_every_event(tmp_path: Path) -> None:
    good = [SNAPSHOT, diff(99, 104, None, b=[["9.5", "7"]]), diff(105, 106, None)]
    assert read(write(tmp_path, *good), levels=1).bid_size.tolist() == [[7], [7]]
    error = failure(write(tmp_path, *good, diff(108, 109, None)), levels=1)
    assert error.code == "data.gap"
    assert error.message == (
        "stream.jsonl, line 4: a gap in the stream: its first event is 108, the last one before is 106"
    )


def test_parts_go_on_from_each_other_in_order_of_their_numbers(tmp_path: Path) -> None:
    write(tmp_path, SNAPSHOT, FIRST, name="part2.gz")
    rest = [f"{place * 1_000} {json.dumps(event)}" for place, event in enumerate((SECOND,), start=9)]
    write(tmp_path, *rest, name="part10.gz")
    for source in (tmp_path, tmp_path / "part*.gz", [tmp_path / "part2.gz", str(tmp_path / "part10.gz")]):
        book = read(source, levels=2)
        assert book.time.tolist() == [2_000, 9_000] and len(np.unique(book.groups)) == 1
        assert book.name == "part2.gz and 1 more"


def test_a_gap_is_an_error_at_its_line(tmp_path: Path) -> None:
    error = failure(write(tmp_path, SNAPSHOT, FIRST, SECOND, AFTER_GAP), levels=2)
    assert error.code == "data.gap" and error.data == {"rows": {"gap": [4]}}
    assert error.message == (
        "stream.jsonl, line 4: a gap in the stream: it follows event 130, the last one before is 120"
    )
    assert "clean='drop'" in error.help


def test_a_snapshot_too_old_for_the_stream_is_a_gap(tmp_path: Path) -> None:
    error = failure(write(tmp_path, SNAPSHOT, SECOND), levels=2)
    assert error.code == "data.gap" and "it follows event 110, the last one before is 100" in error.message


@pytest.mark.parametrize("snapshot", [(AGAIN,), (AFTER_GAP | {"U": 132}, AGAIN)])
def test_a_gap_is_never_bridged(tmp_path: Path, snapshot: tuple[Any, ...]) -> None:
    file = write(tmp_path, SNAPSHOT, FIRST, SECOND, AFTER_GAP, *snapshot, LAST)
    book = read(file, levels=2, clean="drop")
    assert book.time.tolist() == [2_000, 3_000, (5 + len(snapshot)) * 1_000]
    assert book.sessions == ("", "after gap 1") and book.session.tolist() == [0, 0, 1]
    assert book.bid_size[:, 0].tolist() == [3, 8, 1] and book.counts["gaps"] == 1


def test_a_later_snapshot_of_an_unbroken_stream_sets_nothing_back(tmp_path: Path) -> None:
    book = read(write(tmp_path, SNAPSHOT, FIRST, SNAPSHOT, SECOND), levels=2)
    assert book.bid_size[:, 0].tolist() == [3, 8] and book.counts["further_snapshots"] == 1


BROKEN = {
    "cut short": ('4000 {"stream":"eth@depth","data":{"e":"depthUpdate","U":1', "cut short, or no JSON"),
    "another event cut short": ('4000 {"stream":"eth@trade"', "cut short, or no JSON"),
    "no clock": ('noon {"e":"depthUpdate"}', "cut short, or no JSON"),
    "clock too large": (f'{2**63} {{"e":"depthUpdate"}}', "no nanoseconds"),
    "no numbers": ('4000 {"e":"depthUpdate","b":[],"a":[]}', "this event has no `U`"),
    "a price that is none": (
        json.dumps(diff(111, 120, 110, b=[["x", "1"]])),
        "this event cannot be read: could not convert string to float: 'x'",
    ),
    "a list": ('4000 {"data":["depthUpdate"], "x": "depthUpdate"}', "the event is no JSON object"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_line_is_named(tmp_path: Path, case: str) -> None:
    line, message = BROKEN[case]
    error = failure(write(tmp_path, SNAPSHOT, FIRST, line.replace("\n", "")), levels=2)
    assert error.code == "data.stream" and error.message.startswith("stream.jsonl, line 3: ")
    assert message in error.message


def test_no_snapshot_and_no_diff(tmp_path: Path) -> None:
    error = failure(write(tmp_path, FIRST, SECOND))
    assert error.message == "stream.jsonl: 2 diffs and no snapshot that they could be applied to"
    assert failure(write(tmp_path, SNAPSHOT, OLD)).message == "stream.jsonl: a snapshot and no diff after it"


def test_a_stream_of_two_symbols_needs_a_choice(tmp_path: Path) -> None:
    other = diff(1, 2, 0) | {"s": "BTC"}
    file = write(tmp_path, SNAPSHOT, FIRST, other, SECOND)
    error = failure(file, levels=2)
    assert error.code == "data.symbol" and "line 3: a diff of BTC, those before are of ETH" in error.message
    book = read(file, levels=2, symbol="ETH")
    assert len(book) == 2 and book.counts["other_symbols"] == 1


def test_a_level_without_an_order_is_told_or_dropped(tmp_path: Path) -> None:
    file = write(tmp_path, SNAPSHOT, FIRST, diff(111, 120, 110, a=[["11.0", "0"]]))
    error = failure(file, levels=3)
    assert error.code == "data.empty"
    assert error.message == "stream.jsonl, line 3: no order at ask level 3 of 3"
    assert read(file, levels=3, clean="drop").counts == {"rows": 2, "dropped_empty": 1}


def test_crossed_rows_are_told_by_their_line_in_the_stream(tmp_path: Path) -> None:
    file = write(tmp_path, OLD, SNAPSHOT, FIRST, diff(111, 120, 110, b=[["10.25", "1"]]))
    error = failure(file, levels=2)
    assert error.code == "data.crossed" and error.message.startswith("stream.jsonl, line 4: locked quotes")


changes = st.lists(st.tuples(st.booleans(), st.integers(1, 12), st.integers(0, 3)), min_size=1, max_size=60)


@settings(max_examples=60, deadline=None)
@given(changes, st.integers(1, 4))
def test_rows_are_the_best_prices_of_a_plain_dictionary(
    steps: list[tuple[bool, int, int]], levels: int
) -> None:
    depth = Depth({"lastUpdateId": 0, "asks": [], "bids": []})
    sides: dict[bool, dict[float, float]] = {True: {}, False: {}}
    for number, (ask, price, size) in enumerate(steps, start=1):
        change = [[f"{price / 4:.2f}", str(size)]]
        depth.apply({"u": number, "a": change if ask else [], "b": [] if ask else change})
        sides[ask][price / 4] = size
        row = depth.row(levels)
        for place, is_ask in ((0, True), (2, False)):
            prices = sorted((p for p, s in sides[is_ask].items() if s), reverse=not is_ask)[:levels]
            sizes = [sides[is_ask][p] for p in prices]
            gone = levels - len(prices)
            np.testing.assert_array_equal(row[place::4], prices + [np.nan] * gone)
            assert row[place + 1 :: 4] == sizes + [0.0] * gone
