"""The list of models: from the index where it has them, from a spec's own text where not."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from zoo.errors import ZooError
from zoo.spec import catalogue, index
from zoo.spec.index import Entry, list_models


def names(*args: object, **options: object) -> list[str]:
    return [entry.name for entry in list_models(*args, **options)]  # type: ignore[arg-type]


def test_every_spec_is_listed_in_order() -> None:
    assert names() == sorted(catalogue.paths())


def test_words_and_tags() -> None:
    assert "hrnn_lob" in names("ORDER-book hierarchical")
    assert names("no such words anywhere") == []
    tagged = list_models(tag="orderbook")
    assert tagged and all("orderbook" in entry.tags for entry in tagged)
    assert names(tag=["orderbook", "hierarchical-rnn"]) == ["hrnn_lob", "hrnn_lob_course"]


def test_input_sizes_and_order() -> None:
    texts = list_models(input="text")
    assert texts and all(entry.kind == "text" for entry in texts)
    between = list_models(min_params="10k", max_params=12_771, sort="params")
    counts = [entry.parameters for entry in between]
    assert counts == sorted(counts) and counts[0] >= 10_000 and counts[-1] == 12_771
    by_cost = [entry.flops for entry in list_models(sort="flops") if entry.flops is not None]
    assert by_cost == sorted(by_cost)
    folders = [(entry.folder, entry.name) for entry in list_models(sort="folder")]
    assert folders == sorted(folders)


@pytest.mark.parametrize(
    ("text", "size"),
    [("10k", 1e4), ("1.5M", 1.5e6), ("2B", 2e9), ("12,771", 12771), ("1_000", 1000), ("1e3", 1000), (7, 7)],
)
def test_sizes(text: str | int, size: float) -> None:
    assert index.number(text) == size


@pytest.mark.parametrize("text", ["ten", "", "k", "1.5.2M", "3,5k", "1,5"])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(ZooError, match="min_params") as caught:
        list_models(min_params=text)
    assert caught.value.code == "list.size" and "1.5M" in caught.value.help


def test_misspelt_words() -> None:
    with pytest.raises(ZooError) as caught:
        list_models(input="orderbok")
    assert caught.value.code == "list.word" and "did you mean `orderbook`" in caught.value.help
    with pytest.raises(ZooError, match="name, folder, params, flops"):
        list_models(sort="size")


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A zoo of two models, one of them too new for the index."""
    folder = tmp_path / "specs" / "orderbook"
    folder.mkdir(parents=True)
    shutil.copy(catalogue.paths()["hrnn_lob"], folder)
    row = {"name": "hrnn_lob", "about": "From the index.", "tags": ["orderbook"], "kind": "orderbook"}
    (tmp_path / "specs" / index.FILE).write_text(json.dumps({"models": [{**row, "parameters": 12771}]}))
    (folder / "mine.yaml").write_text("spec: 1\nname: mine\nabout: >-\n  My\n  own.\ntags: [text]\n")
    monkeypatch.setattr(catalogue, "folder", lambda: tmp_path / "specs")
    for cached in (catalogue.paths, index.entries):
        cached.cache_clear()
    yield folder
    for cached in (catalogue.paths, index.entries):
        cached.cache_clear()


def test_a_spec_that_the_index_lacks_is_read(checkout: Path) -> None:
    indexed, read = list_models()
    assert (indexed.about, indexed.parameters) == ("From the index.", 12771)
    assert read == Entry("mine", "My own.", ("text",), "orderbook", "text")
    assert read.path == checkout / "mine.yaml"
    assert names(max_params="1M") == ["hrnn_lob"]


def test_a_broken_spec_is_listed_by_its_name(checkout: Path) -> None:
    (checkout / "mine.yaml").write_text("a: [")
    assert list_models()[1] == Entry("mine", folder="orderbook")


def test_a_zoo_without_an_index(checkout: Path) -> None:
    (checkout.parent / index.FILE).unlink()
    assert names(tag="hierarchical-rnn") == ["hrnn_lob"]
