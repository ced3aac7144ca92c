"""Expressions: ``=4*filters*2**(depth-1)``. A white-list over Python's syntax tree; text is never run.

Values are numbers, text, booleans, None, lists and maps. Every size is bounded, so an expression answers at
once or is refused.
"""

from __future__ import annotations

import ast
import operator
import warnings
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from zoo.spec.expression_values import (
    FUNCTIONS,
    MAX_DEPTH,
    ExpressionError,
    bounded,
    kind,
    known,
)

MAX_TEXT = 500
Environment = Mapping[str, Any]


def evaluate(text: str, env: Environment) -> Any:
    """The value of an expression.

    Args:
        text: the expression, without its leading ``=``.
        env: the names it may use.

    Raises:
        ExpressionError: it is not an expression of the language, or it has no value.

    Example:
        >>> evaluate("max(1, n // 2)", {"n": 6})
        3
    """
    return _value(_read(text), env)


def names(text: str) -> tuple[str, ...]:
    """The names an expression uses, functions left out; empty when it cannot be read."""
    try:
        tree = _read(text)
    except ExpressionError:
        return ()
    found = (node.id for node in ast.walk(tree) if isinstance(node, ast.Name))
    return tuple(dict.fromkeys(name for name in found if name not in FUNCTIONS))


def readable(text: str) -> bool:
    """Whether a text is an expression at all, whatever its names mean."""
    try:
        _read(text)
    except ExpressionError:
        return False
    return True


@lru_cache(maxsize=4096)
def _read(text: str) -> ast.expr:
    if len(text) > MAX_TEXT:
        raise ExpressionError(f"the expression has {len(text):,} characters; {MAX_TEXT} are allowed")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of Python's tokenizer, about odd literals
            tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        reason = error.msg if isinstance(error, SyntaxError) else "it is nested too deep"
        raise ExpressionError(f"`{text.strip()}` is not an expression: {reason}") from None
    _check_depth(tree)
    return tree


def _check_depth(tree: ast.expr) -> None:
    level: list[ast.AST] = [tree]
    depth = 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise ExpressionError("the expression is nested too deep; name parts of it as parameters")
        level = [child for node in level for child in ast.iter_child_nodes(node)]


def _value(node: ast.expr, env: Environment) -> Any:
    handler = _HANDLERS.get(type(node))
    if handler is None:
        raise ExpressionError(
            f"`{ast.unparse(node)}` is not allowed in an expression: {_REASONS.get(type(node), _WHY)}"
        )
    return handler(node, env)


_WHY = (
    "numbers, text, lists, parameters, + - * / // % **, comparisons, `a if c else b` and a few functions are"
)
_REASONS: dict[type, str] = {
    ast.Lambda: "a spec holds no code",
    ast.ListComp: "use `each` for siblings",
    ast.GeneratorExp: "use `each` for siblings",
    ast.JoinedStr: "join text with +",
}


def _constant(node: ast.Constant, env: Environment) -> Any:
    if node.value is None or isinstance(node.value, (bool, int, float, str)):
        return bounded(node.value)
    raise ExpressionError(f"`{ast.unparse(node)}` is not a value of the language")


def _name(node: ast.Name, env: Environment) -> Any:
    if node.id in env:
        return known(env[node.id])
    if node.id in FUNCTIONS:
        raise ExpressionError(f"`{node.id}` is a function; call it: {node.id}(…)")
    raise ExpressionError(f"`{node.id}` is not defined here", node.id, tuple(env))


def _binary(node: ast.BinOp, env: Environment) -> Any:
    apply = _BINARY.get(type(node.op))
    if apply is None:
        raise ExpressionError("only + - * / // % ** join values")
    left, right = _value(node.left, env), _value(node.right, env)
    both_text = isinstance(left, str) and isinstance(right, str)
    both_lists = isinstance(left, list) and isinstance(right, list)
    if isinstance(node.op, ast.Add) and (both_text or both_lists):
        return bounded(left + right)
    for side in (left, right):
        if not isinstance(side, (int, float)):
            raise ExpressionError(f"`{ast.unparse(node)}` needs numbers, received {kind(side)}")
    if isinstance(node.op, ast.Pow) and (abs(right) > 64 or abs(left) > 1e6):
        raise ExpressionError(f"`{ast.unparse(node)}` is too large: exponents go to 64")
    try:
        return bounded(apply(left, right))
    except ZeroDivisionError:
        raise ExpressionError(f"`{ast.unparse(node)}` divides by zero") from None
    except OverflowError:
        raise ExpressionError(f"`{ast.unparse(node)}` is too large") from None


