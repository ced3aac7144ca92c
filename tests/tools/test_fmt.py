from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.invalid import golden
from zoo.errors import SpecError, ZooError
from zoo.spec.catalogue import paths
from zoo.spec.tools import comments
from zoo.spec.tools.fmt import format_text, meaning, read

LANGUAGE = Path(__file__).resolve().parents[3] / "shared" / "language"
SPECS = [*paths().values(), *sorted(LANGUAGE.glob("*.yaml"))]
INVALID = golden.cases()

PLAIN = [
    "1",
    "1e-3",
    "relu",
    "null",
    "~",
    "=a if b else c",
    "=width//2",
    "'a # b'",
    '"x: y, [z]"',
    "'it''s'",
    '"=max(1, n)"',
]
ONLY_IN_BLOCKS = [
    "",
    "=k[1:3]",
    "a, b",
    ">-\n folded\n text # no remark",
    "|\n kept\n\n   deeper",
    "two\n lines\n\n of text",
    '"over\n lines"',
]


def remarks(text: str) -> list[str]:
    root = read(text, "x")
    return sorted(item.text for item in comments.find(comments.BREAK.split(text), root))


def check(text: str) -> str:
    done = format_text(text)
    assert meaning(read(done, "x")) == meaning(read(text, "x"))
    assert remarks(done) == remarks(text)
    assert format_text(done) == done
    assert all(line == line.rstrip() for line in done.splitlines())
    return done


@pytest.mark.parametrize("path", SPECS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_spec_keeps_its_meaning(path: Path):
    check(path.read_text())


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_a_bad_spec_is_laid_out_or_refused(path: Path):
    try:
        text = path.read_text()
        check(text)
    except (UnicodeDecodeError, ZooError):
        pass


class Writer:
    """Writes a tree in any style that YAML allows: indentation, blanks, remarks, flow or block."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.count = 0

    def remark(self) -> str:
        self.count += 1
        return f"# remark {self.count}"

    def behind(self) -> str:
        return "  " * self.random.randint(1, 4) + self.remark() if self.random.random() < 0.2 else ""

    def above(self, indent: int) -> str:
        lines = []
        for _ in range(self.random.choice([0, 0, 0, 1, 2])):
            lines.append(
                self.random.choice(
                    ["", "", " " * self.random.choice([0, indent, indent + 3]) + self.remark()]
                )
            )
        return "".join(f"{line}\n" for line in lines)

    def flow(self, value: Any, depth: int = 0) -> str:
        blank = self.random.choice(["", " ", "  "])
        if isinstance(value, dict):
            inner = ("," + self.random.choice([" ", "  "])).join(
                f"{key}: {self.flow(item, depth + 1)}" for key, item in value.items()
            )
            return f"{{{blank}{inner}{blank}}}"
        if isinstance(value, list):
            parts = []
            for item in value:
                text = self.flow(item, depth + 1)
                if isinstance(item, dict) and len(item) == 1 and self.random.random() < 0.7:
                    text = text[1:-1].strip()
                parts.append(text)
            if depth == 0 and parts and self.random.random() < 0.3:
                lines = "".join(
                    f"\n          {part},{'  ' + self.remark() if self.random.random() < 0.3 else ''}"
                    for part in parts
                )
                return f"[{self.behind()}{lines}\n       ]"
            return f"[{blank}{', '.join(parts)}{blank}]"
        return value if value not in ONLY_IN_BLOCKS else "text"

    def block(self, value: Any, indent: int) -> str:
        step = self.random.randint(1, 4)
        pad = " " * indent
        out = []
        for key, item in value.items() if isinstance(value, dict) else ((None, item) for item in value):
            out.append(self.above(indent))
            head = f"{pad}- " if key is None else f"{pad}{key}:"
            gap = "" if key is None else " " * self.random.choice([1, 1, 2, 5])
            nested = isinstance(item, (dict, list)) and item and self.random.random() < 0.6
            if nested and key is not None:
                out.append(f"{head}{self.behind()}\n{self.block(item, indent + step)}")
            elif nested and isinstance(item, dict):
                body = self.block(item, indent + 2)
                out.append(
                    f"{pad}-\n{body}" if body.lstrip(" ")[:1] in "#\n" else f"{head}{body[indent + 2 :]}"
                )
            elif isinstance(item, str) and "\n" in item:
                first, *rest = item.split("\n")
                out.append(
                    f"{head}{gap}{first}\n" + "".join(f"{pad}  {line}\n" if line else "\n" for line in rest)
                )
            else:
                text = self.flow(item) if not isinstance(item, str) else item
                out.append(f"{head}{gap if text else ''}{text}{self.behind()}\n")
        return "".join(out)


leaves = st.sampled_from(PLAIN + ONLY_IN_BLOCKS)
keys = st.sampled_from(["a", "bb", "Dense", "=t", "long_name_of_a_key", "'quoted key'", "x1"])
trees = st.recursive(
    leaves,
    lambda inner: st.dictionaries(keys, inner, max_size=4) | st.lists(inner, max_size=4),
    max_leaves=25,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tree=st.dictionaries(keys, trees, min_size=1, max_size=5), seed=st.integers(0, 10**6))
def test_any_style_becomes_one_layout_with_the_same_meaning(tree: dict[str, Any], seed: int):
    random = Random(seed)
    text = Writer(random).block(tree, random.choice([0, 0, 2]))
    try:
        read(text, "x")
    except SpecError:
        return  # a trap of the language, such as a block scalar that is no step of a list
    check(text)


def test_the_layout():
    text = """\
# the head
spec:   1


name: x      # behind
inputs:
    book:  { shape: [ 10,2 ] }
    other: {shape: [3]}
graph:
    code: [ book,   {LSTM: {units: 8,}},   # the code
            Dropout: 0.1 ]
    # about y
    y: [[code, other], Concatenate, Dense: {units: 3, activation: softmax, kernel_regularizer: {L2: 1e-3}},
        Identity]

    # the end of the graph
# the end
outputs:
- y
"""
    assert (
        check(text)
        == """\
# the head
spec: 1

name: x  # behind
inputs:
  book:  {shape: [10, 2]}
  other: {shape: [3]}
graph:
  code:
    - book
    - LSTM: {units: 8}  # the code
    - Dropout: 0.1
  # about y
  y:
    - [code, other]
    - Concatenate
    - Dense: {units: 3, activation: softmax, kernel_regularizer: {L2: 1e-3}}
    - Identity

  # the end of the graph
# the end
outputs:
  - y
"""
    )


def test_windows_line_ends_and_a_byte_order_mark_go():
    assert format_text("\ufeffspec: 1\r\nname: x  \r\n") == "spec: 1\nname: x\n"


def test_text_that_is_not_yaml_is_told_at_its_line():
    with pytest.raises(SpecError) as caught:
        format_text("spec: 1\nname: [x\n", "bad.yaml")
    assert caught.value.diagnostics[0].code == "Y104"
