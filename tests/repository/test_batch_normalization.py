"""The page on BatchNormalization: its series is what it claims, and its command runs, goes on, and writes."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from tests.repository.loading import load_example


@pytest.fixture(scope="module")
def example(root: Path) -> ModuleType:
    return load_example(root / "examples" / "batch_normalization.py")


def test_the_batch_tells_the_future_and_the_past_does_not(example: ModuleType):
    ours, theirs = [], []
    for seed in range(20):
        x, rises = example.wandering(seed)
        last = x[:, -1, 0].astype(float)
        batches = len(last) // example.BATCH
        cut = last[: batches * example.BATCH].reshape(batches, -1)
        below = cut < cut.mean(axis=1, keepdims=True)
        ours.append((below.ravel() == rises[: below.size]).mean())
        falls = last - x[:, 0, 0] < 0
        theirs.append((falls == rises).mean())
    assert np.mean(ours) > 0.6
    assert abs(np.mean(theirs) - 0.5) < 0.05


def test_the_norms_differ_in_what_they_are_made_of_only(example: ModuleType):
    specs = {norm: example.spec_of(example.Case("series", norm, False, 1)) for norm in example.NORMS}
    heads = {norm: {layer.head for layer in spec.graph.layers.values()} for norm, spec in specs.items()}
    added = {norm: found - heads["none"] for norm, found in heads.items()}
    assert added == {
        "none": set(),
        "windows": {"BatchNormalization"},
        "codes": {"BatchNormalization"},
        "layer": {"LayerNormalization"},
        "instance": {"GroupNormalization"},
        "running": {"CausalNormalization"},
        "exponential": {"CausalNormalization"},
    }


def test_the_command_goes_on_and_writes_the_page(
    example: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(example, "SEEDS", (1,))
    monkeypatch.setattr(example, "NORMS", {name: example.NORMS[name] for name in ("none", "windows")})
    wandering = example.wandering
    monkeypatch.setattr(example, "wandering", lambda seed: wandering(seed, length=600))
    words = ["--out", str(tmp_path / "runs"), "--page", str(tmp_path / "page.md")]
    kept = tmp_path / "runs" / "series_codes_shuffled_1.json"
    kept.parent.mkdir()
    done = example.do(example.Case("series", "none", False, 1), None)
    kept.write_text(json.dumps({**done, "norm": "codes", "shuffled": True}))
    before = kept.read_bytes()
    example.main(words)
    assert kept.read_bytes() == before
    page = (tmp_path / "page.md").read_text()
    assert page.count("| `windows` |") == 2
    assert (tmp_path / "page" / "series.png").stat().st_size > 5_000
    run = json.loads((tmp_path / "runs" / "series_none_ordered_1.json").read_text())
    # without BatchNormalization a window's output does not hang on its batch
    assert run["train_batch_f1"] == run["train_alone_f1"]
