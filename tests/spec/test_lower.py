"""Every verb of the grammar, as the calls it becomes."""

from __future__ import annotations

import pytest

from tests.spec.lowering import document, lines, lowered
from zoo.spec import check_text, loads

CELL = "blocks: {cell: {params: {width: 4}, do: [Dense: =width, Dense: {units: =width, activation: relu}]}}"
TWO = "{x: {shape: [9, 4]}, z: {shape: [9, 4]}}"
MODEL = (
    "models: {m: {inputs: {a: {shape: [9, 4]}}, graph: {h: [a, Dense: 4], g: [a, GRU: 2]}, outputs: [h, g]}}"
)

TABLE = [
    ("pipe", "y: [x, LSTM: 3, Dense: 2]", {}, ["y__lstm_1 = LSTM(x)", "y = Dense(y__lstm_1)", "-> y: y"]),
    (
        "as",
        "y: [x, LSTM: 3, as: code, Dense: 2]\nz: [code, Dense: 1]",
        {"outputs": "[y, z]"},
        ["code = LSTM(x)", "y = Dense(code)", "z = Dense(code)", "-> y: y, z: z"],
    ),
    (
        "as, used further up",
        "z: [code, Dense: 1]\ny: [x, LSTM: 3, as: code, Dense: 2]",
        {"outputs": "[y, z]"},
        ["code = LSTM(x)", "y = Dense(code)", "z = Dense(code)", "-> y: y, z: z"],
    ),
    ("at", "y: [x, at: {1: [-3, null]}, LSTM: 2]", {}, ["y__at_1 = at(x)", "y = LSTM(y__at_1)", "-> y: y"]),
    (
        "branch",
        "y: [x, branch: [[LSTM: 3], [GRU: 3], [LSTM: 2, Dense: 3]], Add]",
        {},
        [
            "y__lstm_1 = LSTM(x)",
            "y__gru_1 = GRU(x)",
            "y__lstm_2 = LSTM(x)",
            "y__dense_1 = Dense(y__lstm_2)",
            "y = Add(y__lstm_1, y__gru_1, y__dense_1)",
            "-> y: y",
        ],
    ),
    (
        "identity arm",
        "y: [x, branch: [[Dense: 4], []], Add, Flatten]",
        {},
        ["y__dense_1 = Dense(x)", "y__add_1 = Add(y__dense_1, x)", "y = Flatten(y__add_1)", "-> y: y"],
    ),
    (
        "residual",
        "y: [x, residual: [Dense: 4], Flatten]",
        {},
        ["y__dense_1 = Dense(x)", "y__add_1 = Add(x, y__dense_1)", "y = Flatten(y__add_1)", "-> y: y"],
    ),
    (
        "residual with shortcut and merge",
        "y: [x, residual: {do: [Dense: 8], shortcut: [Dense: 8], merge: Multiply}, Flatten]",
        {},
        [
            "y__dense_1 = Dense(x)",
            "y__dense_2 = Dense(x)",
            "y__multiply_1 = Multiply(y__dense_2, y__dense_1)",
            "y = Flatten(y__multiply_1)",
            "-> y: y",
        ],
    ),
    (
        "when holds",
        "y: [x, when: {test: =deep, do: [Dense: 4], else: [Dense: 5]}, Flatten]",
        {"before": "params: {deep: true}"},
        ["y__dense_1 = Dense(x)", "y = Flatten(y__dense_1)", "-> y: y"],
    ),
    (
        "when does not",
        "y: [x, when: {test: =deep, do: [Dense: 4]}, Flatten]",
        {"before": "params: {deep: false}"},
        ["y = Flatten(x)", "-> y: y"],
    ),
    (
        "repeat times",
        "y: [x, repeat: {for: i, times: 2, do: [Dense: =i+1]}, Flatten]",
        {},
        [
            "y__0__dense_1 = Dense(x)",
            "y__1__dense_1 = Dense(y__0__dense_1)",
            "y = Flatten(y__1__dense_1)",
            "-> y: y",
        ],
    ),
    (
        "repeat never",
        "y: [x, repeat: {times: 0, do: [Dense: 4]}, Flatten]",
        {},
        ["y = Flatten(x)", "-> y: y"],
    ),
    (
        "repeat in rows",
        "y: [x, repeat: {for: [n, act], in: [[3, relu], [5, tanh]], do: [Dense: {units: =n, activation: =act}]}, Flatten]",  # noqa: E501
        {},
        [
            "y__0__dense_1 = Dense(x)",
            "y__1__dense_1 = Dense(y__0__dense_1)",
            "y = Flatten(y__1__dense_1)",
            "-> y: y",
        ],
    ),
    (
        "carry",
        "y: [[x, x], repeat: {times: 2, carry: {a: b, b: [b, Dense: 4]}, do: {c: [[a, b], Add]}, collect: c}, Add, Flatten]",  # noqa: E501
        {},
        None,
    ),
    (
        "each in a branch",
        "y: [x, branch: [{each: {for: k, in: [1, 3], do: [Conv1D: {filters: 2, kernel_size: =k, padding: causal}]}}, []], Concatenate, Flatten]",  # noqa: E501
        {},
        [
            "y__conv1d_1 = Conv1D(x)",
            "y__conv1d_2 = Conv1D(x)",
            "y__concatenate_1 = Concatenate(y__conv1d_1, y__conv1d_2, x)",
            "y = Flatten(y__concatenate_1)",
            "-> y: y",
        ],
    ),
    (
        "each in graph, source and outputs",
        "each: {for: h, in: [1, 5], do: {\"='head_' + str(h)\": [x, LSTM: =h]}}\ny: [[{each: {for: h, in: [1, 5], do: \"='head_' + str(h)\"}}], Concatenate]",  # noqa: E501
        {"outputs": "[y, {each: {for: h, in: [5, 1], do: {\"='head_' + str(h)\": {}}}}]"},
        [
            "head_1 = LSTM(x)",
            "head_5 = LSTM(x)",
            "y = Concatenate(head_1, head_5)",
            "-> y: y, head_5: head_5, head_1: head_1",
        ],
    ),
    (
        "block of steps",
        "y: [x, cell: {width: 3}, cell, cell: 7, Flatten]",
        {"before": CELL},
        [
            "y__dense_1 = Dense(x)",
            "y__dense_2 = Dense(y__dense_1)",
            "y__dense_3 = Dense(y__dense_2)",
            "y__dense_4 = Dense(y__dense_3)",
            "y__dense_5 = Dense(y__dense_4)",
            "y__dense_6 = Dense(y__dense_5)",
            "y = Flatten(y__dense_6)",
            "-> y: y",
        ],
    ),
    (
        "block of several tensors",
        "a: [[x, z], gate]\ny: [a.big, Dense: 1]\nw: [a.small, Dense: 1]",
        {
            "inputs": TWO,
            "outputs": "[y, w]",
            "before": "blocks: {gate: {inputs: [p, q], do: {big: [[p, q], Add, LSTM: 2], small: [p, LSTM: 1]}, outputs: [big, small]}}",  # noqa: E501
        },
        None,
    ),
    (
        "shared layer",
        "a: [x, enc]\nb: [z, enc]\ny: [[a, b], Concatenate]",
        {"inputs": TWO, "before": "layers: {enc: {LSTM: 3}}"},
        ["enc = LSTM(x)", "enc:2 = LSTM(z)", "y = Concatenate(enc, enc:2)", "-> y: y"],
    ),
    (
        "shared fragment",
        "a: [x, enc]\nb: [z, enc]\ny: [[a, b], Concatenate]",
        {"inputs": TWO, "before": "layers: {enc: [LSTM: 3, Dense: 2]}"},
        [
            "enc__lstm_1 = LSTM(x)",
            "enc__dense_1 = Dense(enc__lstm_1)",
            "enc__lstm_1:2 = LSTM(z)",
            "enc__dense_1:2 = Dense(enc__lstm_1:2)",
            "y = Concatenate(enc__dense_1, enc__dense_1:2)",
            "-> y: y",
        ],
    ),
    (
        "submodel twice",
        "a: [x, m]\nb: [z, m]\ny: [[a.g, b.g], Concatenate]\nw: [[a.h, b.h], Add, Flatten]",
        {"inputs": TWO, "before": MODEL, "outputs": "[y, w]"},
        [
            "m = m(x)",
            "m:2 = m(z)",
            "y = Concatenate(m.1, m:2.1)",
            "w__add_1 = Add(m.0, m:2.0)",
            "w = Flatten(w__add_1)",
            "-> y: y, w: w",
        ],
    ),
    (
        "states",
        "enc: [x, LSTM: {units: 3, return_state: true}]\ny: [z, LSTM: {units: 3, call: {initial_state: [enc.h, enc.c]}}]",  # noqa: E501
        {"inputs": TWO},
        ["enc = LSTM(x)", "y = LSTM(z, initial_state=[enc.1, enc.2])", "-> y: y"],
    ),
    (
        "self attention",
        "y: [x, MultiHeadAttention: {num_heads: 2, key_dim: 2, call: {value: _, use_causal_mask: true}}, LSTM: 1]",  # noqa: E501
        {},
        [
            "y__multi_head_attention_1 = MultiHeadAttention(x, value=x, use_causal_mask=True)",
            "y = LSTM(y__multi_head_attention_1)",
            "-> y: y",
        ],
    ),
    (
        "op with a constant",
        "y: [x, ops.subtract: {x1: 1.0}, Flatten]",
        {},
        ["y__subtract_1 = subtract(x1=1.0, x2=x)", "y = Flatten(y__subtract_1)", "-> y: y"],
    ),
    (
        "op of two tensors",
        "y: [[x, z], ops.subtract, Flatten]",
        {"inputs": TWO},
        ["y__subtract_1 = subtract(x1=x, x2=z)", "y = Flatten(y__subtract_1)", "-> y: y"],
    ),
    ("op of a named tensor", "y: [x, ops.multiply: {x2: z}, Flatten]", {"inputs": TWO}, None),
    (
        "op with a constant array",
        "y: [x, ops.add: {x2: {value: [1, 2, 3, 4], dtype: float32}}, Flatten]",
        {},
        None,
    ),
    (
        "op with several outputs",
        "a: [x, ops.split: {indices_or_sections: 2, axis: -1}]\ny: [[a.0, a.1], Add, Flatten]",
        {},
        None,
    ),
    (
        "wrapper in short",
        "y: [x, Bidirectional: {LSTM: 2}, Dense: 1]",
        {},
        ["y__bidirectional_1 = Bidirectional(x)", "y = Dense(y__bidirectional_1)", "-> y: y"],
    ),
    ("wrapper in full", "y: [x, Bidirectional: {layer: {LSTM: 2}, merge_mode: sum}, Dense: 1]", {}, None),
    (
        "wrapper of a shared layer",
        "a: [x, TimeDistributed: d]\nb: [z, d]\ny: [[a, b], Add, LSTM: 1]",
        {"inputs": TWO, "before": "layers: {d: {Dense: 4}}"},
        None,
    ),
    (
        "wrapper of a wrapper",
        "y: [x, TimeDistributed: {TimeDistributed: {Dense: 3}}, Flatten]",
        {"inputs": "{x: {shape: [9, 4, 5]}}"},
        None,
    ),
    (
        "computed head",
        "y: [x, =cell: {units: 3}]",
        {"before": "params: {cell: GRU}"},
        ["y = GRU(x)", "-> y: y"],
    ),
    ("computed key", "\"='y' + ''\": [x, LSTM: 1]", {}, ["y = LSTM(x)", "-> y: y"]),
    (
        "forward reference",
        "y: [b, Dense: 1]\nb: [a, Dense: 2]\na: [x, LSTM: 3]",
        {},
        ["a = LSTM(x)", "b = Dense(a)", "y = Dense(b)", "-> y: y"],
    ),
    (
        "own name wins",
        "y: [x, LSTM: {units: 3, name: Conv1}, Dense: {units: 2, name: Out}]",
        {},
        ["Conv1 = LSTM(x)", "Out = Dense(Conv1)", "-> y: Out"],
    ),
    (
        "a made name steps aside",
        "y: [x, LSTM: {units: 3, name: y__dense_1}, Dense: 2, Dense: 1]",
        {},
        ["y__dense_1 = LSTM(x)", "y__dense_1__2 = Dense(y__dense_1)", "y = Dense(y__dense_1__2)", "-> y: y"],
    ),
]


