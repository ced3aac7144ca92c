"""``docs/models.md``: every model's card, and one table of weights here and as published."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from zoo.spec import catalogue
from zoo.spec.card import Card, card
from zoo.spec.tools import card_text, generated
from zoo.spec.tools.words import said

TARGET = Path(__file__).resolve().parents[3] / "docs" / "models.md"
_HEAD = """\
# The models of the zoo

Made by `python -m zoo.spec.tools.models --write` (`make docs`) from the specs; change a model there.
`zoo show NAME` prints one of these cards, `zoo plot NAME` draws it, `zoo show NAME --cite` gives its BibTeX
entries. Operations are those of one prediction for one window, a multiply-add counting 2.
"""


def text() -> str:
    """The whole page."""
    cards = [card(name) for name in catalogue.paths()]
    folders = list(dict.fromkeys(sorted(item.folder for item in cards)))
    parts = [_HEAD, "## Parameters here and as published\n", *_table(cards), ""]
    for folder in folders:
        parts.append(f"## {folder}\n")
        for item in cards:
            if item.folder == folder:
                parts += _section(item)
    return "\n".join(parts).rstrip() + "\n"


def _table(cards: Iterable[Card]) -> Iterator[str]:
    yield "| model | parameters here | published | equal, or why not | operations |"
    yield "|---|---:|---:|---|---:|"
    for item in cards:
        cells = (_count(item.parameters), _count(item.published), compared(item))
        cost = ("≥ " if item.uncounted else "") + card_text.amount(item.flops)
        yield f"| [{item.name}](#{item.name}) | {' | '.join(cells)} | {cost} |"


def _count(count: int | None) -> str:
    return "–" if count is None else f"{count:,}"


def compared(item: Card) -> str:
    """How the number of weights stands to the published one."""
    if item.published is None:
        return "none published"
    if item.published == item.parameters:
        return "equal"
    return escaped(item.difference) or "not explained"


def _section(item: Card) -> Iterator[str]:
    yield f"### {item.name}\n\n{escaped(item.about)}\n"
    yield "```text\n" + "\n".join(card_text.picture(item, 100)) + "\n```\n"
    yield from _list("Inputs", map(escaped, (card_text.input_line(*pair) for pair in item.inputs.items())))
    yield from _list("Outputs", map(escaped, (card_text.output_line(*pair) for pair in item.outputs.items())))
    yield from _list("Size", map(escaped, (card_text.size_line(item), card_text.cost_line(item))))
    yield from _list("Speed", map(escaped, map(card_text.speed_line, item.speed)))
    yield from _params(item)
    yield from _list("Recipe", map(escaped, item.recipe))
    yield from _list("Data", map(escaped, item.data))
    allowed = (card_text.allowed_line(code, reason) for code, reason in item.lint.items())
    yield from _list("Warnings allowed", map(escaped, allowed))
    yield from _list("Source", _source(item))
    path = catalogue.paths()[item.name]
    tags = f" · {', '.join(item.tags)}" if item.tags else ""
    yield f"[{path.name}](../specs/{path.parent.name}/{path.name}){tags}\n"


def _list(head: str, items: Iterable[str]) -> Iterator[str]:
    lines = [f"- {item}" for item in items]
    if lines:
        yield f"**{head}**\n\n" + "\n".join(lines) + "\n"


def _params(item: Card) -> Iterator[str]:
    if not item.params:
        return
    rows = ["| parameter | value | may be | tune | |", "|---|---|---|---|---|"]
    for param in item.params.values():
        tune = "" if param.tune is None else said(param.tune)
        cells = (said(param.value), card_text.limits_text(param), tune, param.doc)
        rows.append(f"| `{param.name}` | {' | '.join(map(escaped, cells))} |")
    yield "\n".join(rows) + "\n"


def _source(item: Card) -> Iterator[str]:
    source = item.source
    title, url = escaped(str(source.get("title") or "")), str(source.get("url") or "")
    if title or url:
        yield f"[{title or url}]({url})" if url else title
    for line in card_text.source_lines(item):
        if line not in (source.get("title"), source.get("url")):
            yield escaped(line)


def escaped(text: str) -> str:
    """Text as Markdown shows it letter by letter; `code` stays code."""
    parts = re.split(r"(`[^`]*`)", " ".join(text.split()))
    marks = r"([\\*<\[\]$]|\b_|_\b)"  # an underscore inside a word marks nothing
    plain = (part if at % 2 else re.sub(marks, r"\\\1", part) for at, part in enumerate(parts))
    return "".join(plain).replace("|", r"\|")


def main(arguments: list[str]) -> int:
    """``python -m zoo.spec.tools.models --write | --check``."""
    return generated.run(arguments, "zoo.spec.tools.models", TARGET, text, "specs")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
