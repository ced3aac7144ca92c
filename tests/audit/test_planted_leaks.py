"""Ten leaks, planted; the audit finds each, says where it comes from and which rule it belongs to.

 1. BatchNormalization over windows                                    batch      D301
 2. a layer of one's own that works across the batch, in inference too batch      D301
 3. a `same` convolution with a label for each step                    causality  D302
 4. a Bidirectional LSTM with a label for each step, inside a submodel causality  D302
 5. a scaler fitted on all of the data                                 pipeline   D310
 6. a centred moving average among the features                        pipeline   D302
 7. windows that hold rows after the one at which they end             pipeline   D302
 8. the label among the features; and a target that is not in the future  pipeline D314, D315
 9. overlapping windows split at random; samples of the test part in training  split  D311
10. a purge shorter than the horizon                                   split      D312
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pandas as pd
import pytest

import zoo
from tests.audit import leaks
from zoo.audit.finding import Audit, Finding
from zoo.data import book_preparation, orderbook

L = keras.layers


def found(audit: Audit, check: str, rule: str) -> Finding:
    """The leak of a check that belongs to a rule; the rest of that check's findings are no other leaks."""
    assert not audit.ok
    leak = next((item for item in audit.leaks if item.check == check and item.rule == rule), None)
    assert leak is not None, str(audit)
    assert leak.number is not None and leak.tolerance is not None
    assert leak.where and leak.help
    return leak


def test_1_batch_normalization_over_windows() -> None:
    leak = found(zoo.audit(leaks.model(L.Conv1D(4, 3), L.BatchNormalization(name="norm"))), "batch", "D301")
    assert leak.where == "layer norm (BatchNormalization)"
    assert "training" in leak.message and leak.number > 100 * leak.tolerance
    assert sum(item.status == "leak" for item in zoo.audit(leaks.model(L.LayerNormalization())).findings) == 0


def test_2_a_layer_across_the_batch() -> None:
    planted = leaks.model(L.Dropout(0.3), L.Dense(4), leaks.BatchCentred(name="centred"))
    audit = zoo.audit(planted)
    modes = [item.message for item in audit.leaks if item.check == "batch"]
    assert len(modes) == 2 and "training" in modes[0] and "inference" in modes[1]
    assert found(audit, "batch", "D301").where == "layer centred (BatchCentred)"


def test_3_a_same_convolution_with_labels_by_step() -> None:
    def planted(padding: str) -> keras.Model:
        return leaks.model(L.Dense(4), L.Conv1D(4, 3, padding=padding, name="conv"), per_step=True)

    leak = found(zoo.audit(planted("same")), "causality", "D302")
    assert leak.where == "layer conv (Conv1D)"
    assert zoo.audit(planted("causal")).ok


def test_4_a_bidirectional_lstm_inside_a_submodel() -> None:
    part = keras.Input((leaks.STEPS, 4))
    both = L.Bidirectional(L.LSTM(3, return_sequences=True), name="both")(L.Dense(4)(part))
    planted = leaks.model(L.Dense(4), keras.Model(part, both, name="inner"), per_step=True)
    assert found(zoo.audit(planted), "causality", "D302").where == "layer inner/both (Bidirectional)"


def test_4_the_same_in_a_spec_that_allows_it_is_told_and_no_failure() -> None:
    with pytest.raises(zoo.SpecError):
        zoo.loads(leaks.PER_STEP)
    allowed = zoo.loads(leaks.PER_STEP + "lint: {allow: {D302: for the course}}\n")
    audit = zoo.audit(allowed, checks="causality")
    assert audit.ok
    (finding,) = audit.findings
    assert finding.status == "allowed" and "for the course" in finding.message
    assert "Bidirectional" in finding.where and finding.number > finding.tolerance


def test_5_a_scaler_fitted_on_all_of_the_data() -> None:
    def planted(frame: pd.DataFrame) -> pd.DataFrame:
        return (frame[["price"]] - frame["price"].mean()) / frame["price"].std()

    audit = zoo.audit(leaks.model(), leaks.frame(), checks="pipeline", features=planted, keep=["time"])
    assert found(audit, "pipeline", "D310").where == "features, `price`"


