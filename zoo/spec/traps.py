"""YAML's traps: what flow style and comments do to a value behind its author's back.

The reader calls these while it builds nodes. Each reports one finding and gives back what was meant, so that
the rest of the front end sees no follow-on of it.
"""

from __future__ import annotations

import re

from zoo.errors import Span
from zoo.spec import scalars
from zoo.spec.expressions import readable
from zoo.spec.nodes import POISON, Mapping, Node, Report, Scalar, expression
from zoo.spec.rules import s104_cut_expression, s107_malformed

_NO_BLANK = re.compile(r"([A-Za-z_]\w*):(\S.*)\Z", re.DOTALL)
_COMMENT = re.compile(r"[ \t]+#(\S?)")


def rejoin(last: Node, more: Node, report: Report) -> Node | None:
    """`last` and the piece after its comma as the one value that was meant, or None when they are two."""
    if not isinstance(more, Scalar) or not more.plain or not more.text:
        return None
    if isinstance(last, Mapping) and len(last) == 1:
        key, value = last.entries[0]
        joined = rejoin(value, more, report)
        return Mapping(((key, joined),), _span(last.span, more.span)) if joined is not None else None
    if not isinstance(last, Scalar) or not last.plain or _open_brackets(expression(last) or "") <= 0:
        return None
    whole = Scalar(
        f"{last.text}, {more.text}", f"{last.text}, {more.text}", True, _span(last.span, more.span)
    )
    if _open_brackets(whole.text) <= 0:
        report(s104_cut_expression.by_comma(whole))
    return whole


def stray_key(last: Node | None, key: Scalar, report: Report) -> Scalar | None:
    """The value that `key`, a key without a value in a flow map, was cut off from; None when it was not."""
    if last is None or not key.plain:
        return None
    if (whole := rejoin(last, key, report)) is not None:
        return whole if isinstance(whole, Scalar) else None
    if isinstance(last, Scalar) and last.plain and isinstance(last.value, str) and " " in key.text:
        text = f"{last.text}, {key.text}"
        whole = Scalar(text, text, True, _span(last.span, key.span))
        report(s104_cut_expression.text(whole))
        return whole
    return None


def no_blank(key: Scalar, report: Report) -> tuple[Scalar, Scalar] | None:
    """``{units:64}``: the key and the value that a missing blank made one word of."""
    found = _NO_BLANK.match(key.text) if key.plain else None
    if found is None:
        return None
    report(s107_malformed.no_blank(key))
    name, text = found.groups()
    return Scalar(name, name, True, key.span), Scalar(scalars.parse(text), text, True, key.span)


def comment(node: Scalar, after: str, report: Report) -> Scalar:
    """An expression that ``#`` cuts short; `after` is the text behind it."""
    found = _COMMENT.match(after)
    text = expression(node)
    if found is None or text is None:
        return node
    if not readable(text):
        report(s104_cut_expression.by_comment(node, "error"))
        return Scalar(POISON, node.text, True, node.span)
    if found[1] and found[1] not in "#!":
        report(s104_cut_expression.by_comment(node, "warning"))
    return node


def _open_brackets(text: str) -> int:
    return sum((sign in "([{") - (sign in ")]}") for sign in text)


def _span(first: Span, last: Span) -> Span:
    return Span(first.file, first.line, first.column, last.end_line, last.end_column)
