"""Reading the signature table: names, aliases, reasons, kinds, registration."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from zoo.spec import signatures
from zoo.spec.signatures import Argument, Signature, lookup, names, refused, register, resolve_alias


def test_reading_the_table_needs_no_keras() -> None:
    code = (
        "import sys; from zoo.spec import signatures; assert signatures.lookup('layers', 'LSTM');"
        "print([m for m in ('keras', 'tensorflow', 'pandas', 'numpy') if m in sys.modules])"
    )
    root = Path(signatures.__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("family", "text", "name"),
    [
        ("losses", "mse", "MeanSquaredError"),
        ("losses", "kld", "KLDivergence"),
        ("losses", "sparse_categorical_crossentropy", "SparseCategoricalCrossentropy"),
        ("metrics", "accuracy", "accuracy"),
        ("metrics", "acc", "accuracy"),
        ("metrics", "Accuracy", "Accuracy"),
        ("metrics", "mae", "MeanAbsoluteError"),
        ("optimizers", "adam", "Adam"),
        ("optimizers", "rmsprop", "RMSprop"),
        ("optimizers", "RMSPROP", "RMSprop"),
        ("initializers", "he_normal", "HeNormal"),
        ("initializers", "glorot_uniform", "GlorotUniform"),
        ("initializers", "Identity", "Identity"),
        ("regularizers", "l2", "L2"),
        ("regularizers", "l1_l2", "L1L2"),
        ("constraints", "non_neg", "NonNeg"),
        ("activations", "relu", "relu"),
        ("activations", "swish", "silu"),
        ("layers", "MaxPool2D", "MaxPooling2D"),
        ("layers", "GroupedQueryAttention", "GroupQueryAttention"),
        ("ops", "swish", "silu"),
        ("losses", "mean_squared", None),
        ("layers", "dense", None),
        ("no_family", "Dense", None),
    ],
)
def test_aliases(family: str, text: str, name: str | None) -> None:
    assert resolve_alias(family, text) == name
    assert (lookup(family, text) is None) == (name is None)


def test_the_family_decides_what_a_name_means() -> None:
    assert "gain" in lookup("initializers", "Identity").arguments  # type: ignore[union-attr]
    assert "gain" not in lookup("layers", "Identity").arguments  # type: ignore[union-attr]
    assert "reduction" in lookup("losses", "Hinge").arguments  # type: ignore[union-attr]
    assert "reduction" not in lookup("metrics", "Hinge").arguments  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("family", "name"),
    [
        ("layers", "Lambda"),
        ("layers", "TFSMLayer"),
        ("layers", "InputLayer"),
        ("ops", "map"),
        ("ops", "while_loop"),
        ("ops", "get_item"),
        ("callbacks", "RemoteMonitor"),
        ("callbacks", "LambdaCallback"),
        ("metrics", "MeanMetricWrapper"),
        ("losses", "crossentropy"),
        ("call", "training"),
    ],
)
def test_what_the_closed_world_leaves_out_has_a_reason(family: str, name: str) -> None:
    assert refused(family, name)
    assert lookup(family, name) is None


@pytest.mark.parametrize(
    ("family", "name", "positional"),
    [
        ("layers", "Dense", "units"),
        ("layers", "Dropout", "rate"),
        ("layers", "Embedding", "input_dim"),
        ("layers", "Reshape", "target_shape"),
        ("layers", "LeakyReLU", "negative_slope"),
        ("layers", "TimeDistributed", "layer"),
        ("layers", "Add", None),
        ("optimizers", "Adam", "learning_rate"),
        ("regularizers", "L2", "l2"),
        ("ops", "subtract", "x2"),
        ("ops", "sum", "axis"),
        ("ops", "einsum", "subscripts"),
        ("ops", "stack", "axis"),
        ("ops", "exp", None),
    ],
)
def test_the_one_positional_argument(family: str, name: str, positional: str | None) -> None:
    assert lookup(family, name).positional == positional  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("family", "name", "tensors", "takes_list", "flags"),
    [
        ("layers", "Dense", ("inputs",), False, ()),
        ("layers", "LSTM", ("sequences", "initial_state", "mask"), False, ()),
        ("layers", "Concatenate", ("inputs",), True, ()),
        ("layers", "Attention", ("inputs", "mask"), True, ("return_attention_scores", "use_causal_mask")),
        ("layers", "CategoryEncoding", ("inputs", "count_weights"), False, ()),
        ("ops", "subtract", ("x1", "x2"), False, ()),
        ("ops", "concatenate", ("xs",), True, ()),
        ("ops", "clip", ("x",), False, ()),
        ("ops", "rearrange", ("tensor",), False, ()),
        ("ops", "layer_normalization", ("x", "gamma", "beta"), False, ()),
        ("ops", "dot_product_attention", ("query", "key", "value", "bias", "mask", "scale"), False, ()),
    ],
)
def test_tensors(family: str, name: str, tensors: Any, takes_list: bool, flags: Any) -> None:
    found = lookup(family, name)
    assert found is not None
    assert (found.tensors, found.takes_list, found.flags) == (tensors, takes_list, flags)
    assert not found.variadic
    assert lookup("ops", "einsum").variadic and lookup("ops", "einsum").tensors == ("operands",)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("family", "name", "argument", "value", "expected"),
    [
        ("layers", "LSTM", "units", "64", "a whole number"),
        ("layers", "LSTM", "units", True, "a whole number"),
        ("layers", "LSTM", "units", 6.5, "a whole number"),
        ("layers", "LSTM", "units", None, "a whole number"),
        ("layers", "LSTM", "units", 64.0, None),
        ("layers", "LSTM", "return_state", 1, "true or false"),
        ("layers", "LSTM", "use_cudnn", "no", "true or false or `auto`"),
        ("layers", "LSTM", "use_cudnn", "auto", None),
        ("layers", "Conv1D", "padding", "Same", "one of its choices"),
        ("layers", "Conv2D", "kernel_size", [3, 1], None),
        ("layers", "Conv2D", "kernel_size", [3, None], "a whole number or a list of them"),
        ("layers", "Dropout", "noise_shape", [None, 1, 4], None),
        ("layers", "Reshape", "target_shape", 4, "a list of sizes"),
        ("layers", "Dense", "activation", "rellu", "an activation or null"),
        ("layers", "Dense", "activation", None, None),
        ("layers", "Dense", "kernel_initializer", "he_normal", None),
        ("layers", "Dense", "kernel_regularizer", 0.1, "a regularizer or null"),
        ("optimizers", "Adam", "learning_rate", 1, None),
        ("optimizers", "Adam", "learning_rate", "fast", "a number or a learning-rate schedule"),
        ("layers", "StringLookup", "vocabulary", "words.txt", "a list or null"),
    ],
)
def test_problems_with_values(
    family: str, name: str, argument: str, value: Any, expected: str | None
) -> None:
    found = lookup(family, name).arguments[argument].problem(value)  # type: ignore[union-attr]
    assert (found[0] if found else None) == expected


def test_a_resolved_class_must_be_of_the_right_family() -> None:
    regularizer = lookup("layers", "Dense").arguments["kernel_regularizer"]  # type: ignore[union-attr]
    assert regularizer.problem(lookup("regularizers", "L2")) is None
    assert regularizer.problem(lookup("initializers", "Ones")) == ("a regularizer or null", ())
    assert regularizer.problem(object()) is None


def test_register_adds_a_name_once() -> None:
    own = Signature("OnlyInThisTest", "layers", {"width": Argument("width", "int")}, "width", ("inputs",))
    register("layers", own)
    try:
        assert lookup("layers", "OnlyInThisTest") is own and "OnlyInThisTest" in names("layers")
        for taken in (
            own,
            Signature("Dense", "layers"),
            Signature("MaxPool1D", "layers"),
            Signature("Lambda", "layers"),
        ):
            with pytest.raises(ValueError, match="already a name of layers"):
                register("layers", taken)
        with pytest.raises(ValueError, match="unknown family `shapes`"):
            register("shapes", own)
    finally:
        del signatures._registered["layers", "OnlyInThisTest"]


def test_nearest() -> None:
    assert signatures.nearest("lstm", names("layers")) == "LSTM"
    assert signatures.nearest("return_sequence", lookup("layers", "LSTM").arguments) == "return_sequences"  # type: ignore[union-attr]
    assert signatures.nearest("zzzzzz", names("layers")) is None
