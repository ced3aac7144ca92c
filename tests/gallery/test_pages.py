from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.gallery.reading import HOSTILE, Page
from zoo.build.gallery.write import main, write
from zoo.errors import ZooError
from zoo.spec import load
from zoo.spec.catalogue import paths
from zoo.spec.tools import labels
from zoo.spec.tools.draw import submodels


def test_every_model_has_a_page_that_the_index_leads_to(gallery: Path):
    index = Page(gallery / "index.html")
    listed = [given["href"] for given in index.all("a") if (given["href"] or "").startswith("models/")]
    assert sorted(listed) == sorted(f"models/{name}.html" for name in paths())
    assert {path.stem for path in (gallery / "models").iterdir()} == set(paths())


def test_no_link_is_broken_and_nothing_is_loaded_from_elsewhere(gallery: Path):
    pages = {path.resolve(): Page(path) for path in gallery.rglob("*.html")}
    for path, page in pages.items():
        ids = page.ids()
        assert len(ids) == len(set(ids)), path
        for tag, given in page.elements:
            for name in ("href", "src", "data", "poster", "srcset"):
                target = given.get(name)
                if target is None or target == "data:,":
                    continue
                parts = urlsplit(target)
                if parts.scheme:
                    assert (tag, parts.scheme) in {("a", "https"), ("a", "http")}, (path, target)
                    continue
                found = (path.parent / parts.path).resolve() if parts.path else path
                assert found.is_file(), (path, target)
                if parts.fragment and found in pages and not parts.fragment.startswith("tag="):
                    assert unquote(parts.fragment) in pages[found].ids(), (path, target)
    style = (gallery / "gallery.css").read_text() + (gallery / "gallery.js").read_text()
    assert not re.search(r"@import|url\(|fetch\(|XMLHttpRequest|https?:|import ", style)


@pytest.mark.parametrize("name", paths())
def test_a_page_shows_the_text_as_written_and_every_node(gallery: Path, name: str):
    page, spec = Page(gallery / "models" / f"{name}.html"), load(name)
    assert page.specs[0] == Path(spec.file).read_text()
    assert {f"model-{model}" for model in submodels(spec.graph)} <= set(page.ids())
    drawn = {
        f"node-{item}" for item in (*spec.graph.inputs, *(call.id for call, _ in labels.drawn(spec.graph)))
    }
    nodes = {given["id"]: given for given in page.all("a", "node")}
    assert {item.replace(":", ".3a") for item in drawn} <= set(nodes)
    assert len(nodes) == len(page.all("a", "row"))
    places = {given["id"]: given for given in page.all("a", "place")}
    for node, given in nodes.items():
        step = places[(given["href"] or "")[1:]]
        assert node in (step["data-nodes"] or "").split()


def _places(page: Page) -> dict[str, set[str]]:
    return {
        given["id"] or "": {node.removeprefix("node-") for node in (given["data-nodes"] or "").split()}
        for given in page.all("a", "place")
    }


def test_a_word_leads_to_every_node_it_made(twice: Path):
    page = Page(twice / "models" / "twice.html")
    lines = page.specs[0].splitlines()
    found = _places(page)

    def made_by(line: int, word: str) -> set[str]:
        return found[f"at-{line}-{lines[line - 1].index(word) + 1}"]

    loop = {"answer__0__dense_1", "answer__0__activation_1", "answer__1__dense_1", "answer__1__activation_1"}
    assert made_by(23, "repeat") == made_by(23, "pair") == loop
    assert made_by(16, "Dense") == {name for name in loop if "dense" in name}
    assert made_by(20, "answer") == loop | {"answer__concatenate_1", "answer"}
    assert made_by(26, "answer") == {"answer"}
    assert made_by(9, "Dense") == {"squash", "squash.3a2"}
    assert made_by(11, "code") == {"many__time_distributed_1", "code"}
    assert made_by(13, "Dense") == {"code.2fy"}


def test_calls_of_one_set_of_weights_are_one_group_and_a_submodel_is_drawn(twice: Path):
    page = Page(twice / "models" / "twice.html")
    nodes = {(given["id"] or "").removeprefix("node-"): given for given in page.all("a", "node")}
    groups: dict[str | None, set[str]] = {}
    for name, given in nodes.items():
        groups.setdefault(given.get("data-group"), set()).add(name)
    groups.pop(None)
    assert groups == {"squash": {"squash", "squash.3a2"}, "code": {"many__time_distributed_1", "code"}}
    assert nodes["code"]["data-model"] == nodes["many__time_distributed_1"]["data-model"] == "model-code"
    assert "model-code" in page.ids()
    assert {"code.2fx", "code.2fy"} <= set(nodes)
    assert "call 2 of 2 with the same weights" in (nodes["squash.3a2"]["aria-label"] or "")


def test_lines_of_a_parent_stand_on_the_page_too(gallery: Path):
    page = Page(gallery / "models" / "hrnn_lob_course.html")
    assert page.specs == [paths()[name].read_text() for name in ("hrnn_lob_course", "hrnn_lob")]
    window = next(given for given in page.all("a", "node") if given["id"] == "node-window_code")
    assert (window["href"] or "").startswith("#at-hrnn_lob-")


def test_what_a_spec_says_is_text_and_never_markup(tmp_path: Path):
    (tmp_path / "hostile.yaml").write_text(HOSTILE)
    gallery = write(tmp_path / "gallery", [tmp_path / "hostile.yaml"]).parent
    for path in (gallery / "index.html", gallery / "models" / "hostile.html"):
        page = Page(path)
        assert [given["src"] for given in page.all("script")] == [
            "../gallery.js" if path.parent.name == "models" else "gallery.js"
        ]
        assert not page.all("img") and not page.all("style")
        for _, given in page.elements:
            assert not [name for name in given if name.startswith("on")]
            assert "javascript:" not in (given.get("href") or "")
    shown = "".join(page.texts)
    for word in ("about", "title", "cite", "lint", "doc", "input", "comment"):
        assert f"<script>alert('{word}')</script>" in shown
    assert page.specs == [HOSTILE]
    assert "\x01" not in path.read_text()


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "file").touch()
    with pytest.raises(ZooError, match="the gallery cannot be written to") as caught:
        write(tmp_path / "file", ["headline"])
    assert caught.value.code == "gallery.write"
    assert main(["--out", str(tmp_path / "file")]) == 1
    assert "check the path" in capsys.readouterr().err


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_colours_of_text_stand_out(gallery: Path, theme: int):
    style = (gallery / "gallery.css").read_text()
    block = re.findall(r":root \{(.*?)\}", style, re.DOTALL)[theme]
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block))
    on_paper = ("ink", "quiet", "link", "accent", "section", "key", "class", "verb", "expression", "number",
                "string", "name", "comment")  # fmt: skip
    grounds = {text: ("paper", "ground") for text in on_paper}
    grounds["ink"] += ("input", "output", "shared", "model", "op", "layer", "glow")
    for text, behind in grounds.items():
        for ground in behind:
            high, low = sorted((_luminance(colours[text]), _luminance(colours[ground])), reverse=True)
            assert (high + 0.05) / (low + 0.05) >= 4.5, (text, ground)
