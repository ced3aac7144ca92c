"""Expressions: values, refusals, and an answer to any text."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zoo.spec.expression_values import FUNCTIONS, ExpressionError
from zoo.spec.expressions import evaluate, names

ENV: dict[str, Any] = {
    "n": 6,
    "rate": 0.5,
    "act": "relu",
    "deep": True,
    "sizes": [8, 16, 32],
    "rows": {"a": 1, "b": [2, 3]},
    "nothing": None,
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("n", 6),
        (" n + 1 ", 7),
        ("2 * n - 1", 11),
        ("n / 4", 1.5),
        ("n // 4", 1),
        ("-n // 4", -2),
        ("n % 4", 2),
        ("2 ** n", 64),
        ("-2 ** 2", -4),
        ("+n", 6),
        ("4*n*2**(n-1)", 768),
        ("n > 3", True),
        ("1 < n < 3", False),
        ("n == 6 and not deep", False),
        ("nothing or 3", 3),
        ("'a' if n > 1 else None", "a"),
        ("n in sizes", False),
        ("8 in sizes", True),
        ("'c' not in rows", True),
        ("nothing is None", True),
        ("sizes[0]", 8),
        ("sizes[-1]", 32),
        ("sizes[1:]", [16, 32]),
        ("sizes[::-1]", [32, 16, 8]),
        ("rows['b'][1]", 3),
        ("rows.a", 1),
        ("rows.b", [2, 3]),
        ("[n, n + 1]", [6, 7]),
        ("(n, 1)", [6, 1]),
        ("[n] + [1]", [6, 1]),
        ("act + '_1'", "relu_1"),
        ("'head_' + str(n)", "head_6"),
        ("min(n, 4)", 4),
        ("max(sizes)", 32),
        ("round(2.6)", 3),
        ("round(2.567, 2)", 2.57),
        ("ceil(rate)", 1),
        ("floor(rate)", 0),
        ("len(sizes)", 3),
        ("sum(sizes)", 56),
        ("range(3)", [0, 1, 2]),
        ("range(1, n, 2)", [1, 3, 5]),
        ("int('12')", 12),
        ("int(n / 4)", 1),
        ("None", None),
        ("True", True),
        ("1e-3", 0.001),
        ("'=text'", "=text"),
    ],
)
def test_value(text: str, value: Any) -> None:
    found = evaluate(text, ENV)
    assert found == value and type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not an expression"),
        ("n +", "not an expression"),
        ("n n", "not an expression"),
        ("(" * 300, "not an expression"),
        ("-" * 400 + "1", "nested too deep"),
        ("1 +" * 300 + "1", "characters"),
        ("m", "`m` is not defined"),
        ("max", "call it"),
        ("max()", "has no value"),
        ("max(1, 'a')", "has no value"),
        ("sqrt(4)", "not a function"),
        ("rows.a()", "not a function"),
        ("(lambda: 1)()", "not a function"),
        ("__import__('os')", "not a function"),
        ("n.__class__", "no field"),
        ("rows.__class__", "no field"),
        ("sizes.append", "no field"),
        ("lambda: 1", "no code"),
        ("[i for i in sizes]", "`each`"),
        ("f'{n}'", "join text with +"),
        ("n := 3", "not an expression"),
        ("{1: 2}", "not allowed"),
        ("*sizes", "not"),
        ("max(*sizes)", "plain arguments"),
        ("max(sizes, key=len)", "plain arguments"),
        ("n & 1", "only + - *"),
        ("~n", "needs a number"),
        ("-act", "needs a number"),
        ("act * 3", "needs numbers"),
        ("sizes * 3", "needs numbers"),
        ("n + act", "needs numbers"),
        ("n / 0", "divides by zero"),
        ("n % 0", "divides by zero"),
        ("n < act", "compares"),
        ("1 in n", "compares"),
        ("sizes[9]", "no item"),
        ("sizes['a']", "no item"),
        ("rows['c']", "no item"),
        ("sizes[::0]", "not a slice"),
        ("n[0]", "no items"),
        ("9**9**9", "too large"),
        ("10**19", "not allowed"),
        ("10**18 * 10", "not allowed"),
        ("(-8)**0.5", "not a real number"),
        ("range(10**9)", "more than 10,000"),
        ("[range(9000), range(9000)]", "more than 10,000"),
        ("str(sizes)", "a number or a text"),
        ("sum(['a'])", "numbers only"),
        ("int('x')", "has no value"),
        ("int('9' * 3)", "needs numbers"),
        ("ceil(1e400)", "has no value"),
        ("1j", "not a value"),
        ("b'x'", "not a value"),
        ("...", "not a value"),
    ],
)
def test_refused(text: str, words: str) -> None:
    with pytest.raises(ExpressionError, match=".*") as caught:
        evaluate(text, ENV)
    assert words in str(caught.value)


def test_undefined_names_carry_their_candidates() -> None:
    with pytest.raises(ExpressionError) as caught:
        evaluate("siezs", ENV)
    assert caught.value.name == "siezs" and "sizes" in caught.value.candidates


def test_names() -> None:
    assert sorted(names("max(n, rows.a) + sizes[i] - n")) == ["i", "n", "rows", "sizes"]
    assert names("not (an expression") == ()


def test_odd_literals_warn_nobody() -> None:
    assert evaluate("1if deep else 3", ENV) == 1
    assert evaluate(r"'\d'", ENV) == "\\d"


NODES = st.sampled_from(
    [*ENV, *FUNCTIONS, "1", "2.5", "'a'", "None", "(", ")", "[", "]", "+", "-", "*", "**", "/", "//"]
)
WORDS = st.sampled_from(
    [
        "%",
        "<",
        "==",
        "in",
        "not",
        "and",
        "if",
        "else",
        ",",
        ".",
        "a",
        ":",
        "is",
        "10**18",
        "lambda",
        "=",
        "{",
        "}",
    ]
)


@settings(deadline=None)
@given(st.text() | st.lists(NODES | WORDS, max_size=12).map(" ".join))
def test_any_text_is_a_value_or_refused(text: str) -> None:
    try:
        value = evaluate(text, ENV)
    except ExpressionError as error:
        assert str(error)
    else:
        assert value is None or isinstance(value, (bool, int, float, str, list, dict))


NUMBERS = st.recursive(
    st.integers(-9, 9).map(str) | st.just("n"),
    lambda inner: st.tuples(inner, st.sampled_from(["+", "-", "*", "%", "//", "<", "and", "or"]), inner).map(
        lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"
    ),
    max_leaves=8,
)


@settings(deadline=None)
@given(NUMBERS)
def test_arithmetic_is_pythons(text: str) -> None:
    tree = compile(ast.parse(text, mode="eval"), "<test>", "eval")
    try:
        wanted = eval(tree, {"__builtins__": {}}, {"n": 6})
    except ZeroDivisionError:
        with pytest.raises(ExpressionError):
            evaluate(text, ENV)
    else:
        assert evaluate(text, ENV) == wanted


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("price", "price"),
        ("Close Price", "close_price"),
        ("DAX", "dax"),
        ("closePrice2", "close_price2"),
        ("52-week high", "n52_week_high"),
        ("Größe (m²)", "groe_m2"),
        ("__x__", "x"),
    ],
)
def test_a_text_as_a_name(text: str, name: str) -> None:
    assert evaluate("snake(text)", {"text": text}) == name


@pytest.mark.parametrize("value", ["", "---", 3, ["a"]])
def test_no_name_can_be_made_of(value: object) -> None:
    with pytest.raises(ExpressionError):
        evaluate("snake(value)", {"value": value})
