"""The callback that draws predictions: what it draws, where it writes, and that it changes nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import zoo
from tests.train.test_states import WAVE, table
from zoo.errors import TrainError
from zoo.layers.plot_prediction import PlotPrediction

DRAWN = WAVE.replace("reset_states: =reset", "reset_states: =reset, callbacks: [PlotPrediction: {every: 5}]")

HEADS = """
spec: 1
name: heads
inputs: {past: {shape: [4, 1]}}
graph:
  code: [past, Flatten]
  level: [code, Dropout: 0.5, Dense: 1]
  path: [code, Dense: 3]
  side: [code, Dense: {units: 2, activation: softmax}]
outputs: {level: {loss: mse}, path: {loss: mae}, side: {loss: sparse_categorical_crossentropy}}
data:
  kind: table
  inputs: {past: {columns: [value]}}
  targets:
    level: {column: value, horizon: 2}
    path: {column: value, horizon: 3}
    side: {column: symbol, horizon: 1}
training: {epochs: 1, batch_size: 16, seed: 7}
"""


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("predictions/*"))


def test_pictures_lie_in_the_runs_folder_and_those_of_an_earlier_run_are_gone(tmp_path: Path) -> None:
    old = tmp_path / "predictions"
    old.mkdir()
    (old / "step_000900.png").write_bytes(b"")
    zoo.train(zoo.loads(DRAWN, epochs=1), table(), out=tmp_path, verbose=0)
    # 17 windows train.
    assert _names(tmp_path) == [f"step_{step:06d}.png" for step in (5, 10, 15, 17)]
    drawn = (old / "step_000005.png").read_bytes()
    assert drawn.startswith(b"\x89PNG") and len(drawn) < 50_000


def test_without_a_folder_the_numbers_are_kept_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    watch = PlotPrediction(every=10, points=8, most=1)
    run = zoo.train(zoo.loads(WAVE), table(), callbacks=[watch], verbose=0)
    assert [frame.step for frame in watch.frames] == [10, 17]
    assert list(tmp_path.iterdir()) == []
    first = run.prepared.val.rows[0] - 4
    np.testing.assert_allclose(
        watch.frames[0].target["next"][:, 0], table()["value"][first + 1 : first + 9], atol=1e-6
    )
    np.testing.assert_allclose(
        watch.frames[-1].prediction["next"][:, 0], run.predict(part="val").reshape(-1)[:8], atol=1e-5
    )


def test_drawing_changes_nothing_of_the_training() -> None:
    plain = zoo.train(zoo.loads(WAVE, epochs=2, reset="never"), table(), verbose=0)
    drawn = zoo.train(zoo.loads(DRAWN, epochs=2, reset="never"), table(), verbose=0)
    assert drawn.history == plain.history
    for one, two in zip(drawn.model.get_weights(), plain.model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)
    dropping = [
        zoo.train(zoo.loads(HEADS), table(60, "A", "B"), callbacks=callbacks, verbose=0).history
        for callbacks in ((), [PlotPrediction(every=1)])
    ]
    assert dropping[0] == dropping[1]


def test_each_output_has_its_lines() -> None:
    watch = PlotPrediction(every=1, points=10, most=1)
    data = table(60, "A", "B").sample(frac=1, random_state=1)
    run = zoo.train(zoo.loads(HEADS), data, callbacks=[watch], verbose=0)
    rows, values = run.prepared.val.rows[:10], data["value"].to_numpy()
    np.testing.assert_allclose(watch.frames[0].target["level"][:, 0], values[rows + 2], atol=1e-5)
    # Of paths that overlap the first step is drawn.
    np.testing.assert_allclose(watch.frames[0].target["path"][:, 0], values[rows + 1], atol=1e-5)
    assert (
        watch.frames[0].target["side"][:, 0].tolist() == (data["symbol"].to_numpy()[rows + 1] == "B").tolist()
    )
    predicted = watch.frames[-1].prediction
    np.testing.assert_allclose(predicted["level"], run.predict(part="val")["level"][:10], atol=1e-5)
    np.testing.assert_array_equal(
        predicted["side"][:, 0], run.predict(part="val")["side"][:10].argmax(axis=1)
    )


@pytest.mark.parametrize(
    ("said", "code", "words"),
    [
        ("{folder: /tmp}", "S101", "PlotPrediction has no argument `folder`"),
        ("{part: test}", "S102", "val"),
        ("{every: often}", "S102", "every"),
    ],
)
def test_check_knows_its_arguments(said: str, code: str, words: str) -> None:
    report = zoo.check_text(DRAWN.replace("{every: 5}", said))
    found = [item for item in report.diagnostics if item.code == code]
    assert found and words in found[0].message + str(found[0].help)


def test_numbers_that_draw_nothing_are_refused() -> None:
    with pytest.raises(TrainError, match="needs `every` from 1; received 0"):
        zoo.train(zoo.loads(DRAWN.replace("every: 5", "every: 0")), table(), verbose=0)
    with pytest.raises(ValueError, match="from 1 to 200; received 900"):
        PlotPrediction(most=900)
