"""The page of all models and the index: whole, made alike each time, true to the specs."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from zoo.spec.card import card
from zoo.spec.catalogue import paths
from zoo.spec.tools import index, models


def test_every_model_has_its_section_and_its_row():
    text = models.text()
    assert text == models.text()
    for name in paths():
        assert text.count(f"\n### {name}\n") == 1 and text.count(f"\n| [{name}](#{name}) |") == 1


def test_the_table_compares():
    deeplob = card("deeplob")
    assert models.compared(deeplob) == "equal"
    unequal = replace(deeplob, source={"parameters": 5, "difference": "theirs counts a_b *twice*"})
    assert models.compared(unequal) == r"theirs counts a_b \*twice\*"
    assert models.compared(replace(deeplob, source={"parameters": 5})) == "not explained"
    assert models.compared(replace(deeplob, source={})) == "none published"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1 < 2 * 3 | [x] $y$", r"1 \< 2 \* 3 \| \[x\] \$y\$"),
        ("val_loss and _this_", r"val_loss and \_this\_"),
        ("code `a*b_` stays", "code `a*b_` stays"),
    ],
)
def test_text_is_shown_as_it_is(text: str, shown: str):
    assert models.escaped(text) == shown


def test_a_row_of_the_index():
    row = index.row(card("headline"))
    assert row["inputs"][0] == {"name": "main_input", "shape": [100], "dtype": "int32"}
    assert row["outputs"][1] == {"name": "aux_output", "shape": [1]}
    assert (row["parameters"], row["published"], row["kind"]) == (5_200_610, 5_200_610, "text")
    text = index.text()
    assert [item["name"] for item in json.loads(text)["models"]] == list(paths())
    assert len(text.splitlines()) == len(paths()) + 2  # a line a model, for readable changes


@pytest.mark.parametrize("module", [index, models])
def test_a_generator_says_what_it_takes(module, capsys):
    assert module.main([]) == 2
    assert "--write | --check" in capsys.readouterr().out


def test_drift_is_told(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(models, "TARGET", tmp_path / "docs" / "models.md")
    assert models.main(["--check"]) == 1
    assert "python -m zoo.spec.tools.models --write" in capsys.readouterr().out
    assert models.main(["--write"]) == 0
    assert models.main(["--check"]) == 0
    monkeypatch.setattr(index.catalogue, "folder", lambda: tmp_path)
    assert index.main(["--check"]) == 1
    assert index.main(["--write"]) == 0
    assert index.main(["--check"]) == 0
