"""Small models and samples for the tests of the training room, no spec needed."""

from __future__ import annotations

import keras
import numpy as np

SEED = 3


def two_heads(seed: int = SEED, *, learning_rate: float = 1e-2) -> keras.Model:
    """Inputs ``a`` (4 steps, 2 features), ``b`` (3 numbers); outputs ``zz`` (3 classes), ``aa``."""
    keras.utils.set_random_seed(seed)
    a, b = keras.Input((4, 2), name="a"), keras.Input((3,), name="b")
    code = keras.layers.Dropout(0.2, name="drop")(keras.layers.SimpleRNN(4, name="code")(a))
    both = keras.layers.Concatenate(name="both")([code, b])
    # Named against the alphabet, as outputs of a spec may be.
    outputs = [
        keras.layers.Dense(3, activation="softmax", name="zz")(both),
        keras.layers.Dense(1, name="aa")(both),
    ]
    model = keras.Model([a, b], outputs)
    model.compile(
        keras.optimizers.Adam(learning_rate),
        loss={"zz": "sparse_categorical_crossentropy", "aa": "mse"},
        loss_weights={"zz": 1.0, "aa": 0.2},
        metrics={"zz": ["accuracy"]},
    )
    return model


def samples(count: int = 40, seed: int = 0) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Samples that ``two_heads`` can learn something from."""
    rng = np.random.default_rng(seed)
    x = {
        "a": rng.normal(size=(count, 4, 2)).astype(np.float32),
        "b": rng.normal(size=(count, 3)).astype(np.float32),
    }
    labels = (x["a"][:, -1, 0] > 0).astype(np.int32) + (x["b"][:, 0] > 0)
    return x, {"zz": labels.astype(np.int32), "aa": x["b"][:, 1:2]}
