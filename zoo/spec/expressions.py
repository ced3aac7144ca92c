"""Expressions: ``=4*filters*2**(depth-1)``. A white-list over Python's syntax tree; text is never run.

Values are numbers, text, booleans, None, lists and maps. Every size is bounded, so an expression answers at
once or is refused.
"""

from __future__ import annotations

import ast
import math
import operator
import warnings
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from zoo.spec.nodes import POISON

MAX_TEXT = 500
MAX_DEPTH = 40
MAX_ITEMS = 10_000
MAX_NUMBER = 10**18
MAX_STRING = 10_000

Environment = Mapping[str, Any]


class ExpressionError(Exception):
    """An expression cannot be read or has no value; `name` is set when a name is undefined."""

    def __init__(self, message: str, name: str = "", candidates: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.name = name
        self.candidates = candidates


class Unknown(ExpressionError):
    """A value it needs is not known, and that has been reported."""


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
        return _bounded(node.value)
    raise ExpressionError(f"`{ast.unparse(node)}` is not a value of the language")


def _name(node: ast.Name, env: Environment) -> Any:
    if node.id in env:
        return _known(env[node.id])
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
        return _bounded(left + right)
    for side in (left, right):
        if not isinstance(side, (int, float)):
            raise ExpressionError(f"`{ast.unparse(node)}` needs numbers, received {_kind(side)}")
    if isinstance(node.op, ast.Pow) and (abs(right) > 64 or abs(left) > 1e6):
        raise ExpressionError(f"`{ast.unparse(node)}` is too large: exponents go to 64")
    try:
        return _bounded(apply(left, right))
    except ZeroDivisionError:
        raise ExpressionError(f"`{ast.unparse(node)}` divides by zero") from None
    except OverflowError:
        raise ExpressionError(f"`{ast.unparse(node)}` is too large") from None


def _unary(node: ast.UnaryOp, env: Environment) -> Any:
    value = _value(node.operand, env)
    if isinstance(node.op, ast.Not):
        return not value
    if not isinstance(value, (int, float)) or isinstance(node.op, ast.Invert):
        raise ExpressionError(f"`{ast.unparse(node)}` needs a number, received {_kind(value)}")
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
            raise ExpressionError(
                f"`{ast.unparse(node)}` compares {_kind(left)} with {_kind(right)}"
            ) from None
        if not holds:
            return False
        left = right
    return True


def _choice(node: ast.IfExp, env: Environment) -> Any:
    return _value(node.body if _value(node.test, env) else node.orelse, env)


def _list(node: ast.List | ast.Tuple, env: Environment) -> list[Any]:
    found: list[Any] = _bounded([_value(item, env) for item in node.elts])
    return found


def _subscript(node: ast.Subscript, env: Environment) -> Any:
    value = _value(node.value, env)
    if not isinstance(value, (list, dict, str)):
        raise ExpressionError(f"`{ast.unparse(node)}`: {_kind(value)} has no items")
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
        return _known(value[index])
    except (IndexError, KeyError, TypeError):
        raise ExpressionError(f"`{ast.unparse(node)}`: there is no item {index!r}") from None


def _field(node: ast.Attribute, env: Environment) -> Any:
    value = _value(node.value, env)
    if isinstance(value, dict) and node.attr in value:
        return _known(value[node.attr])
    raise ExpressionError(f"`{ast.unparse(node)}`: {_kind(value)} has no field `{node.attr}`")


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
        _known(item)
    try:
        return _bounded(FUNCTIONS[node.func.id](*arguments))
    except (TypeError, ValueError, OverflowError) as error:
        raise ExpressionError(f"`{ast.unparse(node)}` has no value: {error}") from None


def _range(*ends: int) -> list[int]:
    found = range(*ends)
    if len(found) > MAX_ITEMS:
        raise ValueError(f"more than {MAX_ITEMS:,} items")
    return list(found)


def _int(value: Any) -> int:
    if isinstance(value, str) and len(value) > 20:
        raise ValueError("that is no number")
    return int(value)


def _round(value: float, digits: int = 0) -> float:
    if abs(digits) > 20:
        raise ValueError("digits go to 20")
    return round(value, digits) if digits else round(value)


def _sum(values: list[Any]) -> Any:
    if not all(isinstance(value, (int, float)) for value in values):
        raise ValueError("it adds numbers only")
    return sum(values)


def _str(value: Any) -> str:
    if isinstance(value, (list, dict)):
        raise ValueError("it takes a number or a text")
    return str(value)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "min": min,
    "max": max,
    "round": _round,
    "ceil": math.ceil,
    "floor": math.floor,
    "len": len,
    "sum": _sum,
    "range": _range,
    "str": _str,
    "int": _int,
}

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


def _bounded(value: Any) -> Any:
    if isinstance(value, complex):
        raise ExpressionError("the result is not a real number")
    if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) > MAX_NUMBER:
        if not (isinstance(value, float) and not math.isfinite(value)):
            raise ExpressionError(f"a number above {MAX_NUMBER:.0e} is not allowed")
    if isinstance(value, str) and len(value) > MAX_STRING:
        raise ExpressionError(f"a text of more than {MAX_STRING:,} characters is not allowed")
    if (problem := outgrown(value)) is not None:
        raise ExpressionError(problem)
    return value


def outgrown(value: Any) -> str | None:
    """Why a list or a map is too large to be a value, all its parts counted; None when it is not."""
    waiting = [(value, 0)]
    count = 0
    while waiting:
        item, depth = waiting.pop()
        if not isinstance(item, (list, dict)):
            continue
        count += len(item)
        if count > MAX_ITEMS:
            return f"a list of more than {MAX_ITEMS:,} items is not allowed"
        if depth > MAX_DEPTH:
            return f"lists nested more than {MAX_DEPTH} deep are not allowed"
        parts = item.values() if isinstance(item, dict) else item
        waiting.extend((part, depth + 1) for part in parts if isinstance(part, (list, dict)))
    return None


def _known(value: Any) -> Any:
    if value is POISON:
        raise Unknown("a value it needs is not known")
    return value


def _kind(value: Any) -> str:
    if value is None:
        return "None"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, (int, float)):
        return "a number"
    return "text" if isinstance(value, str) else "a list" if isinstance(value, list) else "a map"
