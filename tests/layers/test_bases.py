"""The frozen bases of N-BEATS as initializers, against the formulas."""

from __future__ import annotations

import math

import keras
import numpy as np
import pytest

from zoo.layers import names, registered


def test_polynomial_basis_is_the_powers_of_time() -> None:
    kernel = np.asarray(registered("initializers", "PolynomialBasis")()((4, 10)))
    for power in range(4):
        for step in range(10):
            assert kernel[power, step] == pytest.approx((step / 10) ** power)


@pytest.mark.parametrize("sign", [1, -1])
def test_fourier_basis_is_cosines_then_sines(sign: int) -> None:
    kernel = np.asarray(registered("initializers", "FourierBasis")(period=7, backwards=sign < 0)((6, 10)))
    for wave in range(3):
        for step in range(10):
            angle = sign * 2 * math.pi * wave * step / 7
            assert kernel[wave, step] == pytest.approx(math.cos(angle), abs=1e-6)
            assert kernel[3 + wave, step] == pytest.approx(math.sin(angle), abs=1e-6)


@pytest.mark.parametrize(
    ("head", "args"), [("PolynomialBasis", {}), ("FourierBasis", {"period": 5, "backwards": True})]
)
def test_they_come_back_from_their_configuration(head: str, args: dict[str, object]) -> None:
    assert head in names("initializers")
    one = registered("initializers", head)(**args)
    again = keras.initializers.get(keras.initializers.serialize(one))
    assert type(again) is type(one)
    np.testing.assert_array_equal(again((4, 9)), one((4, 9)))


def test_what_cannot_be_a_basis_is_refused() -> None:
    fourier = registered("initializers", "FourierBasis")
    with pytest.raises(ValueError, match="period of at least 1"):
        fourier(period=0)
    with pytest.raises(ValueError, match="as many sines as cosines; received 3"):
        fourier(period=4)((3, 8))
