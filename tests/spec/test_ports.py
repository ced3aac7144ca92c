"""Ports: as many names as a layer has outputs, in Keras's order."""

from __future__ import annotations

from typing import Any

import keras
import pytest

from zoo.spec.signatures import ports

SEQUENCE = keras.Input((4, 3))
PICTURES = keras.Input((2, 4, 4, 1))
PORTS: list[tuple[str, dict[str, Any], dict[str, Any], int]] = [
    *(
        (head, {"units": 2, "return_state": state}, {}, 1)
        for head in ("LSTM", "GRU", "SimpleRNN")
        for state in (0, 1)
    ),
    ("ConvLSTM2D", {"filters": 2, "kernel_size": 3, "return_state": True}, {}, 1),
    ("MultiHeadAttention", {"num_heads": 2, "key_dim": 2}, {"return_attention_scores": True}, 2),
    ("Attention", {}, {"return_attention_scores": True}, 0),
]


@pytest.mark.parametrize(("head", "args", "flags", "copies"), PORTS)
def test_ports_are_as_many_as_outputs(head: str, args: Any, flags: Any, copies: int) -> None:
    args = {name: bool(value) if name == "return_state" else value for name, value in args.items()}
    flow = [PICTURES if head.startswith("Conv") else SEQUENCE] * copies or [[SEQUENCE, SEQUENCE]]
    made = getattr(keras.layers, head)(**args)(*flow, **flags)
    found = ports(head, {**args, **flags})
    assert found is not None
    assert len(found) == (len(made) if isinstance(made, (list, tuple)) else 1)


@pytest.mark.parametrize("inner", ["LSTM", "GRU", "SimpleRNN"])
@pytest.mark.parametrize("return_state", [False, True])
@pytest.mark.parametrize("merge_mode", ["concat", None])
def test_ports_of_bidirectional(inner: str, return_state: bool, merge_mode: str | None) -> None:
    inside = {"units": 2, "return_state": return_state}
    made = keras.layers.Bidirectional(getattr(keras.layers, inner)(**inside), merge_mode=merge_mode)(SEQUENCE)
    found = ports("Bidirectional", {"merge_mode": merge_mode}, (inner, inside))
    assert found is not None
    assert len(found) == (len(made) if isinstance(made, (list, tuple)) else 1)
    if return_state and merge_mode:
        states = ("h", "c") if inner == "LSTM" else ("h",)
        assert found == ("out", *(f"{side}_{state}" for side in ("fw", "bw") for state in states))


def test_ports_by_number_have_no_names() -> None:
    assert ports("Dense", {"units": 3}) is None
    assert ports("MultiHeadAttention", {"num_heads": 2, "key_dim": 2}) is None
    assert ports("RNN", {"return_state": True}, ("LSTMCell", {"units": 2})) == ("out", "h", "c")
    assert ports("RNN", {"return_state": True}, ("StackedRNNCells", {})) is None
