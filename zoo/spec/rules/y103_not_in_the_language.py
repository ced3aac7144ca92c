"""# Y103: YAML that specs do not use

What it does: refuses anchors and aliases (`&a`, `*a`), tags (`!x`), merge keys (`<<`), a second document, keys that are
not text, and documents that are too large, too deep or have too many values.

Why it is bad: aliases make ten lines of text expand to gigabytes, tags can name code, and both hide from the reader
where a value comes from.

Example:

    row: &row {units: 32}
    column: *row

Instead: make it a parameter (`=units`), a block, or `extends` another spec.
"""

from __future__ import annotations

from zoo.errors import Diagnostic, Span
from zoo.spec.rules import Rule

RULE = Rule("Y103", "error")
_SHARE = "to write a value once, make it a parameter (`=name`) or a block"


def alias(name: str, span: Span) -> Diagnostic:
    """`*name`."""
    return RULE(f"`*{name}` is a YAML alias; specs have none", span, _SHARE)


def anchor(name: str, span: Span) -> Diagnostic:
    """`&name`."""
    return RULE(f"`&{name}` is a YAML anchor; specs have none", span, _SHARE)


def tag(name: str, span: Span) -> Diagnostic:
    """`!name`."""
    return RULE(f"`{name}` is a YAML tag; specs have none", span, 'write the value plainly, or quote text: "!"')


def merge_key(span: Span) -> Diagnostic:
    """`<<:`."""
    return RULE("`<<` is a YAML merge key; specs have none", span, "use `extends` to build on another spec")


def second_document(span: Span) -> Diagnostic:
    """`---` again."""
    return RULE("a second YAML document begins here; a spec is one document", span, "put it in its own file")


def complex_key(span: Span) -> Diagnostic:
    """`? [a]` or `{[a]: 1}`."""
    return RULE("a key must be text, not a list or a map", span, "quote an expression that is used as a key")


def too_large(size: int, limit: int, span: Span) -> Diagnostic:
    """More bytes than a spec may have."""
    return RULE(
        f"the text has {size / 1e6:,.1f} MB; a spec may have {limit / 1e6:.1f} MB",
        span,
        "is this a spec? A data file goes to --data",
    )


def too_deep(limit: int, span: Span) -> Diagnostic:
    """Nested deeper than a spec may be."""
    return RULE(f"lists and maps are nested more than {limit} deep", span, "use blocks, models or named tensors")


def too_many(limit: int, span: Span) -> Diagnostic:
    """More values than a spec may have."""
    return RULE(f"the document has more than {limit:,} values", span, "use `repeat`, `each` or blocks")
