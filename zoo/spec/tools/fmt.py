"""``zoo fmt``: one layout for every spec. Blanks, line breaks and braces change, never what a spec says."""

from __future__ import annotations

from typing import Any

from zoo.errors import Diagnostic, SpecError, ZooError
from zoo.spec.check import Report
from zoo.spec.nodes import Mapping, Node, Scalar
from zoo.spec.source import Source, parse
from zoo.spec.tools import comments
from zoo.spec.tools.layout import layout


def format_text(text: str, file: str = "<text>") -> str:
    r"""A spec's text in the house layout; formatting twice changes nothing more.

    Args:
        text: the whole document; it must be YAML, it need not be a correct spec.
        file: what messages call it.

    Raises:
        SpecError: the text cannot be read as YAML of the language.

    Example:
        >>> format_text("spec:   1\ninputs: {x: {shape: [ 4,5 ]}}  # four by five")
        'spec: 1\ninputs: {x: {shape: [4, 5]}}  # four by five\n'
    """
    root = read(text, file)
    done = layout(root, text.removeprefix("\ufeff"))
    if _remarks(text, root) != _remarks(done, again := read(done, file)) or meaning(root) != meaning(again):
        raise ZooError(
            f"{file} is laid out in a way that `zoo fmt` cannot change safely; it is left as it is",
            help="a block scalar with an indentation number (`|2`) is such a case: leave the number out",
            code="fmt.unsafe",
        )
    return done


def read(text: str, file: str) -> Mapping:
    """The document's nodes; SpecError when the text cannot be read."""
    found: list[Diagnostic] = []
    root = parse(Source(file, text), found.append)
    errors = tuple(item for item in found if item.level == "error")
    if errors:
        raise SpecError(Report(errors, {file: text}, file))
    if not isinstance(root, Mapping):
        raise ZooError(
            f"{file} is not a spec: a spec is a map of sections",
            help="`zoo new` writes one",
            code="fmt.no_spec",
        )
    return root


def meaning(node: Node) -> Any:
    """A node without its places, for comparing."""
    if isinstance(node, Scalar):
        return repr(node.value)
    if isinstance(node, Mapping):
        return tuple((key.text, meaning(value)) for key, value in node)
    return [meaning(item) for item in node.items]


def _remarks(text: str, root: Node) -> list[str]:
    lines = comments.BREAK.split(text.removeprefix("\ufeff"))
    return sorted(comment.text for comment in comments.find(lines, root))
