"""The time-series classics against what their papers define, in NumPy or by perturbation; sizes are small."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

import zoo

RNG = np.random.default_rng(5)


def built(name: str, *, positive: bool = False, **sizes: Any) -> keras.Model:
    """A model whose weights are all random: what starts at 0 or 1 would hide mistakes.

    With positive weights and inputs no ReLU is shut.
    """
    model = zoo.build(zoo.load(name, **sizes))
    for weight in model.trainable_weights:
        value = RNG.normal(size=weight.shape) * 0.3
        weight.assign(np.abs(value) if positive else value)
    return model


def layer(model: keras.Model, ending: str) -> list[np.ndarray]:
    """The weights of the one layer whose name ends so."""
    (found,) = [item for item in model.layers if item.name.endswith(ending)]
    return [np.asarray(weight) for weight in found.weights]


def drawn(*shape: int) -> np.ndarray:
    return RNG.normal(size=shape).astype("float32")


def close(found: Any, expected: np.ndarray) -> None:
    np.testing.assert_allclose(np.asarray(found), expected, rtol=1e-4, atol=1e-4)


def dense(x: np.ndarray, kernel: np.ndarray, bias: np.ndarray) -> np.ndarray:
    return x @ kernel + bias


# --- linear maps and bases


def test_dlinear_is_two_linear_maps_of_a_moving_average_and_the_rest() -> None:
    model, x = built("dlinear", window=40, horizon=6, series=3), drawn(2, 40, 3)
    padded = np.concatenate([np.repeat(x[:, :1], 12, 1), x, np.repeat(x[:, -1:], 12, 1)], axis=1)
    trend = np.stack([padded[:, t : t + 25].mean(1) for t in range(40)], axis=1)
    parts = ((trend, "trend"), (x - trend, "season"))
    expected = sum(dense(part.transpose(0, 2, 1), *layer(model, f"{name}")) for part, name in parts)
    close(model(x), expected.transpose(0, 2, 1))


def test_dlinear_has_the_139_7_thousand_weights_of_the_papers_table() -> None:
    assert round(zoo.build(zoo.load("dlinear", window=96, horizon=720)).count_params() / 1e3, 1) == 139.7


def test_nbeats_generic_takes_away_backcasts_and_sums_forecasts() -> None:
    model, past = built("nbeats_generic", horizon=3, blocks=3, layers=2, width=5), drawn(4, 15)
    weights = iter([np.asarray(weight) for weight in model.trainable_weights])
    x, expected = past, past[:, -1:]
    for _ in range(3):
        hidden = x
        for _ in range(2):
            hidden = np.maximum(dense(hidden, next(weights), next(weights)), 0)
        theta = dense(hidden, next(weights), next(weights))
        x, expected = x - theta[:, :15], expected + theta[:, 15:]
    close(model(past), expected)


def test_nbeats_interpretable_draws_polynomials_and_waves_from_shared_blocks() -> None:
    sizes = {"horizon": 6, "lookback": 12, "layers": 1, "trend_width": 4, "season_width": 5}
    model, past = built("nbeats_interpretable", **sizes), drawn(3, 12)

    def trend(steps: int, sign: int) -> np.ndarray:
        return np.stack([(np.arange(steps) / steps) ** power for power in range(3)])

    def season(steps: int, sign: int) -> np.ndarray:
        angle = sign * 2 * np.pi * np.arange(3)[:, None] * np.arange(steps) / 6
        return np.concatenate([np.cos(angle), np.sin(angle)])

    x, expected = past[:, ::-1], past[:, -1:]
    for name, basis in [("trend", trend)] * 3 + [("season", season)] * 3:
        hidden = np.maximum(dense(x, *layer(model, f"{name}_block_1__hidden__0__dense_1")), 0)
        back, fore = (
            dense(hidden, *layer(model, f"{name}_block_1__{way}__dense_1"))
            for way in ("backcast", "forecast")
        )
        x, expected = x - back @ basis(12, -1), expected + fore @ basis(6, 1)
    close(model(past), expected)


# --- what a step sees


def reach(model: keras.Model, inputs: list[np.ndarray], which: int, step: int, by: float = 1.0) -> np.ndarray:
    """The steps of the output that move when one step of one input does."""
    moved = [item.copy() for item in inputs]
    moved[which][:, step] += by
    before, after = (np.asarray(model(item if len(item) > 1 else item[0])) for item in (inputs, moved))
    return np.flatnonzero(np.abs(after - before).max(axis=(0, 2)) > 1e-7)


def test_tcn_sees_exactly_its_receptive_field_of_the_past() -> None:
    model = built("tcn", positive=True, window=40, depth=3, filters=8)
    field = 1 + 2 * (3 - 1) * (1 + 2 + 4)
    np.testing.assert_array_equal(reach(model, [np.abs(drawn(4, 40, 1))], 0, 5), np.arange(5, 5 + field))


def test_tcn_sees_253_steps_with_its_own_sizes() -> None:
    model = built("tcn", positive=True, filters=2)
    seen = reach(
        model, [np.abs(drawn(2, 256, 1))], 0, 1, by=1e8
    )  # what twelve convolutions away is left of it
    np.testing.assert_array_equal(seen, np.arange(1, 254))


def test_wavenet_sees_two_to_the_depth_steps_of_the_past() -> None:
    model = built("wavenet", window=40, depth=4)
    np.testing.assert_array_equal(reach(model, [drawn(4, 40, 1)], 0, 7), np.arange(7, 7 + 16))


@pytest.mark.parametrize("which", [0, 1])
def test_deepar_sees_all_of_the_past_and_nothing_later(which: int) -> None:
    model = built("deepar", window=12)
    np.testing.assert_array_equal(
        reach(model, [drawn(2, 12, 1), drawn(2, 12, 4)], which, 4), np.arange(4, 12)
    )


def test_seq2seq_decodes_step_by_step_from_the_encoders_state() -> None:
    model = built("seq2seq_lstm", window=6, steps=5, units=7)
    inputs = [drawn(2, 6, 3), drawn(2, 5, 1)]
    np.testing.assert_array_equal(reach(model, inputs, 0, 0), np.arange(5))
    np.testing.assert_array_equal(reach(model, inputs, 1, 2), np.arange(2, 5))


def test_lstnet_runs_one_gru_along_each_hour_of_the_days() -> None:
    sizes = {"window": 30, "series": 2, "channels": 4, "kernel": 3, "skip": 6, "skip_units": 3}
    model, x = built("lstnet", **sizes), drawn(3, 30, 2)
    inner = keras.Model(model.input, [model.get_layer(name).output for name in ("local", "days")])
    local, days = (np.asarray(item) for item in inner(x))
    gru = model.get_layer("days__time_distributed_1")
    last = local[:, -24:]  # 27 // 6 = 4 whole seasons of the 28 steps that the convolution gives
    close(days, np.concatenate([np.asarray(gru(last[:, phase::6])) for phase in range(6)], axis=1))


def test_lstm_fcn_reads_each_channel_as_one_step() -> None:
    model, x = built("lstm_fcn", length=20, channels=3, units=4), drawn(2, 20, 3)
    inner = keras.Model(model.input, model.get_layer("recurrent").output)
    lstm = keras.layers.LSTM(4)
    lstm.build((None, 3, 20))
    lstm.set_weights(layer(model, "recurrent__lstm_1"))
    close(inner(x), np.asarray(lstm(x.transpose(0, 2, 1))))


# --- attention over patches


def test_patchtst_treats_each_series_alone_and_moves_with_its_level_and_scale() -> None:
    model, x = built("patchtst", lookback=40, horizon=5, series=3), drawn(2, 40, 3)
    y = np.asarray(model(x))
    close(model(x[:, :, ::-1]), y[:, :, ::-1])
    np.testing.assert_allclose(np.asarray(model(3 * x - 7)), 3 * y - 7, rtol=1e-2, atol=1e-2)
    other = x.copy()
    other[:, :, 0] = drawn(2, 40)
    close(model(other)[:, :, 1:], y[:, :, 1:])


def test_patchtst_adds_the_scores_of_the_layer_before() -> None:
    model = built("patchtst", lookback=32, series=1, patch=8, stride=4, depth=2, width=6, heads=2)
    names = ("patches__frames_1", "patches", "codes__0__after", "codes__1__attended")
    inner = keras.Model(model.input, [model.get_layer(name).output for name in names])
    x = drawn(2, 32, 1)
    frames, first, second, attended = (np.asarray(item) for item in inner(x))

    scaled = ((x - x.mean(1, keepdims=True)) / np.sqrt(x.var(1, keepdims=True) + 1e-5))[:, :, 0]
    padded = np.concatenate([scaled, np.repeat(scaled[:, -1:], 4, 1)], axis=1)
    close(frames, np.stack([padded[:, start : start + 8] for start in range(0, 29, 4)], axis=1))

    def part(place: int, name: str, codes: np.ndarray) -> np.ndarray:
        kernel, bias = layer(model, f"codes__{place}__{name}")
        return np.einsum("btw,whd->bhtd", codes, kernel) + bias[None, :, None]

    scores = sum(
        part(place, "query", codes) @ part(place, "key", codes).transpose(0, 1, 3, 2) / np.sqrt(3)
        for place, codes in enumerate((first, second))
    )
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    weights /= weights.sum(-1, keepdims=True)
    kernel, bias = layer(model, "codes__1__attended__einsum_dense_1")
    close(attended, np.einsum("bhtd,hdw->btw", weights @ part(1, "value", second), kernel) + bias)


# --- counts that papers print


@pytest.mark.parametrize("name", ["fcn", "resnet_ts", "inceptiontime"])
def test_classifiers_have_the_published_weights_before_the_head(name: str) -> None:
    spec = zoo.load(name)
    model = zoo.build(spec)
    trained = sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
    assert trained - model.get_layer("label").count_params() == spec.source["parameters"]
