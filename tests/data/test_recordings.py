"""The recorded books beside the checkout: real, short, and only sometimes there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.data.books import recipe
from zoo import data
from zoo.data.orderbook import read
from zoo.data.orderbook.book import FIELDS
from zoo.errors import DataError


@pytest.mark.parametrize(("name", "rows"), [("btcusd_perp", 44_770), ("ethusd_perp", 39_131)])
def test_recordings_are_clean(shared: Path, name: str, rows: int) -> None:
    book = read(shared / "data" / "orderbook" / f"{name}.csv.gz")
    assert (len(book), book.levels) == (rows, 10)
    assert book.counts == {"rows": rows} and book.timed and not book.simulated
    assert (book.spread > 0).all() and book.time[0] // 10**9 == 1_723_161_256


def test_a_recording_is_prepared(shared: Path) -> None:
    made = recipe(features={"levels": 5}, window={"length": 100}, label={"horizon": 50})
    file = shared / "data" / "orderbook" / "ethusd_perp.csv.gz"
    ready = data.prepare(made, file, input_shapes={"book": (100, 20, 1)}, outputs={"direction": 3})
    assert ready.about.startswith("ethusd_perp.csv.gz: 39,131 snapshots × 20 features")
    cuts = [round(39_131 * share) for share in (0.7, 0.85)]
    assert [ready.train.rows[-1] + 50, ready.val.rows[-1] + 50] == [cuts[0] - 1, cuts[1] - 1]
    assert ready.test.x["book"][np.arange(3)].shape == (3, 100, 20, 1)
    assert np.isfinite(ready.train.values).all()


def test_persistence_reaches_what_the_readme_measured(shared: Path) -> None:
    from sklearn.metrics import f1_score

    file = shared / "data" / "orderbook" / "ethusd_perp.csv.gz"
    for kind, reached in (("two_sided", 0.71), ("forward", 0.40)):
        made = recipe(label={"kind": kind, "horizon": 50}, window={"length": 1})
        ready = data.prepare(made, file, input_shapes={"book": (8,)}, outputs={"direction": 3})
        score = f1_score(ready.test.y["direction"], ready.test.persistence, average="macro")
        assert score == pytest.approx(reached, abs=0.015)


def test_the_book_rebuilt_from_the_stream_is_the_recorded_one_row_for_row(shared: Path) -> None:
    folder = shared / "data" / "orderbook"
    rebuilt = read(folder / "ethusd_perp_depth_stream_part*.gz")
    recorded = read(folder / "ethusd_perp.csv.gz")
    for name in ("time", *FIELDS):
        np.testing.assert_array_equal(getattr(rebuilt, name), getattr(recorded, name))
    assert rebuilt.fingerprint() == recorded.fingerprint()
    assert rebuilt.counts == {"rows": 39_131, "before_snapshot": 24, "other_events": 39_158}


def test_the_second_part_of_the_stream_has_no_snapshot(shared: Path) -> None:
    with pytest.raises(DataError, match="16,246 diffs and no snapshot") as caught:
        read(shared / "data" / "orderbook" / "ethusd_perp_depth_stream_part2.gz")
    assert caught.value.code == "data.stream" and "the one with the snapshot" in caught.value.help
