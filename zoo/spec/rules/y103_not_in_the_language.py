"""# Y103: YAML that specs do not use

What it does: refuses anchors and aliases (`&a`, `*a`), tags (`!x`), merge keys (`<<`), a second document,
keys that are not text, and documents that are too large, too deep or have too many values.

Why it is bad: aliases make ten lines of text expand to gigabytes, tags can name code, and both hide from the
reader where a value comes from.

Example:

    row: &row {units: 32}
    column: *row

Instead: make it a parameter (`=units`), a block, or `extends` another spec.
"""

from __future__ import annotations

from zoo.errors import Diagnostic, Span
from zoo.spec.rules import Rule

RULE = Rule("Y103", "error")


def _share(sign: str) -> str:
    return f"a value used twice is a parameter or a block; a text that starts with `{sign}` must be quoted"


def alias(name: str, span: Span) -> Diagnostic:
    """`*name`."""
    return RULE(f"`*{name}` is a YAML alias; specs have none", span, _share("*"))


def anchor(name: str, span: Span) -> Diagnostic:
    """`&name`."""
    return RULE(f"`&{name}` is a YAML anchor; specs have none", span, _share("&"))


def tag(name: str, span: Span) -> Diagnostic:
    """`!name`."""
    written = name.replace("tag:yaml.org,2002:", "!!")
    return RULE(
        f"`{written}` is a YAML tag; specs have none",
        span,
        "delete the tag; a text that starts with `!` must be quoted",
    )


def merge_key(span: Span) -> Diagnostic:
    """`<<:`."""
    return RULE("`<<` is a YAML merge key; specs have none", span, "use `extends` to build on another spec")


def second_document(span: Span) -> Diagnostic:
    """`---` again."""
    return RULE("a second YAML document begins here; a spec is one document", span, "put it in its own file")


def complex_key(span: Span) -> Diagnostic:
    """`? [a]` or `{[a]: 1}`."""
    return RULE(
        "a key must be text, not a list or a map",
        span,
        "quote the key when it is an expression or a text with brackets",
    )


def question_mark(span: Span) -> Diagnostic:
    """`[?x]`, which YAML reads as a map with the key `x`."""
    return RULE(
        "`?` begins a complex key in YAML; specs have none",
        span,
        "a text that starts with `?` must be quoted",
    )


def too_large(size: int, limit: int, span: Span) -> Diagnostic:
    """More bytes than a spec may have."""
    return RULE(
        f"the text has {size / 1e6:,.1f} MB; a spec may have {limit / 1e6:.1f} MB",
        span,
        "is this a spec? A data file goes to --data",
    )


def too_deep(limit: int, span: Span) -> Diagnostic:
    """Nested deeper than a spec may be."""
    return RULE(
        f"lists and maps are nested more than {limit} deep", span, "use blocks, models or named tensors"
    )


def too_many(limit: int, span: Span) -> Diagnostic:
    """More values than a spec may have."""
    return RULE(f"the document has more than {limit:,} values", span, "use `repeat`, `each` or blocks")
