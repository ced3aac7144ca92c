"""The sections ``tags`` and ``lint``: words to find a model by, and findings allowed in it with a reason."""

from __future__ import annotations

from zoo.spec import rules
from zoo.spec.nodes import Mapping, Node, Report, Scalar, Sequence
from zoo.spec.rules import s106_unknown_key, s107_malformed


def tags(document: Mapping, report: Report) -> tuple[str, ...]:
    """The words to find a model by."""
    node = document.get("tags")
    if node is None or _empty(node):
        return ()
    if not isinstance(node, Sequence):
        report(s107_malformed.wrong_shape("tags", "a list of words", node, "write tags: [orderbook]"))
        return ()
    found = []
    for item in node.items:
        if isinstance(item, Scalar) and not _empty(item):
            found.append(item.text)
        else:
            report(s107_malformed.wrong_shape("tags", "a list of words", item))
    return tuple(found)


def lint(document: Mapping, report: Report) -> dict[str, str]:
    """The codes that ``lint: {allow: {CODE: reason}}`` allows, each with its reason."""
    node = document.get("lint")
    if node is None or _empty(node):
        return {}
    if not isinstance(node, Mapping):
        report(s107_malformed.wrong_shape("lint", "a map {allow: {CODE: reason}}", node))
        return {}
    for key, _ in node:
        if key.text != "allow":
            report(s106_unknown_key.diagnose(key, ("allow",), "`lint`"))
    allowed = node.get("allow")
    if allowed is None or _empty(allowed):
        return {}
    if not isinstance(allowed, Mapping):
        report(s107_malformed.wrong_shape("lint.allow", "a map of codes with their reasons", allowed))
        return {}
    found = {}
    for key, reason in allowed:
        if key.text not in rules.codes():
            report(s106_unknown_key.diagnose(key, tuple(rules.codes()), "`lint.allow`"))
        elif isinstance(reason, Scalar) and not _empty(reason):
            found[key.text] = reason.text
        else:
            report(s107_malformed.wrong_shape(f"lint.allow.{key.text}", "the reason, a text", reason))
    return found


def _empty(node: Node) -> bool:
    return isinstance(node, Scalar) and (node.value is None or node.text == "")
