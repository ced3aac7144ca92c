"""# Y104: the text is not YAML

What it does: passes on what the YAML reader could not read, in plain words, with the place.

Why it is bad: nothing after that place can be read.

Example:

    graph:
      code: [book, LSTM: 32

Instead: close the bracket. A value that starts with `@`, a backtick, `%`, `&`, `*`, `!`, `|` or `>` must be quoted; an
expression with a bracket or a comma inside a flow map `{...}` must be quoted as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from zoo.errors import Diagnostic, Span
from zoo.spec.rules import Rule

if TYPE_CHECKING:
    from zoo.spec.source import Source

RULE = Rule("Y104", "error")

_HELP = (
    ("tab", "indent with spaces"),
    ("cannot start any token", "quote the value"),
    ("expected ',' or ']'", "is a `]` or a `,` missing? A value with brackets or commas must be quoted"),
    ("expected ',' or '}'", "is a `}` or a `,` missing? A value with brackets or commas must be quoted"),
    ("expected <block end>", "check the indentation, and that every bracket and quote is closed"),
    ("mapping values are not allowed", "a text with `: ` in it must be quoted"),
    ("could not find expected ':'", "is a `:` missing?"),
    ("unexpected end of stream", "a quote or a bracket is still open"),
)


def syntax(error: yaml.MarkedYAMLError, source: Source) -> Diagnostic:
    """The reader stopped at a mark."""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    problem = error.problem or error.context or "it cannot be read"
    related = ()
    if error.context_mark and mark and error.context_mark.line != mark.line:
        begun = error.context_mark
        place = Span(source.file, begun.line + 1, begun.column + 1, begun.line + 1, begun.column + 2)
        related = ((place, error.context or "begun here"),)
    return RULE(
        f"this is not YAML: {problem}",
        Span(source.file, line, column, line, column + 1),
        next((text for part, text in _HELP if part in problem), "check the brackets, quotes and indentation around it"),
        related,
    )


def unreadable(error: yaml.YAMLError, source: Source) -> Diagnostic:
    """A character that YAML does not allow."""
    position = getattr(error, "position", 0) or 0
    before = source.text[:position]
    line = before.count("\n") + 1
    column = position - (before.rfind("\n") + 1) + 1
    character = source.text[position : position + 1]
    return RULE(
        f"the character {character!r} may not stand in YAML",
        Span(source.file, line, column, line, column + 1),
        "is this a text file? Delete the character, or write it as an escape in double quotes",
    )


def not_utf8(data: bytes, position: int, span: Span) -> Diagnostic:
    """Bytes that are no UTF-8 text."""
    if b"\0" in data[:1024]:
        utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
        what = "it is UTF-16 text" if utf16 else "it is a binary file"
        mend = "save it as UTF-8" if utf16 else "name the YAML file of a spec; data files go to --data"
        return RULE(f"this is not a spec: {what}", span, mend)
    return RULE(f"byte {position + 1} (0x{data[position]:02x}) is not UTF-8 text", span, "save the file as UTF-8")
