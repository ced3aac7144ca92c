from __future__ import annotations

from pathlib import Path

import pytest

from zoo.build.gallery.write import write

TWICE = """\
spec: 1
name: twice
about: One submodel, called alone and at every step; a block in a loop.
tags: [text, shared-layers]
inputs:
  steps: {shape: [5, 4]}
  one: {shape: [4]}
layers:
  squash: {Dense: {units: 3, activation: tanh}}
models:
  code:
    inputs: {x: {shape: [4]}}
    graph: {y: [x, Dense: 3]}
    outputs: {y: {}}
blocks:
  pair: {do: [Dense: 3, Activation: relu]}
graph:
  many: [steps, TimeDistributed: code, Flatten, Dense: 3, squash]
  single: [one, code, squash]
  answer:
    - [many, single]
    - Concatenate
    - repeat: {times: 2, do: [pair]}
    - Dense: 1
outputs:
  answer: {loss: mse}
"""


@pytest.fixture(scope="session")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole zoo's gallery."""
    return write(tmp_path_factory.mktemp("gallery")).parent


@pytest.fixture(scope="session")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The gallery of one model with a submodel, a shared layer, a loop and a block."""
    folder = tmp_path_factory.mktemp("twice")
    (folder / "twice.yaml").write_text(TWICE)
    return write(folder / "gallery", [folder / "twice.yaml"]).parent
