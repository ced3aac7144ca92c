"""What pictures and the page are drawn from, and what is written."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import zoo
from tests.explain.planted import FEATURE, SPEC, STEP, planted_run, planted_samples
from tests.train.specs import PAIR, TINY
from zoo.explain.explanation import Explanation
from zoo.explain.grid import by_step, classes_of, price_unit, rows_of, telling_windows, window_cells
from zoo.explain.names import parse_feature
from zoo.explain.pictures import pictures
from zoo.train.trained import Trained

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def planted() -> Explanation:
    return planted_run().explain(planted_samples(60, seed=5)[0])


@pytest.fixture(scope="module")
def book() -> Explanation:
    return zoo.train(zoo.loads(TINY), epochs=1, verbose=0).explain(windows=40, target="up")


def test_a_planted_number_stands_out_at_its_step(planted: Explanation):
    sizes = np.abs(by_step(planted, "x")).mean(axis=0)
    assert np.unravel_index(sizes.argmax(), sizes.shape) == (STEP, FEATURE)
    assert sum(len(places) for places in classes_of(planted).values()) == 60
    said = planted.classes
    for name, place in telling_windows(planted).items():
        assert said[place] == name and planted.values[place] == planted.values[said == name].max()


def test_levels_stand_as_in_a_book():
    names = ["spread", "bid_size_2", "bid_price_1", "bid_size_1", "ask_price_2", "ask_price_1", "ask_size_1"]
    rows = rows_of([parse_feature(name) for name in names])
    assert list(rows) == ["ask 2", "ask 1", "bid 1", "bid 2", "spread"]
    assert rows["bid 1"] == [2, 3] and rows["ask 1"] == [5, 6]


def test_prices_are_those_of_the_book(book: Explanation):
    source = zoo.data.orderbook.simulate(snapshots=600, levels=1, seed=1)
    rows = book.rows[:, None] - 1 - np.arange(4, -1, -1)
    assert book.price_unit == "price" and list(book.prices)[0] == "mid"
    np.testing.assert_array_equal(book.prices["mid"], source.mid[rows])
    np.testing.assert_allclose(book.prices["ask_price_1"], source.ask_price[rows, 0], rtol=1e-6)


def test_windows_of_other_hours_share_an_axis_of_prices(book: Explanation):
    cells = window_cells(book)
    prices = cells[cells["panel"] == "price"]
    assert set(prices["row"]) == {"mid", "ask_price_1", "bid_price_1"} and "last mid" in price_unit(book)
    assert (prices[(prices["row"] == "mid") & (prices["time"] == 0)]["value"] == 0).all()


def test_without_the_book_prices_are_basis_points_from_the_mid():
    run = zoo.train(zoo.loads(TINY), epochs=1, verbose=0)
    found = run.explain(np.asarray(run.prepared.test.x["book"][:8]), scaled=True)
    ask, bid = found.prices["ask_price_1"], found.prices["bid_price_1"]
    assert found.price_unit == price_unit(found) == "price, bps\nfrom the mid"
    assert set(found.prices) == {"ask_price_1", "bid_price_1"}
    assert (ask > 0).all()
    np.testing.assert_allclose(ask, -bid, atol=1e-3)


@pytest.mark.parametrize(
    "features",
    ["fields: [ask_size, bid_size]", "fields: [ask_price, ask_size], prices: returns"],
)
def test_a_model_that_reads_no_prices_is_shown_beneath_the_mid(features: str):
    text = TINY.replace("shape: [5, 4]", "shape: [5, 2]").replace("prices: relative_bps", features)
    found = zoo.train(zoo.loads(text), epochs=1, verbose=0).explain(windows=5)
    assert list(found.prices) == ["mid"] and found.price_unit == "price"
    assert any(name.startswith("window_") for name in pictures(found))


def test_pictures_of_a_book_and_of_samples_without_time(book: Explanation):
    made = pictures(book)
    windows = {f"window_{name}" for name in classes_of(book)}
    assert set(made) == {"importance_feature", "importance_field", "importance_side", "profile"} | windows
    assert all(data.startswith(PNG) for data in made.values())
    assert pictures(book) == made
    samples = {"a": np.ones((3, 4)), "b": np.arange(6.0).reshape(3, 2)}
    flat = Trained.untrained(zoo.loads(PAIR), seed=1).explain(samples, baseline="zeros", output="aa")
    assert flat.classes is None and not flat.prices
    assert set(pictures(flat)) == {"importance_feature", "importance_field", "importance_input"}


def test_classes_that_are_alike_in_plain_letters_have_a_picture_each(book: Explanation):
    told = np.where(np.arange(40) % 2, "Ä", "Ö")
    assert {"window__", "window___2"} <= set(pictures(replace(book, classes=told)))


@pytest.mark.parametrize("said", [0, 1])
def test_one_number_for_two_classes_says_which(said: int):
    text = SPEC.replace("units: 2, activation: softmax", "units: 1, activation: sigmoid")
    text = text.replace("sparse_categorical_crossentropy", "binary_crossentropy")
    x, y = planted_samples(100)
    run = zoo.train(zoo.loads(text), (x, y), epochs=1, verbose=0)
    run.model.layers[-1].bias.assign([100.0 * said - 50.0])
    assert set(run.explain(x[:5], baseline="zeros").classes) == {str(said)}


def test_the_page_needs_nothing_else_and_has_the_numbers(book: Explanation, tmp_path: Path):
    text = book.to_html(tmp_path / "page.html").read_text()
    sources = re.findall(r'(?:src|href)="([^"]*)', text)
    assert len(sources) > 4 and all(source.startswith("data:") for source in sources)
    assert "@import" not in text and "url(" not in text
    (told,) = re.findall(r'<script type="application/json" id="explanation">(.*?)</script>', text, re.DOTALL)
    said = json.loads(told)
    assert said["gap"] == pytest.approx(book.relative_gap.max())
    shares = {line["feature"]: line["importance"] for line in said["tables"]["feature"]}
    assert shares == pytest.approx(book.importance())
    assert set(said["windows"]) == set(classes_of(book))


def test_what_is_written_is_whole(book: Explanation, tmp_path: Path):
    files = book.write(tmp_path / "new" / "folder")
    assert {"text", "by_feature", "page", "profile"} <= set(files)
    told = files["columns"].read_text()
    assert all(f"{name}: " in told for name in ("attribution", "importance", "share", "time", "level"))
    assert sorted(files.values()) == sorted((tmp_path / "new" / "folder").iterdir())


def test_what_was_asked_has_a_table_and_a_picture(book: Explanation, tmp_path: Path):
    asked = replace(book, by=["side", "field"])
    files = asked.write(tmp_path)
    assert files["by_side_field"].read_text().startswith("side,field,attribution,")
    assert files["importance_side_field"].read_bytes().startswith(PNG)
    assert "importance_side_field" not in pictures(replace(book, by="side"))
    assert "By side_field" in files["page"].read_text()


def test_importance_has_a_picture_an_output(tmp_path: Path):
    found = planted_run().importance(planted_samples(100, seed=5), repeats=2)
    files = found.write(tmp_path)
    assert files["side"].name == "importance_side.png" and files["side"].read_bytes().startswith(PNG)
    assert files["frame"].read_text().startswith("feature,output,metric,")
