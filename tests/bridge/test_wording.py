"""What the Python side advises, in the words of R."""

from __future__ import annotations

import ast
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from r_bridge.dimensions import check_dimensions
from r_bridge.errors import RValueError
from r_bridge.tensors import frame_as_matrix
from r_bridge.wording import in_r_words


@pytest.mark.parametrize(
    "text, said",
    [
        ("`zoo list` shows the models", "zoo_list() shows the models"),
        ("`zoo show hrnn_lob --text` prints one", 'summary(zoo_spec("hrnn_lob")) prints one'),
        ("21 more rows: `zoo plot deeplob --format text`", '21 more rows: plot(zoo_model("deeplob"))'),
        ("x2020 (`zoo show dla --cite`)", 'x2020 (zoo_show("dla")$bibtex)'),
        ("`zoo show hrnn_lob` prints one", 'zoo_show("hrnn_lob") prints one'),
        ("= help: no        (zoo rule P104)", '= help: no        (zoo_rule("P104"))'),
        ("`[]` gives no values of `units`", "`over` gives no values of `units`"),
        ("write units=1..24, units=1..24..2 or units=1,2,5", "write over = list(units = c(1, 2, 5))"),
        ("write for example first: 0.7", "write for example first = 0.7"),
        ("= see: zoo rule S102", '= see: zoo_rule("S102")'),
        ("`zoo validate --deep` builds", "zoo_check() builds"),
        ("give data=(x, y), or data={'x': ..., 'y': ...}", "give data = list(x = ..., y = ...)"),
        ("`zoo new` writes one", "zoo_new() writes one"),
        ("run.importance()", "zoo_importance(model)"),
        (
            "fill the cell, or say `missing: fill` in `data` for the last known value; or write "
            "`clean: drop` in `data`, which",
            'fill the cell; or give zoo_train() or zoo_data_windows() clean = "drop", which',
        ),
        (
            "name them in `data.group`, or use",
            "name them with `group = ...` (in a spec `data.group`), or use",
        ),
        ("expected (batch, 15, 2), received (4, 15)", "expected n x 15 x 2, received 4 x 15"),
        ("expected (batch,), received (3, None)", "expected n, received 3 x any"),
        ("array(x, c(1, 3, 2))", "array(x, c(1, 3, 2))"),
        ("is meant: {side: {0: 1.0, ...}}", 'is meant: list(side = c("0" = 1, ...))'),
        ("again (from_logits: true)", "again (from_logits = TRUE)"),
        ("serve it with Keras: engine='keras'", 'serve it with Keras: engine = "keras"'),
        ("`window=None` is the mean", "`window = NULL` is the mean"),
        ("a whole number; received None", "a whole number; received NULL"),
        ("received ['a', 'b']", 'received c("a", "b")'),
        (
            'pip install "speczoo[serve]"',
            f"run in a terminal: {shlex.quote(sys.executable)} -m pip install 'speczoo[serve]'",
        ),
        (
            "give `data.split.val` a share, or more data",
            "give `data.split.val` in the spec a share, or more data",
        ),
        ("add `by: time` to the spec", "add `by: time` to the spec"),
        ("`source: {toy: waves}` or give data", "`source: {toy: waves}` in the spec or give data"),
        ("or write `source: {toy: waves}`", 'or give data = list(toy = "waves")'),
        ("zoo.from_keras(model) sees it", "zoo_from_keras(model) sees it"),
        ("run.predictor() is faster", "zoo_predictor() is faster"),
        ("give (x, y)", "give list(x, y)"),
        ("`zoo demo` shows it", "`zoo demo` shows it"),
        ("the zoo list", "the zoo list"),
    ],
)
def test_commands_become_functions(text, said):
    assert in_r_words(text) == said


# What no R user types. Constructors of models and of specs are read by those who write Python.
_PYTHON = re.compile(
    r"\w=(?:True|False|None|['\"])|(?<!-m )pip install|\b(?:zoo|run)\.(?!x\()\w+\(|"
    r"(?<!list)(?<!\w)\(x, y\)|\{'"
)
_FOR_PYTHON = ("cli", "build", "layers", "spec")


def _written(node: ast.expr) -> list[str]:
    """The texts that an expression may be, with `x` for what is put in."""
    match node:
        case ast.Constant(value=str() as text):
            return [text]
        case ast.JoinedStr(values=parts):
            return ["".join(part.value if isinstance(part, ast.Constant) else "x" for part in parts)]
        case ast.IfExp(body=one, orelse=other):
            return [*_written(one), *_written(other)]
        case ast.BinOp(left=left, right=right):
            return [a + b for a in _written(left) or [""] for b in _written(right) or [""]]
        case ast.BoolOp(values=values):
            return [text for value in values for text in _written(value)]
    return []


def _messages() -> Iterator[tuple[str, str]]:
    """Where each error of the library stands, and each text that it may have."""
    root = Path(__file__).parents[2] / "zoo"
    for file in sorted(root.rglob("*.py")):
        if file.relative_to(root).parts[0] in _FOR_PYTHON:
            continue
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "").endswith("Error"):
                helps = [item.value for item in call.keywords if item.arg == "help"]
                for text in (text for node in [*call.args, *helps] for text in _written(node)):
                    yield f"{file.relative_to(root)}:{call.lineno}", text


def test_no_error_of_the_library_tells_an_r_user_to_write_python():
    told = [(where, in_r_words(text)) for where, text in _messages()]
    assert len(told) > 500
    assert [item for item in told if _PYTHON.search(item[1])] == []


def test_the_words_of_a_spec_stay_where_a_spec_is_judged():
    assert in_r_words("or from_logits: true, (3, 4)", of_spec=True) == "or from_logits: true, (3, 4)"


def test_a_column_of_another_case_is_the_nearest(r):
    with pytest.raises(RValueError, match="lacks the column `Price`") as caught:
        frame_as_matrix(r("data.frame(price = 1, size = 2)"), "new_data", wanted=["Price", "size"])
    assert "is `price` what the model calls `Price`" in caught.value.help


@pytest.mark.parametrize(
    "found, shape, advice",
    [
        (
            (4,),
            (4,),
            "matrix(x, 1); where it was cut out of a matrix `a`, a[1, , drop = FALSE] keeps its dimension",
        ),
        (
            (3, 2),
            (3, 2),
            "array(x, c(1, 3, 2)); where it was cut out of an array `a`, "
            "a[1, , , drop = FALSE] keeps its dimension",
        ),
        ((60, 2), (20, 2), "zoo_windows(x, lookback = 20) cuts a series into them"),
        ((3, 2), (3, 2, 1), "array(x, c(1, 3, 2, 1))"),
        ((5, 2), (None, 2, 1), "array(x, c(1, 5, 2, 1))"),
    ],
)
def test_a_single_sample_gets_the_expression_that_mends_it(found, shape, advice):
    import numpy as np

    with pytest.raises(RValueError) as caught:
        check_dimensions(np.zeros(found, np.float32), shape, "x")
    assert advice in caught.value.help
