"""Hand-written Keras models that the importer must bring back, each with what it is there for as its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
from keras import layers, ops

MODELS: dict[str, Callable[[], keras.Model]] = {}


def _model(make: Callable[[], keras.Model]) -> Callable[[], keras.Model]:
    MODELS[make.__name__] = make
    return make


@_model
def submodels_called_twice() -> keras.Model:
    x = keras.Input((4,))
    two = keras.Model(x, [layers.Dense(2)(x), layers.Dense(1)(x)], name="two")
    encoder = keras.Sequential(
        [keras.Input((4,)), layers.Dense(3, activation="relu"), layers.Dense(2)], name="Enc"
    )
    a, b = keras.Input((4,)), keras.Input((4,))
    first, rest = two(a)
    second, other = two(b)
    return keras.Model([a, b], [layers.Add()([encoder(a), encoder(b), first, second]), rest, other])


@_model
def submodel_inside_a_submodel() -> keras.Model:
    x = keras.Input((4,))
    inner = keras.Model(x, layers.Dense(3, name="deep")(x), name="inner")
    y = keras.Input((4,))
    outer = keras.Model(y, layers.Dense(2, name="deep")(inner(y)), name="outer")
    z = keras.Input((4,))
    return keras.Model(z, layers.Concatenate()([outer(z), inner(z)]))


@_model
def a_layer_of_two_submodels_and_the_model() -> keras.Model:
    deep = layers.Dense(4, name="deep")
    a, b, c = keras.Input((4,)), keras.Input((4,)), keras.Input((4,))
    first = keras.Model(a, layers.Dense(4, name="other")(deep(a)), name="first")
    second = keras.Model(b, deep(b), name="second")
    return keras.Model(c, layers.Concatenate()([first(c), second(c), deep(c)]))


@_model
def a_layer_with_several_nodes() -> keras.Model:
    a, b = keras.Input((6, 3)), keras.Input((6, 3))
    encoder = layers.LSTM(4, name="Encoder")
    joined = layers.Concatenate()([encoder(a), encoder(b)])
    return keras.Model([a, b], layers.Dense(1, activation="sigmoid")(joined))


@_model
def a_shared_layer_that_is_two_outputs() -> keras.Model:
    a, b = keras.Input((4,)), keras.Input((4,))
    head = layers.Dense(2, name="head")
    return keras.Model([a, b], [head(a), head(b)])


@_model
def a_layer_shared_with_a_submodel() -> keras.Model:
    shared = layers.Dense(4, name="shared")
    x = keras.Input((4,))
    encoder = keras.Model(x, shared(x), name="encoder")
    y = keras.Input((4,))
    return keras.Model(y, [shared(y), encoder(y)])


@_model
def shared_layers_of_one_name_in_two_submodels() -> keras.Model:
    def twice(name: str, units: int) -> keras.Model:
        x, y = keras.Input((4,)), keras.Input((4,))
        same = layers.Dense(units, name="same")
        return keras.Model([x, y], layers.Add()([same(x), same(y)]), name=name)

    a, b = keras.Input((4,)), keras.Input((4,))
    return keras.Model([a, b], [twice("left", 2)([a, b]), twice("right", 3)([a, b])])


@_model
def ops_on_tensors() -> keras.Model:
    x, y = keras.Input((6, 4)), keras.Input((4,))
    scores = ops.einsum("btf,bf->bt", x, y)
    flat = ops.concatenate([scores, ops.reshape(x, (-1, 24))], axis=1)
    stacked = ops.stack([flat, flat * 2.0, 1 - flat], axis=1)
    positive = ops.cast(ops.greater(y[:, :1], 0), "float32")
    mixed = stacked[:, -1, ::2] + ops.multiply(stacked[..., 0:15], 2.0)[:, 0] * positive
    a, b, c = ops.split(mixed, 3, axis=-1)
    best = ops.top_k(a, 2)[0]
    chosen = ops.where(y > 0, y, -y) @ ops.ones((4, 3))
    return keras.Model(
        [x, y], [layers.Dense(2)(a * a), b, ops.maximum(c, 0.1), best, x[:, None, :, 0], chosen]
    )


@_model
def an_op_named_like_a_layer() -> keras.Model:
    x = keras.Input((4,))
    y = layers.Dense(4, name="add_2")(x)
    z = layers.Dense(4, name="multiply_1")(ops.add(y, x))
    return keras.Model(x, ops.multiply(z, ops.add(z, 1.0)))


@_model
def tensor_call_arguments() -> keras.Model:
    past, known = keras.Input((8, 3), name="past"), keras.Input((5, 2), name="known")
    _, h, c = layers.LSTM(4, return_state=True, name="encoder")(past)
    decoded = layers.LSTM(4, return_sequences=True)(known, initial_state=[h, c])
    return keras.Model([past, known], layers.Dense(1)(decoded))


@_model
def implicit_masks() -> keras.Model:
    ids = keras.Input((10,), dtype="int32", name="ids")
    x = layers.Embedding(50, 8, mask_zero=True)(ids)
    x = layers.LSTM(4, return_sequences=True)(layers.Dropout(0.1)(x))
    return keras.Model(ids, layers.Dense(2)(layers.Bidirectional(layers.GRU(3))(x)))


@_model
def a_mask_given_by_hand() -> keras.Model:
    ids = keras.Input((10,), dtype="int32", name="ids")
    x = layers.Embedding(50, 8)(ids)
    return keras.Model(ids, layers.LSTM(4)(x, mask=ops.not_equal(ids, 0)))


@_model
def masked_attention_with_scores() -> keras.Model:
    ids = keras.Input((10,), dtype="int32", name="ids")
    x = layers.Embedding(50, 8, mask_zero=True)(ids)
    y = layers.MultiHeadAttention(2, 4)(x, x, use_causal_mask=True)
    x = layers.LayerNormalization()(x + y)
    cross = layers.MultiHeadAttention(2, 4, name="cross")
    z, scores = cross(x, value=y, key=x, return_attention_scores=True)
    return keras.Model(ids, [layers.GlobalAveragePooling1D()(z), scores])


@_model
def dict_inputs_and_outputs() -> keras.Model:
    a, b = keras.Input((4,), name="zeta"), keras.Input((4,), name="alpha")
    shared = layers.Dense(3, name="hidden")(a)
    two = layers.Dense(2, name="two")(layers.Add()([shared, layers.Dense(3)(b)]))
    return keras.Model({"zeta": a, "alpha": b}, {"two": two, "one": shared})


@_model
def bidirectional_with_states() -> keras.Model:
    x = keras.Input((7, 3))
    out, *states = layers.Bidirectional(
        layers.LSTM(4, return_state=True, return_sequences=True), name="both"
    )(x)
    return keras.Model(x, layers.Bidirectional(layers.LSTM(4), merge_mode="sum")(out, initial_state=states))


@_model
def a_transformer_block() -> keras.Model:
    x = keras.Input((7, 8))
    y = layers.Add()([x, layers.MultiHeadAttention(2, 4)(x, x, use_causal_mask=True)])
    z = layers.Dense(8)(layers.Dense(16, activation="gelu")(layers.LayerNormalization()(y)))
    return keras.Model(x, layers.Add()([y, z]))


@_model
def nested_sequential() -> keras.Model:
    head = keras.Sequential([layers.Flatten(), layers.Dense(3)])
    last = layers.Dense(2, kernel_regularizer="l2")
    return keras.Sequential(
        [keras.Input((8, 8, 1)), layers.Conv2D(4, 3), layers.MaxPooling2D(), head, layers.Dropout(0.2), last]
    )


@_model
def a_list_of_one_output() -> keras.Model:
    x = keras.Input((3,))
    return keras.Model([x], [layers.Dense(2)(x)])


@_model
def a_fixed_batch() -> keras.Model:
    x = keras.Input(batch_shape=(4, 5, 2))
    return keras.Model(x, layers.LSTM(3, stateful=True)(x))


@_model
def mixed_precision() -> keras.Model:
    x = keras.Input((4,))
    y = layers.Dense(8, dtype="mixed_bfloat16", activity_regularizer=keras.regularizers.L2(1e-3))(x)
    y = layers.Dense(8, dtype="mixed_bfloat16")(y)
    return keras.Model(x, layers.Dense(1, dtype="float32")(y))


@_model
def one_layer_of_another_precision() -> keras.Model:
    x = keras.Input((4,))
    return keras.Model(x, layers.Dense(1)(layers.Dense(8, dtype="mixed_float16")(x)))


@_model
def names_that_a_key_cannot_have() -> keras.Model:
    x = keras.Input((4,), name="In_A")
    y = layers.Dense(3, name="Conv1")(x)
    z = layers.Dense(3, name="branch")(layers.Dense(3, name="conv1")(y))
    z = layers.Dense(2, name="each")(z)
    return keras.Model(x, [layers.Dense(2, name="Out Put")(z), layers.Dense(1, name="3d")(y)])


@_model
def time_distributed() -> keras.Model:
    x = keras.Input((5, 6, 2))
    head = keras.Sequential([layers.Dense(4), layers.Dense(2)], name="head")
    y = layers.TimeDistributed(head)(layers.TimeDistributed(layers.LSTM(3))(x))
    return keras.Model(x, layers.LSTM(3)(y))


@_model
def an_input_that_is_an_output() -> keras.Model:
    x = keras.Input((5,))
    return keras.Model(x, [x, layers.Dense(1, name="y")(x)])


@_model
def recurrent_cells() -> keras.Model:
    x = keras.Input((5, 4))
    y = layers.RNN([layers.LSTMCell(3), layers.GRUCell(2)], return_sequences=True)(x)
    z = layers.RNN(layers.LSTMCell(3))(y)
    return keras.Model(x, layers.Dense(1, activation=keras.activations.leaky_relu)(z))


@_model
def frozen_parts() -> keras.Model:
    base = keras.Sequential([keras.Input((4,)), layers.Dense(3), layers.BatchNormalization()], name="base")
    base.trainable = False
    x = keras.Input((4,))
    y = layers.Dense(3)(base(x, training=False))
    return keras.Model(x, layers.Dense(2, name="last", trainable=False)(y))


@_model
def layers_that_reach_no_output() -> keras.Model:
    x = keras.Input((4,))
    layers.Dense(7, name="lost")(layers.Dense(5)(x))
    return keras.Model(x, layers.Dense(2)(x))


@_model
def a_long_skip_and_blocks_in_blocks() -> keras.Model:
    x = keras.Input((16, 16, 3))
    first = layers.Conv2D(4, 3, padding="same", activation="relu")(x)
    down = layers.Conv2D(8, 3, strides=2, padding="same")(first)
    gate = layers.Dense(8, activation="sigmoid")(layers.GlobalAveragePooling2D(keepdims=True)(down))
    down = layers.Add()([down, layers.Conv2D(8, 3, padding="same")(layers.Multiply()([down, gate]))])
    up = layers.UpSampling2D()(down)
    return keras.Model(x, layers.Conv2D(1, 1)(layers.Concatenate()([up, first])))


@_model
def compiled_with_lists_and_maps() -> keras.Model:
    x = keras.Input((4,))
    outputs = [layers.Dense(1, name="zed")(x), layers.Dense(3, activation="softmax", name="kind")(x)]
    model = keras.Model(x, outputs)
    rate = keras.optimizers.schedules.ExponentialDecay(3e-4, 100, 0.9)
    losses: list[Any] = ["mse", keras.losses.SparseCategoricalCrossentropy()]
    measures = {"kind": ["accuracy"], "zed": [keras.metrics.MeanAbsoluteError()]}
    model.compile(
        keras.optimizers.Adam(rate), losses, loss_weights={"zed": 0.2, "kind": 1.0}, metrics=measures
    )
    return model
