"""Commands killed with -9 at random moments, again and again, and taken up each time: nothing is lost."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

import zoo
from tests.train.specs import TINY

KILLS = 6


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "zoo.cli", *words]


def unbroken(words: list[str]) -> float:
    """Runs it to its end; how many seconds that took."""
    begun = time.monotonic()
    subprocess.run(command(*words), check=True, capture_output=True, env=_quiet())
    return time.monotonic() - begun


def broken(words: list[str], seconds: float, seed: int) -> int:
    """Runs it with kills at random moments after it has begun, then to its end; how often it was killed."""
    moments, kills = random.Random(seed), 0
    for _ in range(KILLS):
        record = Path(words[-1]) / "run.json"
        with subprocess.Popen(
            command(*words, "--resume"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=_quiet()
        ) as process:
            while process.poll() is None and not record.exists():
                time.sleep(0.01)
            try:
                process.wait(moments.uniform(0.0, 0.4) * seconds)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                kills += 1
                continue
            assert process.returncode == 0
            break
    done = subprocess.run(command(*words, "--resume"), capture_output=True, text=True, env=_quiet())
    assert done.returncode == 0, done.stderr
    return kills


def _quiet() -> dict[str, str]:
    return {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}


def spec_file(folder: Path, text: str) -> str:
    path = folder / "spec.yaml"
    path.write_text(text)
    return str(path)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_a_training_comes_to_the_same_bundle(tmp_path: Path, seed: int) -> None:
    spec = spec_file(tmp_path, TINY)
    words = ["train", spec, "--epochs", "40", "--out"]
    seconds = unbroken([*words, str(tmp_path / "whole")])
    assert broken([*words, str(tmp_path / "broken")], seconds, seed)
    whole, again = (zoo.open(tmp_path / name / "tiny.zoo") for name in ("whole", "broken"))
    assert again.history == whole.history
    for one, other in zip(again.model.get_weights(), whole.model.get_weights(), strict=True):
        assert (one == other).all()


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_a_walk_comes_to_the_same_predictions(tmp_path: Path, seed: int) -> None:
    words = ["walk-forward", "lstm_stateless", "--set", "units=4", "--epochs", "1", "--out"]
    seconds = unbroken([*words, str(tmp_path / "whole")])
    assert broken([*words, str(tmp_path / "broken")], seconds, seed)
    for file in (tmp_path / "whole").glob("*.csv"):
        assert (tmp_path / "broken" / file.name).read_bytes() == file.read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_a_search_comes_to_the_same_trials(tmp_path: Path, seed: int) -> None:
    text = TINY.replace("inputs:", "params: {units: {default: 4, tune: [2, 4, 8]}}\ninputs:", 1)
    spec = spec_file(tmp_path, text.replace("Flatten,", "Flatten, Dense: =units,"))
    words = ["tune", spec, "--trials", "6", "--epochs", "3", "--out"]
    seconds = unbroken([*words, str(tmp_path / "whole")])
    assert broken([*words, str(tmp_path / "broken")], seconds, seed)
    whole, again = (pd.read_csv(tmp_path / name / "trials.csv") for name in ("whole", "broken"))
    pd.testing.assert_frame_equal(again.drop(columns="seconds"), whole.drop(columns="seconds"))