def test_5_the_same_inside_the_pipeline(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = book_preparation.fit_features

    def planted(book: Any, columns: Any, scaling: Any, training: np.ndarray) -> Any:
        return honest(book, columns, scaling, np.ones_like(training))

    book = orderbook.simulate(snapshots=500, levels=1, seed=2)
    spec = zoo.loads(
        leaks.PER_STEP.replace(
            "Bidirectional: {LSTM: {units: 4, return_sequences: true}}",
            "LSTM: {units: 4, return_sequences: true}",
        )
    )
    assert zoo.audit(spec, book, checks="pipeline").ok
    monkeypatch.setattr(book_preparation, "fit_features", planted)
    assert found(zoo.audit(spec, book, checks="pipeline"), "pipeline", "D310").where.startswith(
        "pipeline.scaler"
    )


def test_6_a_centred_moving_average() -> None:
    def features(centred: bool) -> Callable[[pd.DataFrame], pd.DataFrame]:
        return lambda frame: frame[["volume"]].assign(
            average=frame["price"].rolling(7, center=centred, min_periods=1).mean()
        )

    leak = found(
        zoo.audit(leaks.model(), leaks.frame(), checks="pipeline", features=features(True)),
        "pipeline",
        "D302",
    )
    assert leak.where == "features, `average`" and "3 rows after" in leak.message
    assert zoo.audit(leaks.model(), leaks.frame(), checks="pipeline", features=features(False)).ok


def test_7_future_rows_in_a_window() -> None:
    def features(ahead: int) -> Callable[[pd.DataFrame], tuple[np.ndarray, np.ndarray]]:
        def windows(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
            values = frame[["price", "volume"]].to_numpy()
            ends = np.arange(4, len(values) - ahead)
            return np.stack([values[end - 4 + ahead : end + 1 + ahead] for end in ends]), ends

        return windows

    leak = found(
        zoo.audit(leaks.model(), leaks.frame(), checks="pipeline", features=features(2)), "pipeline", "D302"
    )
    assert "2 rows after" in leak.message
    assert zoo.audit(leaks.model(), leaks.frame(), checks="pipeline", features=features(0)).ok


def test_8_the_label_among_the_features() -> None:
    x, y = leaks.windows(leaks.series())
    assert zoo.audit(leaks.model(), (x, y), checks="pipeline").ok
    x = x.copy()
    x[:, -1, 2] = 3 * y[:, 0] + 1
    leak = found(zoo.audit(leaks.model(), (x, y), checks="pipeline"), "pipeline", "D314")
    assert leak.where == "feature 3 of input `window`"


def test_8_a_class_that_one_number_tells() -> None:
    x, y = leaks.windows(leaks.series())
    planted = leaks.model(outputs=2, loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    assert zoo.audit(planted, (x, (y[:, 0] > 0).astype(int)), checks="pipeline").ok
    audit = zoo.audit(planted, (x, (x[:, -1, 1] > 0.1).astype(int)), checks="pipeline")
    assert found(audit, "pipeline", "D314").where == "feature 2 of input `window`"


def test_8_a_target_that_is_not_in_the_future() -> None:
    x, _ = leaks.windows(leaks.series())
    leak = found(zoo.audit(leaks.model(), (x, x[:, -2, :1]), checks="pipeline"), "pipeline", "D315")
    assert "row 1 before the last" in leak.message


def test_9_overlapping_windows_split_at_random() -> None:
    x, y = leaks.windows(leaks.series())
    order = np.random.default_rng(0).permutation(len(x))
    train, test = np.sort(order[:250]), np.sort(order[250:])
    parts = {"train": (x[train], y[train]), "test": (x[test], y[test])}
    leak = found(zoo.audit(leaks.model(), parts, checks="split"), "split", "D311")
    assert leak.number > 0.9
    in_time = {"train": (x[:250], y[:250]), "test": (x[251:], y[251:])}
    assert zoo.audit(leaks.model(), in_time, checks="split", horizon=1).ok


def test_9_samples_of_the_test_part_in_training() -> None:
    x, y = leaks.windows(leaks.series())
    known = {
        "train": (np.r_[x[:200], x[260:290:3]], np.r_[y[:200], y[260:290:3]]),
        "test": (x[250:], y[250:]),
    }
    leak = found(zoo.audit(leaks.model(), known, checks="split"), "split", "D311")
    assert leak.number == pytest.approx(10 / len(x[250:]))


def test_10_a_purge_shorter_than_the_horizon() -> None:
    x, y = leaks.windows(leaks.series(), horizon=5)

    def split(purge: int) -> Audit:
        parts = {"train": (x[:250], y[:250]), "test": (x[250 + purge :], y[250 + purge :])}
        return zoo.audit(leaks.model(), parts, checks="split", horizon=5)

    leak = found(split(2), "split", "D312")
    assert leak.help == "leave out the last 3 windows of the part before"
    assert split(5).ok


def test_10_the_same_in_a_table() -> None:
    spec = zoo.loads(leaks.TABLE)
    run = zoo.train(spec, leaks.frame(), epochs=0)
    assert zoo.audit(run, checks="split").ok
    last, late = run.prepared.train, run.pipeline.transform(leaks.frame(), labels=True)
    rows = np.flatnonzero(late.rows <= last.rows[-1] + 3)
    run.prepared = dataclasses.replace(run.prepared, train=late.take(rows))
    leak = found(zoo.audit(run, checks="split"), "split", "D312")
    assert "last 3 windows" in leak.help


def test_9_skill_on_labels_that_tell_nothing_is_memory() -> None:
    x, y = leaks.windows(leaks.series())
    planted = leaks.model(L.Flatten(), L.Dense(64, "relu"))
    planted.compile(keras.optimizers.Adam(0.01), "mse")
    parts = {"train": (x[:200], y[:200]), "test": (x[100:200], y[100:200])}
    leak = found(zoo.audit(planted, parts, checks="skill", epochs=40), "skill", "D311")
    assert leak.number > leak.tolerance
    apart = {"train": (x[:200], y[:200]), "test": (x[210:310], y[210:310])}
    assert zoo.audit(planted, apart, checks="skill", epochs=5).ok
