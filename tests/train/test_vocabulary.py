"""Word numbers that the embedding does not have are told with their place."""

from __future__ import annotations

import numpy as np
import pytest

import zoo
from zoo.train.trained import Trained

SPEC = """
spec: 1
name: words
inputs: {text: {shape: [3], dtype: int32}}
graph: {y: [text, Embedding: {input_dim: 5, output_dim: 2}, LSTM: 2, Dense: 1]}
outputs: {y: {loss: mse}}
"""


@pytest.mark.parametrize("wrong", [5, -1])
def test_a_word_outside_the_vocabulary(wrong: int) -> None:
    run = Trained.untrained(zoo.loads(SPEC))
    words = np.array([[0, 1, 2], [4, wrong, 0]])
    for use in (lambda: run.fit(words, np.zeros(2)), lambda: run.predict(words)):
        with pytest.raises(zoo.TrainError, match=rf"outside 0 to 4, the first \({wrong}\) at \[1, 1\]"):
            use()


def test_the_whole_vocabulary_is_fine() -> None:
    run = Trained.untrained(zoo.loads(SPEC))
    assert run.predict(np.array([[0, 2, 4]])).shape == (1, 1)
