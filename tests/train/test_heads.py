"""Heads from a table of target types: the service's own maps, as they are."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

import zoo
from zoo.cli.main import cli
from zoo.errors import DataError, SpecError
from zoo.train.trained import Trained

TYPES = {"price": "numeric", "volume": "numeric", "side": "categorical", "risk": "categorical"}
ENCODERS = {"side": {"categories": ["sell", "hold", "buy"]}, "risk": {"categories": ["low", "high"]}}
SMALL = {"rows": 5, "units1": 4, "units2": 4}


def market(rows: int = 200, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    numbers = rng.normal(size=(rows, 4)).cumsum(axis=0)
    table = pd.DataFrame(numbers, columns=["f1", "f2", "f3", "f4"])
    table.insert(0, "time", pd.date_range("2024-01-01", periods=rows, freq="h"))
    return table.assign(
        price=100 + numbers[:, 0],
        volume=np.exp(9 + 0.1 * numbers[:, 1]),
        side=np.where(numbers[:, 0] > 1, "buy", np.where(numbers[:, 0] < -1, "sell", "hold")),
        risk=np.where(rng.random(rows) > 0.5, "high", "low"),
    )


@pytest.fixture(scope="module")
def run() -> Trained:
    spec = zoo.load("multi_output_regressor", target_types=TYPES, target_encoders=ENCODERS, **SMALL)
    return zoo.train(spec, market(), epochs=1, verbose=0)


def test_losses_metrics_heads_and_levels_follow_from_the_types(run: Trained) -> None:
    assert [tuple(output.shape[1:]) for output in run.model.outputs] == [(1,), (1,), (3,), (2,)]
    losses = {name: item.loss.value for name, item in run.spec.outputs.items()}
    assert losses["price"] == "mse" and losses["risk"] == "sparse_categorical_crossentropy"
    assert {"price_mae", "volume_mae", "side_accuracy", "risk_accuracy"} <= set(run.history)
    # The encoder's order is that of the classes, whatever the training part shows first.
    assert run.pipeline.levels == {"side": ["sell", "hold", "buy"], "risk": ["low", "high"]}
    codes = np.array([["sell", "hold", "buy"].index(name) for name in market()["side"]])
    np.testing.assert_array_equal(run.prepared.train.y["side"], codes[run.prepared.train.rows + 1])


def test_mixed_predictions_come_back_in_units_and_labels(run: Trained) -> None:
    told = run.predict(market(60, 2))
    assert list(told) == list(TYPES)
    assert (told["price"] > 50).all() and (told["volume"] > 1000).all()
    found = run.predict_frame(market(60, 2))
    assert set(found["side_class"]) <= {"sell", "hold", "buy"}
    assert list(found.filter(like="side")) == ["side_p_sell", "side_p_hold", "side_p_buy", "side_class"]
    np.testing.assert_array_equal(found["price_value"], told["price"][:, 0])
    opened = zoo.from_bytes(run.to_bytes())
    pd.testing.assert_frame_equal(opened.predict_frame(market(60, 2)), found)


@pytest.mark.parametrize("text", [json.dumps, lambda value: json.dumps(value, indent=1)])
def test_the_services_json_is_taken_as_text_too(text, run: Trained) -> None:
    given = {"target_types": text(TYPES), "target_encoders": text(ENCODERS), **SMALL}
    assert zoo.load("multi_output_regressor", **given) == run.spec


def resolved(given: str) -> Result:
    return CliRunner().invoke(cli, ["resolve", "multi_output_regressor", "--set", given])


def test_the_shell_takes_the_services_files(tmp_path: Path) -> None:
    (tmp_path / "both.json").write_text(json.dumps({"target_types": TYPES, "target_encoders": ENCODERS}))
    (tmp_path / "types.json").write_text(json.dumps({"risk": "categorical"}))
    (tmp_path / "list.yaml").write_text("- 1\n- 2\n")
    (tmp_path / "broken.json").write_text("{1")
    ran = resolved(f"@{tmp_path / 'both.json'}")
    assert ran.exit_code == 0 and "side: {categories: [sell, hold, buy]}" in ran.output
    ran = resolved(f"target_types=@{tmp_path / 'types.json'}")
    assert ran.exit_code == 0 and "in: {risk: categorical}" in ran.output
    for name, said in (
        ("@none.json", "cannot be read: No such file"),
        (f"@{tmp_path / 'list.yaml'}", "holds no map of parameters"),
        (f"target_types=@{tmp_path / 'broken.json'}", "broken.json"),
    ):
        ran = resolved(name)
        assert ran.exit_code == 2 and said in ran.output


def test_a_category_that_no_encoder_names_is_told_with_its_row() -> None:
    spec = zoo.load("multi_output_regressor", target_types=TYPES, target_encoders=ENCODERS, **SMALL)
    table = market()
    table.loc[7, "risk"] = "medium"
    with pytest.raises(DataError, match="row 8: `risk` is `medium`, a level that the recipe does not name"):
        zoo.train(spec, table, epochs=0, verbose=0)


@pytest.mark.parametrize(
    ("types", "encoders", "said"),
    [
        ({"price": "number"}, {}, "did you mean `numeric`?"),
        ({"risk": "categorical"}, {"rsk": {"categories": ["a", "b"]}}, "there is no item 'risk'"),
        ({"risk": "categorical"}, '{"risk": ', "target_encoders"),
    ],
)
def test_mistakes_in_the_maps_are_told(types, encoders, said) -> None:
    with pytest.raises(SpecError) as caught:
        zoo.load("multi_output_regressor", target_types=types, target_encoders=encoders)
    assert said in str(caught.value)


def test_columns_may_be_called_as_they_are() -> None:
    types, encoders = {"Close Price": "numeric", "RISK": "categorical"}, {"RISK": ENCODERS["risk"]}
    spec = zoo.load("multi_output_regressor", target_types=types, target_encoders=encoders, **SMALL)
    table = market().rename(columns={"price": "Close Price", "risk": "RISK"})
    run = zoo.train(spec, table, epochs=1, verbose=0)
    assert list(run.predict()) == ["close_price", "risk"]
    assert (run.predict()["close_price"] > 50).all()
