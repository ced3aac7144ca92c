"""Plain values → YAML text that this language reads back as the same values."""

from __future__ import annotations

import math
import re
from typing import Any

from zoo.spec import scalars

WIDTH = 110
_PLAIN = re.compile(r"[A-Za-z_=./+][A-Za-z0-9_=./+*()<>'-]*(?: [A-Za-z0-9_=./+*()<>'-]+)*\Z")
_NUMBER = re.compile(r"-?[0-9]+\Z")


def scalar(value: Any) -> str:
    """One value, quoted only where it must be."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _number(value)
    text = str(value)
    safe = _PLAIN.match(text) and isinstance(scalars.parse(text), str) and not scalars.read_differently(text)
    return text if safe else _quoted(text)


def _key(key: Any) -> str:
    # keys are names whatever they look like: `at: {1: -1}`
    text = str(key)
    return text if _NUMBER.match(text) else scalar(text)


def _quoted(text: str) -> str:
    # not JSON: its \\u escapes name UTF-16 halves, and it leaves line separators bare, which YAML folds
    return '"' + "".join(_character(char) for char in text) + '"'


def _character(char: str) -> str:
    if char in '"\\':
        return "\\" + char
    if char.isprintable():
        return char
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"


def _number(value: float) -> str:
    if math.isnan(value):
        return ".nan"
    if math.isinf(value):
        return ".inf" if value > 0 else "-.inf"
    return repr(value)


def flow(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_item(item) for item in value) + "]"
    return scalar(value)


def _item(value: Any) -> str:
    # a step reads `LSTM: 32` inside a list, without braces
    if isinstance(value, dict) and len(value) == 1:
        return flow(value)[1:-1]
    return flow(value)


def block(value: Any, indent: int = 0) -> str:
    """A value over several lines, short parts on one line each."""
    pad = " " * indent
    if isinstance(value, dict) and value:
        return "".join(_entry(_key(key), item, indent) for key, item in value.items())
    if isinstance(value, (list, tuple)) and value:
        lines = []
        for item in value:
            short = _item(item)
            if len(short) + indent + 2 <= WIDTH or not isinstance(item, (dict, list, tuple)) or not item:
                lines.append(f"{pad}- {short}\n")
            else:
                lines.append(f"{pad}- {block(item, indent + 2).lstrip(' ')}")
        return "".join(lines)
    return f"{pad}{flow(value)}\n"


def _entry(key: str, value: Any, indent: int) -> str:
    pad = " " * indent
    short = flow(value)
    if (
        indent
        and len(pad) + len(key) + 2 + len(short) <= WIDTH
        or not isinstance(value, (dict, list, tuple))
        or not value
    ):
        return f"{pad}{key}: {short}\n"
    if isinstance(value, (list, tuple)) and len(key) + 2 + len(short) <= WIDTH - indent:
        return f"{pad}{key}: {short}\n"
    return f"{pad}{key}:\n{block(value, indent + 2)}"
