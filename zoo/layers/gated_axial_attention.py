"""GatedAxialAttention: self-attention along one axis, its positions gated (Valanarasu et al. 2021)."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import ops


@keras.saving.register_keras_serializable(package="zoo")
class GatedAxialAttention(keras.layers.Layer):
    """Every row (or column) attends along itself, with learned relative positions behind learned gates.

    ``q, k, v = BN(BN(xW))``; ``S_ij = BN[q_i·k_j, f_q·q_i·r^q_{i−j}, f_k·k_j·r^k_{j−i}]`` summed over the
    three; ``A = softmax over j of S``; ``y_i = BN[f_v·Σ_j A_ij v_j, f_e·Σ_j A_ij r^v_{i−j}]`` summed over the
    two. The gates f_q, f_k, f_e start at 0.1 and f_v at 0.5.

    Args:
        num_heads: heads, each with filters / num_heads values and half as many keys.
        filters: channels that come out, a multiple of twice the heads.
        axis: the axis attended along: 1 for time (height), 2 for features (width).

    Input shape: (batch, time, feature, channel), the axis known.
    Output shape: (batch, time, feature, filters).

    Source: the gated attention of "Medical Transformer" (MICCAI 2021), as Axial-LOB takes it (Kisiel and
    Gorse 2022, arXiv 2212.01807): queries, keys and values pass through two batch normalisations in a row, as
    coded.
    """

    def __init__(self, num_heads: int, filters: int, axis: int = 1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if num_heads < 1 or filters < 1 or filters % (2 * num_heads):
            raise ValueError(
                f"GatedAxialAttention needs filters in a multiple of {2 * num_heads}, twice its heads; "
                f"received {filters}"
            )
        if axis not in (1, 2):
            raise ValueError(f"GatedAxialAttention has axis 1 (time) or 2 (feature); received {axis}")
        self.num_heads = num_heads
        self.filters = filters
        self.axis = axis
        self.values = filters // num_heads

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        size, channels = input_shape[self.axis], input_shape[-1]
        if size is None or channels is None:
            known = f"axis {self.axis} and the channels"
            raise ValueError(f"GatedAxialAttention must know {known}; received {tuple(input_shape)}")
        self.size = size
        width = 2 * self.filters
        self.projection = self.add_weight(
            shape=(channels, width), initializer="glorot_uniform", name="projection"
        )
        self.first_norm = self._norm("first_norm", width)
        self.second_norm = self._norm("second_norm", width)
        self.similarity_norm = self._norm("similarity_norm", 3 * self.num_heads, rank=5)
        self.output_norm = self._norm("output_norm", width)
        self.relative = self.add_weight(
            shape=(2 * size - 1, 2 * self.values),
            initializer=keras.initializers.RandomNormal(stddev=self.values**-0.5),
            name="relative",
        )
        starts = {"query_gate": 0.1, "key_gate": 0.1, "position_gate": 0.1, "value_gate": 0.5}
        for name, start in starts.items():
            gate = self.add_weight(shape=(), initializer=keras.initializers.Constant(start), name=name)
            setattr(self, name, gate)

    def _norm(self, name: str, channels: int, rank: int = 4) -> Any:
        layer = keras.layers.BatchNormalization(
            momentum=0.9, epsilon=1e-5, name=name, dtype=self.dtype_policy
        )
        layer.build((None,) * (rank - 1) + (channels,))
        return layer

    def attention(self, inputs: Any) -> Any:
        """(batch, row, head, i, j) how much place i of a row takes from place j; over j they sum to 1.

        A row is a feature where the layer attends along time, and a step where it attends along features.
        """
        return self._attention(inputs, training=False)[0]

    def call(self, inputs: Any, training: bool | None = None) -> Any:
        y = self._mixed(*self._attention(inputs, training), training)
        return ops.transpose(y, (0, 2, 1, 3)) if self.axis == 1 else y

    def _attention(self, inputs: Any, training: bool | None) -> tuple[Any, Any]:
        """The weights, and the values that they weigh."""
        x = ops.transpose(inputs, (0, 2, 1, 3)) if self.axis == 1 else inputs
        x = self.second_norm(
            self.first_norm(ops.matmul(x, self.projection), training=training), training=training
        )
        x = ops.reshape(x, (*self._lead(x), self.num_heads, 2 * self.values))
        half = self.values // 2
        query, key, value = x[..., :half], x[..., half : 2 * half], x[..., 2 * half :]
        return ops.softmax(self._similarity(query, key, training), axis=-1), value

    def _lead(self, x: Any) -> tuple[int, ...]:
        return -1, *(int(size) for size in x.shape[1:3])

    def _positions(self) -> tuple[Any, Any, Any]:
        """Vectors for queries, keys and values: (i, j, width), those of i − j."""
        steps = np.arange(self.size)
        index = np.subtract.outer(steps, steps) + self.size - 1
        table, half = ops.take(self.relative, index, axis=0), self.values // 2
        return table[..., :half], table[..., half : 2 * half], table[..., 2 * half :]

    def _similarity(self, query: Any, key: Any, training: bool | None) -> Any:
        for_query, for_key, _ = self._positions()
        content = ops.einsum("bwihc,bwjhc->bwijh", query, key)
        of_query = self.query_gate * ops.einsum("bwihc,ijc->bwijh", query, for_query)
        of_key = self.key_gate * ops.einsum("bwjhc,jic->bwijh", key, for_key)
        stacked = ops.concatenate([content, of_query, of_key], axis=-1)
        stacked = self.similarity_norm(stacked, training=training)
        content, of_query, of_key = ops.split(stacked, 3, axis=-1)
        return ops.transpose(content + of_query + of_key, (0, 1, 4, 2, 3))

    def _mixed(self, attention: Any, value: Any, training: bool | None) -> Any:
        _, _, for_value = self._positions()
        content = self.value_gate * ops.einsum("bwhij,bwjhc->bwihc", attention, value)
        position = self.position_gate * ops.einsum("bwhij,ijc->bwihc", attention, for_value)
        parts = [ops.reshape(part, (*self._lead(part), self.filters)) for part in (content, position)]
        stacked = self.output_norm(ops.concatenate(parts, axis=-1), training=training)
        return stacked[..., : self.filters] + stacked[..., self.filters :]

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return (*input_shape[:-1], self.filters)

    def get_config(self) -> dict[str, Any]:
        own = {"num_heads": self.num_heads, "filters": self.filters, "axis": self.axis}
        return {**super().get_config(), **own}
