"""The zoo's own models have no leak, but for those that they say they have."""

from __future__ import annotations

import pytest

import zoo
from tests.models import small

# One of each kind: a book, a label for each step, teacher forcing, an autoencoder, words, a state, and one
# whose BatchNormalization is as published.
FEW = ("hrnn_lob", "tcn", "deepar", "lstm_autoencoder", "question_answering", "rnn_sine", "lob_cnn2")


@pytest.mark.parametrize("name", FEW)
def test_no_leak_in_a_few(name: str) -> None:
    audit = zoo.audit(small.spec(name), small.data(name), checks="batch,causality,pipeline,split")
    assert audit.ok, str(audit)
    assert {item.check for item in audit.findings} == {"batch", "causality", "pipeline", "split"}


def sized(name: str) -> zoo.Spec:
    """The small model with all of its own data: chance is wide where there are few samples."""
    return zoo.load(name, **small.entry(name).get("params", {}))


def test_no_skill_on_labels_that_tell_nothing() -> None:
    audit = zoo.audit(sized("hrnn_lob"), small.book(), checks="skill", epochs=1)
    assert audit.ok and [item.status for item in audit.findings] == ["clean", "clean"], str(audit)


def test_batch_normalization_as_published_is_told() -> None:
    audit = zoo.audit(small.spec("lob_cnn2"), checks="batch")
    training, inference = audit.findings
    assert (training.status, inference.status) == ("allowed", "clean") and audit.ok
    assert str(audit).startswith("audit of lob_cnn2: no leak found, 1 that the spec allows")
    assert "BatchNormalization" in training.where and training.number > training.tolerance


@pytest.mark.slow
@pytest.mark.parametrize("name", small.NAMES)
def test_no_leak_in_any(name: str) -> None:
    audit = zoo.audit(small.spec(name), small.data(name), checks="batch,causality,pipeline,split")
    assert audit.ok, str(audit)


@pytest.mark.slow
@pytest.mark.parametrize("name", small.NAMES)
def test_no_skill_in_any(name: str) -> None:
    audit = zoo.audit(sized(name), small.data(name), checks="skill", epochs=1)
    assert audit.ok, str(audit)
