"""How an unquoted piece of text becomes a value: the core schema of YAML 1.2.

PyYAML follows YAML 1.1, where ``no`` is false, ``12:30`` is 750 and ``1e-3`` is text, so its types are never
used.
"""

from __future__ import annotations

import re
from typing import Any

NULL = frozenset({"", "~", "null", "Null", "NULL"})
TRUE = frozenset({"true", "True", "TRUE"})
FALSE = frozenset({"false", "False", "FALSE"})
_INT = re.compile(r"[-+]?[0-9]+\Z")
_OCTAL = re.compile(r"0o[0-7]+\Z")
_HEX = re.compile(r"0x[0-9a-fA-F]+\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_INFINITY = re.compile(r"[-+]?\.(inf|Inf|INF)\Z")
_NAN = frozenset({".nan", ".NaN", ".NAN"})

MAX_DIGITS = 400  # more is no number anybody meant, and int() refuses more than 4300


def parse(text: str) -> Any:
    """The value of an unquoted scalar.

    Args:
        text: what was written, without surrounding blanks.

    Example:
        >>> parse("1e-3"), parse("no"), parse("014")
        (0.001, 'no', 14)
    """
    if text in NULL:
        return None
    if text in TRUE:
        return True
    if text in FALSE:
        return False
    if len(text) > MAX_DIGITS or text[0] not in "+-.0123456789":
        return text
    if _INT.match(text):
        return int(text)
    if _OCTAL.match(text):
        return int(text[2:], 8)
    if _HEX.match(text):
        return int(text[2:], 16)
    if _FLOAT.match(text):
        return float(text)
    if _INFINITY.match(text):
        return float("-inf") if text[0] == "-" else float("inf")
    return float("nan") if text in _NAN else text


_YAML_1_1 = (
    (re.compile(r"(?:yes|Yes|YES|on|On|ON)\Z"), "true in YAML 1.1, text here"),
    (re.compile(r"(?:no|No|NO|off|Off|OFF)\Z"), "false in YAML 1.1, text here"),
    (
        re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?\Z"),
        "a base-60 number in YAML 1.1, text here",
    ),
    (re.compile(r"[-+]?0[0-9]+\Z"), "an octal number in YAML 1.1, a decimal one here"),
    (re.compile(r"[-+]?[0-9]+_[0-9_]*(?:\.[0-9_]*)?\Z"), "a number in YAML 1.1, text here"),
    (re.compile(r"[-+]?0b[01_]+\Z"), "a binary number in YAML 1.1, text here"),
)


def read_differently(text: str) -> str | None:
    """Why YAML 1.1 would read this unquoted scalar as something else, or None when both agree.

    ``1e-3``, ``y`` and ``n`` are left out on purpose: everybody means the number, and readers take the
    letters as text.
    """
    return next((why for pattern, why in _YAML_1_1 if pattern.match(text)), None)
