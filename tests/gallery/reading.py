"""A page as a test reads it."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

HOSTILE = r"""
spec: 1
name: "<script>alert('name')</script>"
about: "<script>alert('about')</script><img src=x onerror=alert(1)>"
tags: ["\"><script>alert('tag')</script>", "a b"]
source:
  title: "</p><script>alert('title')</script>"
  url: "javascript:alert('url')"
  notes: "<style>*{display:none}</style> --> ]]> <!-- \u0001"
cite: [{type: misc, key: k, title: "</pre><script>alert('cite')</script>", url: "javascript:alert('cite')"}]
lint: {allow: {D301: "<script>alert('lint')</script>"}}
params:
  units: {default: 3, doc: "<script>alert('doc')</script>"}
inputs:
  x: {shape: [4], doc: "\"><script>alert('input')</script>"}
graph:
  # <script>alert('comment')</script>
  y: [x, Dense: {units: =units, name: "\"><img src=x onerror=alert(1)>&amp;\\N"}, Dense: 1]
outputs:
  y: {loss: mse}
"""


class Page(HTMLParser):
    """Every element with its attributes, and the text of the specs."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.specs: list[str] = []
        self._in_spec = self._in_code = False
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag == "div" and dict(attrs).get("class") == "spec":
            self._in_spec = True
            self.specs.append("")
        self._in_code = self._in_code or tag == "code"

    def handle_endtag(self, tag: str) -> None:
        self._in_spec = self._in_spec and tag != "div"
        self._in_code = self._in_code and tag != "code"

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if self._in_spec and self._in_code:
            self.specs[-1] += data

    def all(self, tag: str, kind: str = "") -> list[dict[str, str | None]]:
        """Attributes of the elements of a tag, and of a class."""
        return [
            given
            for name, given in self.elements
            if name == tag and (not kind or kind in (given.get("class") or "").split())
        ]

    def ids(self) -> list[str]:
        return [given["id"] or "" for _, given in self.elements if "id" in given]
