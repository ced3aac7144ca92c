from __future__ import annotations

import pytest

from zoo.errors import ZooError
from zoo.spec import check_text, loads
from zoo.spec.tools.fmt import format_text
from zoo.spec.tools.new import KINDS, new

CASES = [
    ("orderbook", ["lob:50x40"], ["move:3"]),
    ("orderbook", [], ["soon:3", "later:3"]),
    ("table", ["past:30x4", "slow:10x2"], ["a", "b:5", "c:2"]),
    ("tokens", ["words:12", "title:5"], ["good:2"]),
    ("images", ["left:8x8x1", "right:8x8x3"], ["digit:10", "size"]),
]


@pytest.mark.parametrize("case", [*((kind, [], []) for kind in KINDS), *CASES], ids=str)
def test_a_new_spec_validates_clean(case: tuple[str, list[str], list[str]]):
    kind, inputs, outputs = case
    text = new(kind, name="mine", inputs=inputs, outputs=outputs)
    assert check_text(text).diagnostics == ()
    assert format_text(text) == text and text.isascii() and "#" in text
    spec = loads(text)
    assert spec.name == "mine"
    assert [name for name in spec.outputs] == (
        [item.partition(":")[0] for item in outputs] or list(spec.outputs)
    )


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"data": "sounds"}, "new.data"),
        ({"name": "My Model"}, "new.name"),
        ({"inputs": ["book"]}, "new.input"),
        ({"inputs": ["book:10x0"]}, "new.input"),
        ({"inputs": ["book:10x7"]}, "new.input"),
        ({"inputs": ["a:10x4", "b:10x4"]}, "new.input"),
        ({"outputs": ["Move:3"]}, "new.output"),
        ({"outputs": ["move:1"]}, "new.output"),
        ({"outputs": ["move:5"]}, "new.output"),
        ({"outputs": ["book:3"]}, "new.name"),
    ],
    ids=str,
)
def test_what_cannot_be_read_is_told(given: dict[str, object], code: str):
    with pytest.raises(ZooError) as caught:
        new(**given)  # type: ignore[arg-type]
    assert caught.value.code == code and caught.value.help
