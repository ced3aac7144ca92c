"""The `data` section: every mistake names the key, what is allowed and what is near."""

from __future__ import annotations

from typing import Any

import pytest

from tests.data.books import recipe
from zoo.data.recipe import read_recipe
from zoo.errors import DataError

CASES: list[tuple[dict[str, Any], str, str]] = [
    ({"windows": {}}, "`data` has no key `windows`", "did you mean `window`?"),
    ({"targets": {}}, "`data` has no key `targets`", "the keys offered for order books are: kind, source, "),
    ({"features": {"price": "raw"}}, "`data.features` has no key `price`", "did you mean `prices`?"),
    ({"features": 5}, "`data.features` is a map of keys; received 5", "write `features: {…}`"),
    (
        {"features": {"levels": 0}},
        "`data.features.levels` is a whole number from 1; received 0",
        "give 1 or more",
    ),
    (
        {"features": {"prices": "relative"}},
        "`data.features.prices` is one of: raw, relative_bps, returns; received 'relative'",
        "did you mean `relative_bps`?",
    ),
    (
        {"features": {"fields": ["ask_prise"]}},
        "`data.features.fields` is one of: ask_price, ask_size, bid_price, bid_size; received 'ask_prise'",
        "did you mean `ask_price`?",
    ),
    (
        {"features": {"extra": ["spread", "spread"]}},
        "`data.features.extra` names something twice: spread, spread",
        "name each once",
    ),
    (
        {"features": {"extra": 3}},
        "`data.features.extra` is a list of names; received 3",
        "choose from: spread",
    ),
    ({"window": None}, "`data.window.length` is missing", "give the number of snapshots"),
    (
        {"window": {"length": float("nan")}},
        "`data.window.length` is a whole number from 1; received nan",
        "give",
    ),
    (
        {"window": {"within": ["day"]}},
        "`data.window.within` is one of: session, symbol; received 'day'",
        "choose",
    ),
    (
        {"label": {"kind": "columns"}},
        "`data.label.kind` is one of: forward, two_sided, return, column, reconstruct; received",
        "did you mean",
    ),
    (
        {"label": {"column": "label_10"}},
        "`data.label.column` has no meaning for `kind: forward`",
        "write `kind: column`",
    ),
    (
        {"label": {"kind": "column", "threshold": 1e-4}},
        "`data.label.threshold` has no meaning for `kind: column`",
        "leave it out",
    ),
    (
        {"label": {"kind": "column", "threshold": None, "horizon": None}},
        "`kind: column` needs `data.label.horizon`",
        "give the horizon",
    ),
    (
        {"label": {"kind": "column", "threshold": None, "column": 5}},
        "`data.label.column` is a column or a list of columns; received 5",
        "name a column",
    ),
    (
        {"label": {"kind": "column", "threshold": None, "column": ["a", "b"]}},
        "`data.label.column` names 2 columns, and there are 1 horizons",
        "give each column",
    ),
    (
        {"window": {"reshape": 5}},
        "`data.window.reshape` is a list of sizes; received 5",
        "write [100, 20, 1]",
    ),
    ({"label": {"horizon": []}}, "`data.label.horizon` is an empty list", "give at least one horizon"),
    ({"label": {"horizon": True}}, "`data.label.horizon` is a whole number from 1; received True", "give 1"),
    (
        {"label": {"smooth": 9}},
        "`data.label.smooth` is 9, longer than the horizon 4",
        "make `smooth` at most",
    ),
    (
        {"label": {"kind": "return", "smooth": 2}},
        "`data.label.smooth` has no meaning for `kind: return`",
        "use",
    ),
    (
        {"label": {"threshold": "half"}},
        "`data.label.threshold` is one of: half_mean_abs, balanced, spread, or a number; received 'half'",
        "",
    ),
    ({"label": {"threshold": -1}}, "`data.label.threshold` is a number from 0; received -1", "write a plain"),
    (
        {"label": {"drop_stationary": "yes"}},
        "`data.label.drop_stationary` is true or false; received 'yes'",
        "",
    ),
    (
        {"label": {"per_step": True, "drop_stationary": True}},
        "`data.label.drop_stationary` leaves whole windows out, and with `per_step`",
        "leave one of the two out",
    ),
    ({"label": {"per_step": 1}}, "`data.label.per_step` is true or false; received 1", "write true or false"),
    ({"split": {"train": 0.9, "test": 0.2}}, "`data.split` shares add up to 1.1, more than 1", "give train,"),
    ({"split": {"train": 0}}, "`data.split.train` leaves nothing to train on", "give train a share"),
    (
        {"split": {"purge": "all"}},
        "`data.split.purge` is one of: auto, strict, or a number of rows; received 'all'",
        "",
    ),
    (
        {"split": {"embargo": -1}},
        "`data.split.embargo` is a whole number from 0; received -1",
        "give 0 or more",
    ),
    (
        {"scale": {"fit": "all"}},
        "`data.scale.fit` is `train`; received 'all'",
        "a scaler fitted on more than",
    ),
    (
        {"scale": {"method": "rolling"}},
        "`data.scale.method` is one of: zscore, minmax, robust, none, rolling_sessions; received 'rolling'",
        "",
    ),
    (
        {"scale": {"method": "zscore", "sessions": 5}},
        "`data.scale.sessions` has no meaning for `method: zscore`",
        "write `method: rolling_sessions`",
    ),
    (
        {"scale": {"method": "rolling_sessions", "sessions": 0}},
        "`data.scale.sessions` is a whole number from 1; received 0",
        "give 1 or more",
    ),
    ({"scale": {"by": ["venue"]}}, "`data.scale.by` is one of: symbol; received 'venue'", "choose"),
    (
        {"scale": {"method": "none", "by": "symbol"}},
        "`data.scale.by` has no meaning for `method: none`",
        "leave one",
    ),
    ({"scale": {"range": 1}}, "`data.scale.range` is two numbers; received 1", "write for example [-1, 1]"),
    (
        {"scale": {"range": [1, -1]}},
        "`data.scale.range` goes from low to high; received [1, -1]",
        "write [-1, 1]",
    ),
    ({"clean": "fix"}, "`data.clean` is 'error' or 'drop'; received 'fix'", "choose one of: error, drop"),
    (
        {"sample": {"by": "trade"}},
        "`data.sample.by` is one of: event, time, volume; received 'trade'",
        "choose",
    ),
    ({"sample": {"every": 0}}, "`data.sample.every` is a number above 0; received 0", "write a plain number"),
]


@pytest.mark.parametrize(("sections", "message", "help"), CASES)
def test_mistakes(sections: dict[str, Any], message: str, help: str) -> None:
    with pytest.raises(DataError) as caught:
        read_recipe(recipe(**sections))
    assert caught.value.message.startswith(message)
    assert caught.value.help and caught.value.help.startswith(help)
    assert caught.value.code == "data.recipe"


def test_whole_numbers_may_come_as_doubles() -> None:
    found = read_recipe(recipe(window={"length": 6.0, "stride": 2.0}, label={"horizon": 4.0}))
    assert (found.length, found.stride, found.label.horizons) == (6, 2, (4,))


def test_a_list_of_one_word_may_be_the_word() -> None:
    assert read_recipe(recipe(features={"extra": "spread"})).features.extra == ("spread",)
