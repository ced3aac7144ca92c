"""# Y104: the text is not YAML

What it does: passes on what the YAML reader could not read, in plain words, with the place.

Why it is bad: nothing after that place can be read.

Example:

    graph:
      code: [book, LSTM: 32

Instead: close the bracket. A value that starts with `@`, a backtick, `%`, `&`, `*`, `!`, `|` or `>` must be
quoted; an expression with a bracket or a comma inside a flow map `{...}` must be quoted as well.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml

from zoo.errors import Diagnostic, Span
from zoo.spec.rules import Rule

if TYPE_CHECKING:
    from zoo.spec.source import Source

RULE = Rule("Y104", "error")

_WORDS = (
    (
        "expected ',' or ']'",
        "a `,` or the `]` of a list is missing",
        "close the list, or quote the value that has a bracket or a comma",
    ),
    (
        "expected ',' or '}'",
        "a `,` or the `}` of a map is missing",
        "close the map, or quote the value that has a bracket or a comma",
    ),
    (
        "expected key",
        "this line does not fit the lines before it",
        "check the indentation, and that every bracket and quote is closed",
    ),
    (
        "expected <block end>",
        "this line does not fit the lines before it",
        "check the indentation, and that every bracket and quote is closed",
    ),
    (
        "expected '-' indicator",
        "this line is no item of the list before it",
        "check the indentation; every item begins with `- `",
    ),
    (
        "mapping values are not allowed",
        "a `: ` cannot stand here",
        "quote a text with `: ` in it; or is a `:` missing further left?",
    ),
    ("could not find expected ':'", "a `:` is missing", "after a name come a `:` and a blank"),
    (
        "found unexpected ':'",
        "a `:` without a value",
        "write a blank and a value after the `:`, or leave the `:` out",
    ),
    ("unexpected end of stream", "the text ends inside a quote", "close the quote"),
    (
        "unknown escape character",
        "a backslash in double quotes begins an escape",
        "write it twice, or use single quotes",
    ),
    ("expected node content", "a value is missing", "write a value, or delete the `,` or the bracket"),
)
_CONTEXT = (
    ("flow sequence", "this list is still open"),
    ("flow mapping", "this map is still open"),
    ("quoted scalar", "this quote is still open"),
)
_EXPRESSION = re.compile(r"(=[^,\[\]{}=]*)\Z")


def syntax(error: yaml.MarkedYAMLError, source: Source) -> Diagnostic:
    """The reader stopped at a mark."""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    place = Span(source.file, line, column, line, column + 1)
    related: tuple[tuple[Span, str], ...] = ()
    if error.context_mark and mark and (label := _context(error.context or "")):
        begun = error.context_mark
        opened = Span(source.file, begun.line + 1, begun.column + 1, begun.line + 1, begun.column + 2)
        if "end of stream" in (error.problem or "") or mark.index >= len(source.text.rstrip()):
            place = opened
        elif begun.line != mark.line:
            related = ((opened, label),)
    message, mend = _explain(error, source.text, line, column)
    return RULE(f"this is not YAML: {message}", place, mend, related)


def _context(text: str) -> str:
    return next((label for part, label in _CONTEXT if part in text), "")


def _explain(error: yaml.MarkedYAMLError, text: str, line: int, column: int) -> tuple[str, str]:
    problem = error.problem or error.context or "it cannot be read"
    lines = _BREAK.split(text)
    written = lines[line - 1] if line <= len(lines) else ""
    before, character = written[: column - 1], written[column - 1 : column]
    if "cannot start any token" in problem and character == "\t":
        return "a tab cannot indent", "indent with spaces"
    if "cannot start any token" in problem and character:
        return (
            f"a value cannot start with {'a backtick' if character == '`' else f'`{character}`'}",
            "quote the value",
        )
    if "expected ','" in problem and character in tuple("[{") and (found := _EXPRESSION.search(before)):
        shown = found[1]
        return (
            f"the expression `{shown}{character}…` has a bracket",
            f'quote the whole expression: "{shown}{character}…"',
        )
    return next(((words, mend) for part, words, mend in _WORDS if part in problem), (problem, _LAST_RESORT))


_LAST_RESORT = "check the brackets, quotes and indentation around it"
_BREAK = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")


def unreadable(error: yaml.YAMLError | UnicodeEncodeError, source: Source) -> Diagnostic:
    """A character that YAML does not allow."""
    # libyaml counts bytes here, PyYAML characters
    found = yaml.reader.Reader.NON_PRINTABLE.search(source.text)
    position = found.start() if found else 0
    before = _BREAK.split(source.text[:position])
    line, column = len(before), len(before[-1]) + 1
    character = source.text[position : position + 1]
    return RULE(
        f"the character {character!r} may not stand in YAML",
        Span(source.file, line, column, line, column + 1),
        "delete the character, or write it as an escape in double quotes",
    )


def not_utf8(data: bytes, position: int, span: Span) -> Diagnostic:
    """Bytes that are no UTF-8 text."""
    if b"\0" in data:
        utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff") or not any(data[1:64:2]) or not any(data[0:64:2])
        what = "it is UTF-16 text" if utf16 else "it is a binary file"
        mend = "save it as UTF-8" if utf16 else "name the YAML file of a spec; data files go to --data"
        return RULE(f"this is not a spec: {what}", span, mend)
    return RULE(
        f"byte {position + 1} (0x{data[position]:02x}) is not UTF-8 text", span, "save the file as UTF-8"
    )
