"""``zoo list`` and ``zoo show``: what they print, how wide, and from what."""

from __future__ import annotations

import json

import pytest
import yaml

from zoo.spec.catalogue import paths


def test_the_table_fits_the_terminal(run, monkeypatch):
    for columns in ("80", "60"):
        monkeypatch.setenv("COLUMNS", columns)
        lines = run("list").out.splitlines()
        assert max(map(len, lines)) <= int(columns)
        assert [line.split()[0] for line in lines] == ["name", *sorted(paths())]
        assert "12,771" in next(line for line in lines if line.startswith("hrnn_lob "))


def test_filters_work_together(run):
    ran = run(
        "list", "order-book", "--tag", "classification", "--tag", "recurrent", "--input", "orderbook",
        "--min-params", "1k", "--max-params", "20k", "--sort", "params", "--json",
    )  # fmt: skip
    rows = json.loads(ran.out)
    assert "lob_lstm" in [row["name"] for row in rows]
    assert [row["parameters"] for row in rows] == sorted(row["parameters"] for row in rows)
    assert all({"classification", "recurrent"} <= set(row["tags"]) for row in rows)
    assert {"about", "folder", "kind", "inputs", "outputs", "published", "num_params", "flops"} <= set(
        rows[0]
    )


@pytest.mark.parametrize(
    ("args", "status", "said"),
    [
        (["no such words"], 0, "no model fits"),
        (["--tag", "atention"], 0, "did you mean `attention`"),
        (["--min-params", "ten"], 2, "`--min-params` is a number of weights; received `ten`"),
        (["--input", "books"], 2, "books"),
    ],
)
def test_a_list_of_nothing_says_why(run, args, status, said):
    ran = run("list", *args)
    assert (ran.status, ran.out) == (status, "")
    assert said in ran.err


@pytest.mark.parametrize("columns", ["80", "60"])
@pytest.mark.parametrize("name", ["deeplob", "headline", "atn_bof"])
def test_a_card_is_a_page(run, monkeypatch, name, columns):
    monkeypatch.setenv("COLUMNS", columns)
    lines = run("show", name).out.splitlines()
    assert lines[0] == name
    assert max(map(len, lines)) <= int(columns)
    assert len(lines) <= 100


def test_a_card_says_all_that_was_asked_for(run):
    out = run("show", "axial_lob").out
    for words in (
        "book: 40 × 40 × 1 float32",
        "loss sparse_categorical_crossentropy",
        "channels = 32; 8 or more; tune 16, 32",
        "22,011 parameters",
        "104 million floating-point operations a window",
        "decay_steps steps_per_epoch*epochs",
        "D301 (batch statistics over windows): as published",
        "`zoo plot axial_lob --format text`",
    ):
        assert words in " ".join(out.split()), words


def test_show_with_other_sizes(run):
    out = run("show", "hrnn_lob", "--set", "row_units=64").out
    assert "row_units = 64" in out and "29,411 parameters" in out


def test_show_prints_the_spec_itself(run):
    out = run("show", "hrnn_lob", "--set", "row_units=64", "--text").out
    assert yaml.safe_load(out)["params"]["row_units"]["default"] == 64


def test_show_as_json(run):
    card = json.loads(run("show", "hrnn_lob", "--json").out)
    assert card["parameters"] == 12771
    assert card["inputs"]["book"]["shape"] == [100, 20, 1]
    assert card["outputs"]["direction"]["shape"] == [3]
    assert card["params"]["row_units"]["value"] == 32
    assert card["text"].startswith("# yaml-language-server")


def test_show_cites(run, tmp_path):
    # the zoo's own specs all name a work, and this one names none
    text = "spec: 1\nname: cited\ninputs:\n  x: {shape: [3]}\ngraph: {y: [x, Dense: 1]}\noutputs: [y]\n"
    cite = "cite:\n- {type: article, key: k2019, title: A & B, year: 2019}\n- {type: misc, key: m, note: x}\n"
    path = tmp_path / "cited.yaml"
    path.write_text(text.replace("inputs:\n", f"{cite}inputs:\n", 1))
    ran = run("show", str(path), "--cite")
    assert ran.status == 0
    assert ran.out == (
        "@article{k2019,\n  title = {{A \\& B}},\n  year  = {2019},\n}\n\n@misc{m,\n  note = {x},\n}\n"
    )
    path.write_text(text)
    ran = run("show", str(path), "--cite")
    assert ran.status == 1 and "names nothing to cite" in ran.err


def test_show_prints_one_thing(run):
    assert run("show", "hrnn_lob", "--cite", "--json").status == 2