def _unary(node: ast.UnaryOp, env: Environment) -> Any:
    value = _value(node.operand, env)
    if isinstance(node.op, ast.Not):
        return not value
    if not isinstance(value, (int, float)) or isinstance(node.op, ast.Invert):
        raise ExpressionError(f"`{ast.unparse(node)}` needs a number, received {kind(value)}")
    return -value if isinstance(node.op, ast.USub) else +value


def _boolean(node: ast.BoolOp, env: Environment) -> Any:
    is_and = isinstance(node.op, ast.And)
    value: Any = is_and
    for part in node.values:
        value = _value(part, env)
        if bool(value) is not is_and:
            break
    return value


def _compare(node: ast.Compare, env: Environment) -> bool:
    left = _value(node.left, env)
    for op, right_node in zip(node.ops, node.comparators, strict=True):
        right = _value(right_node, env)
        try:
            holds = _COMPARE[type(op)](left, right)
        except TypeError:
            raise ExpressionError(f"`{ast.unparse(node)}` compares {kind(left)} with {kind(right)}") from None
        if not holds:
            return False
        left = right
    return True


def _choice(node: ast.IfExp, env: Environment) -> Any:
    return _value(node.body if _value(node.test, env) else node.orelse, env)


def _list(node: ast.List | ast.Tuple, env: Environment) -> list[Any]:
    found: list[Any] = bounded([_value(item, env) for item in node.elts])
    return found


def _subscript(node: ast.Subscript, env: Environment) -> Any:
    value = _value(node.value, env)
    if not isinstance(value, (list, dict, str)):
        raise ExpressionError(f"`{ast.unparse(node)}`: {kind(value)} has no items")
    if isinstance(node.slice, ast.Slice):
        ends = [
            None if end is None else _value(end, env)
            for end in (node.slice.lower, node.slice.upper, node.slice.step)
        ]
        if (
            isinstance(value, dict)
            or any(not (end is None or type(end) is int) for end in ends)
            or ends[2] == 0
        ):
            raise ExpressionError(f"`{ast.unparse(node)}` is not a slice of a list")
        return value[slice(*ends)]
    index = _value(node.slice, env)
    try:
        return known(value[index])
    except (IndexError, KeyError, TypeError):
        raise ExpressionError(f"`{ast.unparse(node)}`: there is no item {index!r}") from None


def _field(node: ast.Attribute, env: Environment) -> Any:
    value = _value(node.value, env)
    if isinstance(value, dict) and node.attr in value:
        return known(value[node.attr])
    raise ExpressionError(f"`{ast.unparse(node)}`: {kind(value)} has no field `{node.attr}`")


def _call(node: ast.Call, env: Environment) -> Any:
    if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS:
        called = ast.unparse(node.func)
        raise ExpressionError(
            f"`{called}` is not a function of the language; the functions are {', '.join(FUNCTIONS)}"
        )
    if node.keywords or any(isinstance(arg, ast.Starred) for arg in node.args):
        raise ExpressionError(f"`{ast.unparse(node)}`: functions take plain arguments only")
    arguments = [_value(arg, env) for arg in node.args]
    for item in (item for arg in arguments if isinstance(arg, list) for item in arg):
        known(item)
    try:
        return bounded(FUNCTIONS[node.func.id](*arguments))
    except (TypeError, ValueError, OverflowError) as error:
        raise ExpressionError(f"`{ast.unparse(node)}` has no value: {error}") from None


_BINARY: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}

_COMPARE: dict[type, Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda item, items: item in items,
    ast.NotIn: lambda item, items: item not in items,
    ast.Is: lambda left, right: left is right,
    ast.IsNot: lambda left, right: left is not right,
}

_HANDLERS: dict[type, Callable[[Any, Environment], Any]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _boolean,
    ast.Compare: _compare,
    ast.IfExp: _choice,
    ast.List: _list,
    ast.Tuple: _list,
    ast.Subscript: _subscript,
    ast.Attribute: _field,
    ast.Call: _call,
}
