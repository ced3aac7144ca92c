"""Scores from sums of blocks are the scores of the reports, whatever is drawn."""

from __future__ import annotations

import numpy as np
import pytest

from zoo.explain.tally import ClassTally, NumberTally, loss_of_score
from zoo.train.judge.scores import class_scores, number_scores


@pytest.mark.parametrize("classes", [2, 3, 7])
def test_class_scores_are_those_of_the_reports(classes: int) -> None:
    rng = np.random.default_rng(classes)
    truth = rng.integers(0, classes, 200)
    chances = rng.dirichlet(np.ones(classes), 200)
    tally = ClassTally(truth, classes, np.arange(200) // 30)
    found = tally.scores(tally.count(chances).sum(axis=0))
    expected = class_scores(truth, chances.argmax(axis=1), classes, chances)
    assert set(found) == set(expected) == set(tally.metrics)
    assert {name: float(value) for name, value in found.items()} == pytest.approx(expected)


def test_a_class_that_never_occurs_counts_as_in_the_reports() -> None:
    truth, chances = np.array([0, 0, 1, 1]), np.eye(4)[[0, 3, 1, 0]] * 0.7 + 0.075
    tally = ClassTally(truth, 4, np.zeros(4, np.int64))
    found = tally.scores(tally.count(chances).sum(axis=0))
    expected = class_scores(truth, chances.argmax(axis=1), 4, chances)
    assert {name: float(value) for name, value in found.items()} == pytest.approx(expected)


def test_number_scores_are_those_of_the_reports() -> None:
    rng = np.random.default_rng(0)
    truth = rng.normal(1000.0, [1.0, 5.0], (150, 2))
    given = truth + rng.normal(size=truth.shape)
    tally = NumberTally(truth, np.arange(150) // 20)
    found = tally.scores(tally.count(given).sum(axis=0))
    assert {name: float(value) for name, value in found.items()} == pytest.approx(number_scores(truth, given))


def test_drawn_blocks_are_scored_as_if_their_samples_were_put_together() -> None:
    rng = np.random.default_rng(1)
    truth, chances = rng.integers(0, 3, 40), rng.dirichlet(np.ones(3), 40)
    tally = ClassTally(truth, 3, np.arange(40) // 10)
    lots = np.array([[2.0, 0.0, 1.0, 1.0]])
    rows = np.concatenate([np.arange(10), np.arange(10), np.arange(20, 40)])
    expected = class_scores(truth[rows], chances[rows].argmax(axis=1), 3, chances[rows])
    found = tally.scores(lots @ tally.count(chances))
    assert {name: float(value[0]) for name, value in found.items()} == pytest.approx(expected)


def test_an_error_that_grows_is_a_loss() -> None:
    one, two = np.array(1.0), np.array(2.0)
    assert loss_of_score("nll", one, two) == 1.0
    assert loss_of_score("macro_f1", one, two) == -1.0