@pytest.mark.parametrize(
    ("graph", "given", "wanted"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_becomes(graph: str, given: dict[str, str], wanted: list[str] | None) -> None:
    found = lines(lowered(graph, **given))
    assert wanted is None or found == wanted, "\n".join(found)


def test_repeat_path_is_in_the_name() -> None:
    graph = lowered(
        "next: [x, repeat: {times: 4, do: [Dense: {units: 4}, residual: [Dense: 4]]}, Flatten]",
        outputs="[next]",
    )
    assert "next__3__dense_2" in graph.layers


def test_carry_is_assigned_together() -> None:
    text = "s: [[x, z], repeat: {times: 1, carry: {a: b, b: a}, do: {c: [a, Dense: 4]}, collect: [c]}]\ny: [s.a, LSTM: 1]\nw: [s.b, LSTM: 1]\nv: [s.c, LSTM: 1]"  # noqa: E501
    found = lines(lowered(text, inputs=TWO, outputs="[y, w, v]"))
    assert "y = LSTM(z)" in found and "w = LSTM(x)" in found, found


def test_submodels_share_weights_and_know_their_options() -> None:
    graph = lowered(
        "a: [x, m]\ny: [a.g, Dense: 1]\nw: [a.h, Flatten]",
        before=MODEL.replace("outputs: [h, g]", "outputs: [h, g], trainable: false"),
        outputs="[y, w]",
    )
    layer = graph.layers["m"]
    assert layer.shared and layer.model is not None and layer.options == {"trainable": False}
    assert list(layer.model.outputs) == ["h", "g"]


@pytest.mark.parametrize("reverse", [False, True])
def test_long_chains_need_no_deep_stack(reverse: bool) -> None:
    chain = [f"t{i + 1}: [t{i}, Activation: relu]" for i in range(2000)]
    text = "\n".join(["t0: [x, Flatten]", *chain, "y: [t2000, Dense: 1]"][:: -1 if reverse else 1])
    graph = lowered(text)
    assert len(graph.calls) == 2002 and graph.calls[0].id == "t0"


@pytest.mark.parametrize(
    ("outputs", "wanted"),
    [
        ("[a, b]", {"a": "a", "b": "b"}),
        ("[b, a]", {"b": "b", "a": "a"}),
        ("a", {"a": "a"}),
        ("{b: {loss: mse}, a: {}}", {"b": "b", "a": "a"}),
        ("{score: {from: b, loss: mse}}", {"score": "b"}),
        ("{b: null}", {"b": "b"}),
    ],
)
def test_outputs_in_all_forms_keep_their_order(outputs: str, wanted: dict[str, str]) -> None:
    spec = loads(document("a: [x, LSTM: 1]\nb: [x, GRU: 1]", outputs=outputs))
    assert {name: ref.node for name, ref in spec.graph.outputs.items()} == wanted
    assert list(spec.graph.outputs) == list(wanted) == list(spec.outputs)


def test_losses_beside_outputs_go_by_name_or_by_order() -> None:
    text = document("a: [x, LSTM: 1]\nb: [x, GRU: 1]", outputs="[b, a]")
    listed = loads(text + "loss: [mse, mae]\nloss_weights: [1.0, 0.5]\nmetrics: [[mae], []]\n")
    named = loads(
        text + "loss: {a: mae, b: mse}\nloss_weights: {a: 0.5, b: 1.0}\nmetrics: {b: [mae], a: []}\n"
    )
    assert listed.outputs == named.outputs
    loss = listed.outputs["b"].loss
    assert loss is not None and loss.value == "mse"


def test_inputs_keep_order_and_know_everything() -> None:
    graph = lowered(
        "y: [[b, a], Concatenate, LSTM: 1]",
        inputs="{b: {shape: [null, 2], dtype: float16}, a: {shape: [null, 2], batch_size: 3}}",
    )
    assert list(graph.inputs) == ["b", "a"]
    assert graph.inputs["b"].shape == (None, 2) and graph.inputs["a"].batch_size == 3


BOUNDS = [
    ("y: [x, repeat: {times: 30, do: [branch: [[], []]]}, Add, LSTM: 1]", ""),
    ("y: [x, repeat: {times: 300, do: [repeat: {times: 300, do: [Activation: relu]}]}, LSTM: 1]", ""),
    ("each: {for: i, in: =range(9999), do: {each: {for: j, in: =range(9999), do: {}}}}\ny: [x, LSTM: 1]", ""),
    (
        "y: [x, b0, LSTM: 1]",
        "blocks: {"
        + ", ".join(f"b{i}: {{do: [b{i + 1}, b{i + 1}]}}" for i in range(30))
        + ", b30: {do: []}}",
    ),
    (
        "y: [x, b0, LSTM: 1]",
        "blocks: {"
        + ", ".join(f"b{i}: {{do: [b{i + 1}]}}" for i in range(1500))
        + ", b1500: {do: [Dense: 1]}}",
    ),
    (
        "y: [x, l0, LSTM: 1]",
        "layers: {"
        + ", ".join(f"l{i}: {{TimeDistributed: l{i + 1}}}" for i in range(1500))
        + ", l1500: {Dense: 1}}",
    ),
]


@pytest.mark.parametrize(("graph", "before"), BOUNDS)
def test_bombs_are_refused(graph: str, before: str) -> None:
    report = check_text(document(graph, before=before))
    assert [item.code for item in report.diagnostics] == ["G106"], str(report)


def test_a_broken_model_is_read_once_however_often_it_is_called() -> None:
    models = "".join(
        f"  m{i}: {{inputs: {{a: {{shape: [9, 4]}}}}, graph: {{b: [a, m{i + 1}], c: [a, m{i + 1}], d: [[b, c], Add]}}, outputs: [d]}}\n"  # noqa: E501
        for i in range(40)
    )
    last = "  m40: {inputs: {a: {shape: [9, 4]}}, graph: {d: [a, Dens: 4]}, outputs: [d]}\n"
    report = check_text(document("y: [x, m0, LSTM: 1]", before=f"models:\n{models}{last}"))
    assert [item.code for item in report.diagnostics] == ["S103"]


def test_a_call_knows_the_pipe_the_loop_and_the_block_it_was_made_through():
    spec = loads(
        "spec: 1\n"
        "name: nested\n"
        "inputs: {x: {shape: [4]}}\n"
        "blocks: {pair: {do: [Dense: 2, Activation: relu]}}\n"
        "graph:\n"
        "  y: [x, repeat: {times: 2, do: [pair]}, Dense: 1]\n"
        "outputs: {y: {loss: mse}}\n"
    )
    written = "  y: [x, repeat: {times: 2, do: [pair]}, Dense: 1]"
    columns = {word: written.index(word) + 1 for word in ("y:", "repeat", "pair")}
    inside = [(6, columns["y:"]), (6, columns["repeat"]), (6, columns["pair"])]
    found = [[(span.line, span.column) for span in call.within] for call in spec.graph.calls]
    assert found == [inside] * 4 + [[(6, columns["y:"])]]
