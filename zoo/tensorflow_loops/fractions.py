"""Tanh and sigmoid as fractions of polynomials, which XLA fuses with what is around them.

Its own are made of more: an exponential for the sigmoid, and a second case of tanh for small numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import tensorflow as tf

# tanh as x·p(x²)/q(x²), as Eigen and XLA have it, highest power first; it is 1 to float32 beyond _END.
_P = (
    -2.76076847742355e-16,
    2.00018790482477e-13,
    -8.60467152213735e-11,
    5.12229709037114e-08,
    1.48572235717979e-05,
    6.37261928875436e-04,
    4.89352455891786e-03,
)
_Q = (1.19825839466702e-06, 1.18534705686654e-04, 2.26843463243900e-03, 4.89352518554385e-03)
_END = 7.90531110763549805


def tanh(x: Any) -> Any:
    """Of each number."""
    above, below = tanh_fraction(x)
    return above / below


def sigmoid(x: Any) -> Any:
    """Of each number."""
    above, below = sigmoid_fraction(x)
    return above / below


def tanh_fraction(x: Any) -> tuple[Any, Any]:
    """Tanh as numerator and denominator, for who divides later."""
    x = tf.clip_by_value(x, -_END, _END)
    square = x * x
    return x * _polynomial(_P, square), _polynomial(_Q, square)


def sigmoid_fraction(x: Any) -> tuple[Any, Any]:
    """(1 + tanh(x/2)) / 2 in the same form."""
    above, below = tanh_fraction(0.5 * x)
    return above + below, 2.0 * below


def _polynomial(coefficients: Sequence[float], x: Any) -> Any:
    total: Any = coefficients[0]
    for item in coefficients[1:]:
        total = total * x + item
    return total
