"""The language's reference inputs, and one of the hardest of them against the same model by hand."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest

import zoo

# number of weights where ARCHITECTURES.md or DESIGN.md gives it
COUNTS = {
    "conv_autoencoder": 9_505,
    "dain_mlp": 2_054_891,
    "deeplob": 142_435,
    "deeplob_attention": 177_699,
    "headline": 5_200_610,
    "hrnn_lob": 12_771,
    "inception_lob": 366_947,
    "shared_vision": 53_057,
    "siamese_tweets": 82_305,
    "three_outputs": 14_146_316,
    "translob": 101_655,
}


def test_all_load_validate_and_build(shared: Path) -> None:
    files = sorted((shared / "language").glob("*.yaml"))
    assert len(files) == 24
    for file in files:
        report = zoo.check(file)
        assert report.ok, str(report)
        model = zoo.build(zoo.load(file))
        assert model.count_params() == COUNTS.get(file.stem, model.count_params()), file.stem


def by_hand() -> keras.Model:
    """DeepLOB with attention, five horizons, as one would write it in Keras."""
    layers = keras.layers
    book, start = keras.Input((50, 40, 1)), keras.Input((1, 3))

    def conv(x, filters=32, kernel=(4, 1), strides=1, padding="same"):
        return layers.LeakyReLU(0.01)(layers.Conv2D(filters, kernel, strides=strides, padding=padding)(x))

    x = book
    for width in (2, 2, 10):
        x = conv(x, kernel=(1, width), strides=(1, width), padding="valid")
        x = conv(conv(x))
    first = conv(conv(x, 64, 1), 64, (3, 1))
    second = conv(conv(x, 64, 1), 64, (5, 1))
    third = conv(layers.MaxPooling2D((3, 1), strides=1, padding="same")(x), 64, 1)
    x = layers.Reshape((50, 192))(layers.Concatenate()([first, second, third]))
    past, h, c = layers.LSTM(64, return_sequences=True, return_state=True)(x)
    decoder = layers.LSTM(64, return_sequences=True, return_state=True)
    head = layers.Dense(3, activation="softmax")
    feed = layers.Concatenate()([start, layers.Reshape((1, 64))(h)])
    guesses = []
    for _ in range(5):
        cell, h, c = decoder(feed, initial_state=[h, c])
        weights = layers.Softmax()(layers.Dot(axes=2)([cell, past]))
        context = layers.BatchNormalization(momentum=0.6)(layers.Dot(axes=[2, 1])([weights, past]))
        guess = head(layers.Concatenate()([context, cell]))
        guesses.append(guess)
        feed = layers.Concatenate()([guess, context])
    return keras.Model([book, start], layers.Concatenate(axis=1)(guesses))


def test_deeplob_attention_equals_the_same_model_by_hand(shared: Path) -> None:
    ours, theirs = zoo.build(zoo.load(shared / "language" / "deeplob_attention.yaml")), by_hand()
    assert [tuple(weight.shape) for weight in ours.weights] == [
        tuple(weight.shape) for weight in theirs.weights
    ]
    theirs.set_weights(ours.get_weights())
    rng = np.random.default_rng(0)
    x = [rng.normal(size=(4, 50, 40, 1)).astype("float32"), np.eye(3, dtype="float32")[[0, 0, 0, 0]][:, None]]
    np.testing.assert_allclose(ours(x), theirs(x), atol=1e-6)


@pytest.mark.parametrize(
    ("step", "count"),
    [("Dense: 100000000000", "9,100,000,000,000"), ("LSTM: 1000000", "4,000,364,000,000")],
)
def test_terabytes_of_weights_are_told_before_anything_is_allocated(step: str, count: str) -> None:
    spec = (
        "spec: 1\nname: huge\ninputs: {x: {shape: [5, 18]}}\n"
        f"graph: {{y: [x, Flatten, RepeatVector: 2, {step}]}}\noutputs: {{y: {{loss: mse}}}}\n"
    )
    report = zoo.check_text(spec)
    assert [item.code for item in report.diagnostics] == ["G106"]
    assert f"the model has {count} weights" in str(report)
    with pytest.raises(zoo.SpecError):
        zoo.loads(spec)
