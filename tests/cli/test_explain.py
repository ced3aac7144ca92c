"""``zoo explain``: each method's report, its table, and options that belong to another."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

import zoo
from tests.train.specs import TINY


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(
        zoo.train(zoo.loads(TINY), epochs=1, verbose=0).save(tmp_path_factory.mktemp("run") / "tiny.zoo")
    )


def test_integrated_gradients_are_the_usual_method_and_those_of_python(run, bundle: str, tmp_path: Path):
    out = tmp_path / "explained"
    page = tmp_path / "page.html"
    ran = run("explain", bundle, "--target", "up", "--windows", "20", "--out", str(out), "--html", str(page))
    assert ran.status == 0, ran.err
    expected = zoo.open(bundle).explain(target="up", windows=20)
    assert ran.out == f"{expected}\n" and "completeness gap:" in ran.out
    assert (out / "explanation.txt").read_text() == ran.out
    assert page.read_bytes() == (out / "explanation.html").read_bytes()
    assert (out / "profile.png").stat().st_size > 1000
    rows = list(csv.DictReader((out / "by_time.csv").read_text().splitlines()))
    assert [float(row["importance"]) for row in rows] == pytest.approx(
        list(expected.importance("time").values())
    )
    assert {file.stem for file in out.glob("*.csv")} == {
        f"by_{label}" for label in ("input", "time", "level", "side", "field", "feature")
    }


def test_an_explanation_for_programs(run, bundle: str, tmp_path: Path):
    asked = (
        "--of",
        "logits",
        "--baseline",
        "expected",
        "--tolerance",
        "0.1",
        "--by",
        "side,field",
        "--seed",
        "2",
    )
    ran = run("explain", bundle, "--target", "0", "--windows", "9", *asked, "--json")
    said = json.loads(ran.out)
    assert said["windows"] == 9 and said["target"] == "`down`" and said["complete"] is True
    expected = zoo.open(bundle).explain(
        target="down", windows=9, of="logits", baseline="expected", tolerance=0.1, seed=2
    )
    assert said["gap"] == pytest.approx(expected.relative_gap.max())
    assert [line["attribution"] for line in said["frame"]] == pytest.approx(
        expected.frame(["side", "field"])["attribution"].tolist()
    )


def test_other_gradients_as_one_table(run, bundle: str, tmp_path: Path):
    out = tmp_path / "levels.csv"
    ran = run("explain", bundle, "--method", "smoothgrad", "--steps", "2", "--by", "level", "--out", str(out))
    assert ran.status == 0, ran.err
    assert "smoothgrad of `direction`" in ran.out and "gap" not in ran.out
    assert out.read_text().startswith("level,attribution,importance,share\n1,")
    refused = run("explain", bundle, "--step", "3")
    assert refused.status == 1 and "has no steps" in refused.err


def test_permutation_by_several_words_is_that_of_python(run, bundle: str, tmp_path: Path):
    out = tmp_path / "importance.csv"
    asked = (
        "--method",
        "permutation",
        "--by",
        "side,field",
        "--repeats",
        "2",
        "--metric",
        "nll",
        "--block",
        "4",
        "--out",
        str(out),
    )
    ran = run("explain", bundle, *asked)
    assert ran.status == 0, ran.err
    assert "direction: growth of nll" in ran.out and "side ask, field price" in ran.out
    rows = list(csv.DictReader(out.read_text().splitlines()))
    expected = zoo.open(bundle).importance(by=["side", "field"], repeats=2, metric="nll", block=4).frame
    assert [float(row["importance"]) for row in rows] == pytest.approx(expected["importance"].tolist())


def test_groups_of_ones_own_and_json(run, bundle: str):
    asked = ("--method", "permutation", "--group", "ask=ask_price_1, ask_size_1", "--repeats", "1")
    ran = run("explain", bundle, *asked, "--json")
    (line,) = json.loads(ran.out)["frame"]
    assert line["group"] == "ask" and line["metric"] == "macro_f1" and line["sd"] is None
    ran = run("explain", bundle, "--group", "ask=ask_price_1", "--windows", "9", "--json")
    assert [line["group"] for line in json.loads(ran.out)["frame"]] == ["ask"]


def test_factors_and_the_check(run, bundle: str):
    assert "direction up: Spearman" in run("explain", bundle, "--method", "factors", "--windows", "50").out
    ran = run("explain", bundle, "--method", "sanity", "--windows", "10", "--output", "direction")
    assert ran.status == 0 and "by occlusion" in ran.out and "random down to" in ran.out
    ran = run(
        "explain", bundle, "--method", "sanity", "--windows", "10", "--attributions", "gradient_x_input"
    )
    assert ran.status == 0 and "by gradient_x_input" in ran.out


def test_occlusion_of_a_class(run, bundle: str):
    asked = ("--target", "up", "--patch", "5,1", "--by", "level", "--windows", "8", "--baseline", "zeros")
    ran = run("explain", bundle, "--method", "occlusion", *asked)
    assert ran.status == 0, ran.err
    assert "`up` of `direction`, less as 5 × 1 are covered by zeros; test part, 8 windows" in ran.out


@pytest.mark.parametrize(
    ("method", "pictures"),
    [
        ("factors", {f"factors_direction_{name}" for name in ("down", "stationary", "up")}),
        ("occlusion", {"occlusion"}),
        ("sanity", set()),
        ("permutation", {"importance_direction"}),
    ],
)
def test_every_method_writes_a_folder(run, bundle: str, tmp_path: Path, method: str, pictures: set[str]):
    out = tmp_path / "new" / "folder"
    ran = run("explain", bundle, "--method", method, "--windows", "12", "--out", str(out))
    assert ran.status == 0, ran.err
    (report,), (table,) = out.glob("*.txt"), out.glob("*.csv")
    assert report.read_text() == ran.out and table.stem == report.stem
    assert table.read_text().count("\n") > 1
    assert {path.stem for path in out.glob("*.png")} == pictures


def test_where_nothing_attends(run, bundle: str):
    ran = run("explain", bundle, "--method", "attention")
    assert ran.status == 1 and "no layer of `tiny` has attention maps" in ran.err


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--method", "factors", "--repeats", "2"), "--repeats is nothing that --method factors takes"),
        (("--method", "occlusion", "--patch", "5"), "STEPS,FEATURES"),
        (("--window", "3"), "it is of attention"),
        (("--group", "a"), "NAME=FEATURE"),
        (
            ("--method", "permutation", "--group", "a=ask_size_1", "--by", "level"),
            "two ways to say one thing",
        ),
        (("--method", "gradient_x_input", "--baseline", "zeros"), "it is of integrated_gradients, occlusion"),
        (("--data", "x.csv", "--part", "val"), "--part is of the run's own data"),
    ],
)
def test_options_that_do_not_go_together(run, bundle: str, asked: tuple[str, ...], said: str):
    ran = run("explain", bundle, *asked)
    assert ran.status == 2 and said in " ".join(ran.err.split())


def test_other_data_have_a_baseline_of_their_own_where_the_training_part_is_not_at_hand(run, tmp_path: Path):
    for name, seed in (("mine.csv", 2), ("other.csv", 3)):
        frame = zoo.data.orderbook.simulate(snapshots=600, levels=1, seed=seed).to_frame()
        frame.to_csv(tmp_path / name, index=False)
    trained = zoo.train(zoo.loads(TINY), str(tmp_path / "mine.csv"), epochs=1, verbose=0)
    bundle = str(trained.save(tmp_path / "mine.zoo"))
    ran = run("explain", bundle, "--data", str(tmp_path / "other.csv"), "--windows", "9")
    assert ran.status == 0, ran.err
    assert "baseline: mean of the data given (the training part is not at hand)" in ran.out
