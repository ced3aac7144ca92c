"""The zoo's losses against NumPy, and as Keras wants losses to be."""

from __future__ import annotations

import math
from typing import Any

import keras
import numpy as np
import pytest

from zoo import layers
from zoo.layers import registered

RNG = np.random.default_rng(5)
CASES: dict[str, tuple[dict[str, Any], int]] = {
    "Pinball": ({"quantiles": [0.2, 0.5, 0.9]}, 3),
    "StudentT": ({"epsilon": 1e-5}, 3),
}


def test_every_loss_has_a_case() -> None:
    assert set(CASES) == set(layers.names("losses"))


def pinball(y: float, guess: np.ndarray) -> float:
    return float(
        np.mean([max(q * (y - g), (q - 1) * (y - g)) for q, g in zip((0.2, 0.5, 0.9), guess, strict=True)])
    )


def student_t(y: float, raw: np.ndarray) -> float:
    softplus = lambda x: math.log1p(math.exp(x))  # noqa: E731
    scale, freedom = softplus(raw[1]) + 1e-5, 2 + softplus(raw[2])
    density = math.exp(math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)) / (
        math.sqrt(freedom * math.pi) * scale
    )
    density *= (1 + ((y - raw[0]) / scale) ** 2 / freedom) ** (-(freedom + 1) / 2)
    return -math.log(density)


@pytest.mark.parametrize(("name", "equation"), [("Pinball", pinball), ("StudentT", student_t)])
@pytest.mark.parametrize("steps", [None, 4])
@pytest.mark.parametrize("last", [True, False])
def test_values(name: str, equation: Any, steps: int | None, last: bool) -> None:
    lead = (6,) if steps is None else (6, steps)
    y, raw = RNG.normal(size=lead).astype("float32"), RNG.normal(size=(*lead, 3)).astype("float32") * 2
    expected = np.vectorize(equation, signature="(),(n)->()")(y, raw)
    loss = registered("losses", name)(**CASES[name][0])
    found = loss(y[..., None] if last else y, raw)
    assert float(found) == pytest.approx(expected.mean(), rel=1e-5)
    each = registered("losses", name)(**CASES[name][0], reduction="none")
    np.testing.assert_allclose(keras.ops.convert_to_numpy(each(y, raw)), expected, rtol=2e-5, atol=1e-6)


@pytest.mark.parametrize("freedom", [2.1, 3.0, 10.0, 300.0, 1e5])
def test_log_gamma_is_right_for_all_degrees_of_freedom(freedom: float) -> None:
    raw = np.array([[0.3, 0.1, freedom - 2 + math.log1p(-math.exp(2 - freedom))]], "float32")
    found = float(registered("losses", "StudentT")(epsilon=1e-5)(np.array([1.2], "float32"), raw))
    # far out the density is the normal one's; `math.exp` of the raw number would overflow there
    scale = math.log1p(math.exp(0.1)) + 1e-5
    z = 0.9 / scale
    constant = math.lgamma(freedom / 2) - math.lgamma((freedom + 1) / 2) + 0.5 * math.log(freedom * math.pi)
    expected = math.log(scale) + constant + 0.5 * (freedom + 1) * math.log1p(z * z / freedom)
    assert found == pytest.approx(expected, abs=2e-5)


@pytest.mark.parametrize("name", CASES)
def test_configuration_comes_back_and_a_model_learns(name: str, tmp_path: Any) -> None:
    loss = registered("losses", name)(**CASES[name][0], reduction="sum", name="mine")
    again = keras.losses.deserialize(keras.losses.serialize(loss))
    assert again.get_config() == loss.get_config()
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(CASES[name][1])])
    model.compile(keras.optimizers.Adam(0.05), loss=registered("losses", name)(**CASES[name][0]))
    x = RNG.normal(size=(64, 2)).astype("float32")
    y = x.sum(1, keepdims=True) + 0.1 * RNG.normal(size=(64, 1))
    history = model.fit(x, y, epochs=30, verbose=0).history["loss"]
    assert np.isfinite(history).all() and history[-1] < 0.5 * history[0]
    model.save(tmp_path / "model.keras")
    assert keras.models.load_model(tmp_path / "model.keras").loss.get_config() == model.loss.get_config()


@pytest.mark.parametrize(
    ("name", "message"), [("Pinball", "3 quantiles and receives"), ("StudentT", "three numbers a target")]
)
def test_a_wrong_number_of_units_is_told(name: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        registered("losses", name)(**CASES[name][0])(np.zeros((2, 1)), np.zeros((2, 2)))
