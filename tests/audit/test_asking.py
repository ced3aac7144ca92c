"""How an audit is asked for, and what it gives: in Python and in the shell."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import zoo
from tests.audit import leaks
from zoo.cli.main import main

SPEC = """
spec: 1
name: mixed
inputs: {window: {shape: [8, 3]}}
graph: {next: [window, BatchNormalization, Flatten, Dense: 1]}
outputs: {next: {loss: mse}}
"""


def test_the_shell_exits_with_1_on_a_leak(tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "mixed.yaml"
    path.write_text(SPEC)
    assert main(["audit", str(path), "--checks", "batch", "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert not said["ok"] and said["findings"][0]["rule"] == "D301"
    assert main(["audit", str(path), "--checks", "causality"]) == 0
    assert "not checked causality" in capsys.readouterr().out
    path.write_text(SPEC + "lint: {allow: {D301: as published}}\n")
    assert main(["audit", str(path), "--checks", "batch"]) == 0
    assert "the spec allows it: as published" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["nofile.zoo"], "there is no file"),
        (["rnn_sin"], "did you mean `rnn_sine`"),
        (["rnn_sine", "--checks", "bacth"], "did you mean `batch`"),
        (["rnn_sine", "--set", "unit=3"], "units"),
        (["rnn_sine", "--epochs", "0"], "--epochs"),
    ],
)
def test_a_mistake_is_no_leak(asked: list[str], said: str, capsys: Any) -> None:
    assert main(["audit", *asked]) == 2
    assert said in capsys.readouterr().err


FEATURES = """
def ahead(frame):
    return frame[["price"]].shift(-2)

def honest(frame):
    return frame[["price"]].rolling(3, min_periods=1).mean()

def wrong(frame):
    return frame["prize"]
"""


def test_a_function_of_ones_own_in_the_shell(tmp_path: Path, capsys: Any) -> None:
    file, data, spec = tmp_path / "mine.py", tmp_path / "data.csv", tmp_path / "mixed.yaml"
    file.write_text(FEATURES)
    spec.write_text(SPEC)
    leaks.frame().to_csv(data, index=False)
    asked = ["audit", str(spec), "--checks", "pipeline", "--data", str(data), "--keep", "time", "--features"]
    assert main([*asked, f"{file}:ahead"]) == 1
    assert "reads up to 2 rows after its own" in capsys.readouterr().out
    assert main([*asked, f"{file}:honest"]) == 0
    told = capsys.readouterr().out
    assert zoo.audit(str(spec), data, checks="pipeline", features=_honest, keep=["time"]).ok
    assert "features stay as they are" in told
    for given, said in (
        (f"{file}:wrong", "--features failed: KeyError: 'prize'\n  = help: mend line 9 of its file"),
        (f"{file}:onest", "did you mean `honest`?"),
        ("mine.honest", "FILE.py:FUNCTION"),
        (f"{tmp_path}/none.py:f", "there is no file"),
    ):
        assert main([*asked, given]) == 2
        assert said in capsys.readouterr().err
    file.write_text("import nothing_such")
    assert main([*asked, f"{file}:f"]) == 2
    assert "cannot be run: ModuleNotFoundError" in capsys.readouterr().err


def _honest(frame: Any) -> Any:
    return frame[["price"]].cumsum()


def test_a_bundle_is_audited_as_it_was_trained(tmp_path: Path) -> None:
    run = zoo.train(zoo.loads(leaks.TABLE), leaks.frame(), epochs=0)
    run.save(tmp_path / "little.zoo")
    path = str(tmp_path / "little.zoo")
    without = zoo.audit(path, checks="pipeline,split")
    assert [item.status for item in without.findings] == ["not checked", "not checked"]
    audit = zoo.audit(path, leaks.frame(), checks=["split", "pipeline"])
    assert audit.ok and {item.status for item in audit.findings} == {"clean"}


def test_an_audit_leaves_the_model_as_it_was() -> None:
    model = leaks.model(leaks.BatchCentred(), leaks.keras.layers.BatchNormalization())
    before = [np.array(item) for item in model.get_weights()]
    first, second = zoo.audit(model), zoo.audit(model)
    assert first == second and str(first) == str(second)
    for one, two in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)
    assert list(first.frame["check"]) == [item.check for item in first.findings]
    assert json.loads(first.to_json())["findings"][0]["number"] == first.findings[0].number


@pytest.mark.parametrize(
    ("what", "options", "code"),
    [
        (3, {}, "audit.what"),
        ("rnn_sine", {"checks": "bacth"}, "audit.checks"),
        ("rnn_sine", {"checks": []}, "audit.checks"),
        ("rnn_sine", {"checks": 1}, "audit.checks"),
        (leaks.model, {"data": [1, 2]}, "audit.data"),
        (leaks.model, {"data": [1, 2], "features": len, "checks": "pipeline"}, "audit.features"),
    ],
)
def test_what_cannot_be_is_told(what: Any, options: dict[str, Any], code: str) -> None:
    with pytest.raises(zoo.TrainError) as caught:
        zoo.audit(what() if callable(what) else what, **options)
    assert caught.value.code == code and caught.value.help
