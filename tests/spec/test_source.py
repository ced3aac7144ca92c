"""Text to marked nodes: spans, keys, limits, encodings."""

from __future__ import annotations

import pytest

from zoo.errors import Diagnostic
from zoo.spec import check_text, source
from zoo.spec.nodes import Mapping, Node, Scalar, Sequence, plain
from zoo.spec.source import Source, decode, parse


def read(text: str) -> tuple[Node | None, list[Diagnostic]]:
    found: list[Diagnostic] = []
    return parse(Source("t.yaml", text), found.append), found


def good(text: str) -> Node:
    node, found = read(text)
    assert node is not None and not found, found
    return node


def codes(text: str) -> list[str]:
    return [item.code for item in read(text)[1]]


def test_spans_count_from_one_and_end_after_the_last_character() -> None:
    root = good("a: 1\nmap:\n  - [x, yy]\n  - z: {k: v}\n")
    assert isinstance(root, Mapping)
    outer = root.get("map")
    assert isinstance(outer, Sequence)
    first = outer.items[0]
    assert (first.span.line, first.span.column, first.span.end_line, first.span.end_column) == (3, 5, 3, 12)
    second = outer.items[1]
    assert (second.span.line, second.span.column, second.span.end_line, second.span.end_column) == (
        4,
        5,
        4,
        14,
    )
    assert (outer.span.end_line, outer.span.end_column) == (4, 14), "a block ends with its last item"
    key = root.key("map")
    assert key is not None and (key.span.line, key.span.column, key.span.end_column) == (2, 1, 4)


def test_spans_count_characters_not_bytes() -> None:
    root = good("é: {ü: 💥x, k: v}\n")
    assert isinstance(root, Mapping)
    inner = root.get("é")
    assert isinstance(inner, Mapping)
    value = inner.get("k")
    assert value is not None and value.span.column == 15


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_line_breaks_of_any_system(line_break: str) -> None:
    root = good(line_break.join(["a: 1", "b: 2", ""]))
    assert isinstance(root, Mapping)
    value = root.get("b")
    assert value is not None and value.span.line == 2 and plain(root) == {"a": 1, "b": 2}


def test_keys_are_text_as_written_and_keep_their_order() -> None:
    root = good("z: 1\ny: 2\n12: 3\nno: 4\n1e3: 5\nnull: 6\n~: 7\n")
    assert isinstance(root, Mapping)
    assert root.keys() == ("z", "y", "12", "no", "1e3", "null", "~")


def test_quoted_text_is_never_a_number() -> None:
    assert plain(good("['1', \"true\", '', \"~\", 1]")) == ["1", "true", "", "~", 1]


def test_block_scalars() -> None:
    assert plain(good("a: |\n  one\n  two\nb: >-\n  one\n  two\n")) == {"a": "one\ntwo\n", "b": "one two"}


def test_duplicate_keys_point_at_the_first() -> None:
    node, found = read("a: 1\nb: 2\na: 3\na: 4\n")
    assert plain(node) == {"a": 1, "b": 2}
    assert [(item.code, item.span.line if item.span else 0) for item in found] == [("Y101", 3), ("Y101", 4)]
    assert [item.related[0][0].line for item in found] == [1, 1]


def test_duplicate_keys_in_different_maps_are_fine() -> None:
    good("a: {k: 1}\nb: {k: 1}\n")


def test_depth_is_limited_without_recursion() -> None:
    assert codes("[" * source.MAX_DEPTH + "]" * source.MAX_DEPTH) == []
    assert codes("[" * 5000) == ["Y103"]
    assert codes("".join(f"{' ' * depth}a:\n" for depth in range(200))) == ["Y103"]


def test_number_of_values_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "MAX_NODES", 1000)
    assert codes(f"[{'1,' * 998}]") == []
    assert codes(f"[{'1,' * 5000}]") == ["Y103"]


def test_size_is_limited_before_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "MAX_BYTES", 1000)
    assert codes("#" * 1001) == ["Y103"]
    problem = decode(b"#" * 1001, "t.yaml")[1]
    assert problem is not None and problem.code == "Y103" and "--data" in problem.help


def test_billion_laughs_are_refused() -> None:
    text = "a: &a [x, x]\n" + "".join(
        f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefg", "bcdefgh", strict=True)
    )
    report = check_text(text)
    assert not report.ok and {"Y103"} <= {item.code for item in report.diagnostics}


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_byte_order_mark_is_dropped(mark: str) -> None:
    text, problem = decode(f"{mark}a: 1\n".encode(), "t.yaml")
    assert problem is None and text == "a: 1\n"
    root = good(f"{mark}a: 1\n")
    assert isinstance(root, Mapping) and root.entries[0][0].span.column == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("a: é\n".encode("latin-1"), "is not UTF-8"),
        ("a: 1\n".encode("utf-16"), "UTF-16"),
        ("a: 1\n".encode("utf-16-le"), "UTF-16"),
        ("a: 1\n".encode("utf-16-be"), "UTF-16"),
        (b"a: 1\x00\n", "binary"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "binary"),
        (b"\x80", "is not UTF-8"),
    ],
)
def test_other_encodings_are_named(data: bytes, words: str) -> None:
    text, problem = decode(data, "t.yaml")
    assert text == "" and problem is not None
    assert problem.code == "Y104" and words in problem.message


@pytest.mark.parametrize("text", ["\ud800", "a: \udfff", "a: \x07", "a\x00b", "a: \ufffe"])
def test_characters_that_yaml_has_not(text: str) -> None:
    _, found = read(text)
    assert [item.code for item in found] == ["Y104"]


def test_the_place_of_a_bad_character() -> None:
    _, found = read("a: 1\nbé: x\x07\n")
    span = found[0].span
    assert span is not None and (span.line, span.column) == (2, 6)


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n", "...\n"])
def test_nothing_to_read(text: str) -> None:
    report = check_text(text)
    assert not report.ok and len(report.diagnostics) == 1


def test_one_document_may_have_its_dashes() -> None:
    assert plain(good("---\na: 1\n...\n")) == {"a": 1}
    assert codes("a: 1\n---\nb: 2\n") == ["Y103"]


def test_scalar_carries_what_was_written() -> None:
    node = good("0x10")
    assert isinstance(node, Scalar) and (node.value, node.text, node.plain) == (16, "0x10", True)
