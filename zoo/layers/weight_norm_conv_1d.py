"""WeightNormConv1D: a convolution whose kernel has its length learned apart (Salimans and Kingma 2016)."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="zoo")
class WeightNormConv1D(keras.layers.Layer):
    """A convolution along time with ``w = g·v/‖v‖`` for each filter.

    Args:
        filters: channels that come out.
        kernel_size: steps the kernel covers.
        strides: steps from one output to the next.
        padding: ``valid``, ``same``, or ``causal``.
        dilation_rate: steps between taps of the kernel.
        activation: applied to the result.
        use_bias: add a bias to each filter.
        kernel_initializer: of v; g starts at ‖v‖, so that w starts at v.

    Input shape: (batch, time, channel).
    Output shape: (batch, time after the convolution, filters).

    Source: equation 2 of "Weight Normalization"; the convolution of the TCN (Bai et al. 2018, arXiv
    1803.01271).
    """

    per_sample = True

    def __init__(
        self,
        filters: int,
        kernel_size: int,
        strides: int = 1,
        padding: str = "valid",
        dilation_rate: int = 1,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if min(filters, kernel_size, strides, dilation_rate) < 1:
            raise ValueError(
                "WeightNormConv1D needs filters, kernel_size, strides and dilation_rate of at least 1"
            )
        if padding not in ("valid", "same", "causal"):
            raise ValueError(f"WeightNormConv1D pads `valid`, `same` or `causal`; received {padding!r}")
        if strides > 1 and dilation_rate > 1:
            raise ValueError("WeightNormConv1D can have strides or a dilation, not both")
        self.filters = filters
        self.kernel_size = kernel_size
        self.strides = strides
        self.padding = padding
        self.dilation_rate = dilation_rate
        self.activation = keras.activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = keras.initializers.get(kernel_initializer)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        shape = (self.kernel_size, input_shape[-1], self.filters)
        self.direction = self.add_weight(shape=shape, initializer=self.kernel_initializer, name="direction")
        self.length = self.add_weight(
            shape=(self.filters,),
            initializer=lambda shape, dtype=None: ops.cast(_length(self.direction), dtype or "float32"),
            name="length",
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(shape=(self.filters,), initializer="zeros", name="bias")

    def call(self, inputs: Any) -> Any:
        kernel = self.length * self.direction / ops.maximum(_length(self.direction), 1e-6)
        padding = self.padding
        if padding == "causal":
            before = self.dilation_rate * (self.kernel_size - 1)
            inputs = ops.pad(inputs, [[0, 0], [before, 0], [0, 0]])
            padding = "valid"
        y = ops.conv(
            inputs,
            kernel,
            strides=self.strides,
            padding=padding,
            data_format="channels_last",
            dilation_rate=self.dilation_rate,
        )
        return self.activation(y if self.bias is None else y + self.bias)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        batch, time, _ = input_shape
        if time is not None:
            reach = self.dilation_rate * (self.kernel_size - 1)
            free = time - reach if self.padding == "valid" else time
            time = (free - 1) // self.strides + 1
            if time < 1:
                raise ValueError(
                    f"WeightNormConv1D spans {reach + 1} steps and receives {tuple(input_shape)}"
                )
        return batch, time, self.filters

    def get_config(self) -> dict[str, Any]:
        names = ("filters", "kernel_size", "strides", "padding", "dilation_rate", "use_bias")
        return {
            **super().get_config(),
            **{name: getattr(self, name) for name in names},
            "activation": keras.activations.serialize(self.activation),
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
        }


def _length(kernel: Any) -> Any:
    return ops.sqrt(ops.sum(ops.square(ops.convert_to_tensor(kernel)), axis=(0, 1)))
