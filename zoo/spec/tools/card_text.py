"""A card as a page for the terminal: one or two screens, as wide as it is."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

from zoo.spec.card import Card
from zoo.spec.params import Param
from zoo.spec.tools.words import said

HEAD = 10
_APART = ("inputs", "recipe", "source")  # headings that begin a new group
_RAILS = re.compile("[│─├┤┼╮╯╭╰┬┴●○◆ ]*")
_WIDE = 24  # columns of lines beside the words
MAX_ROWS = 18  # a longer drawing is cut in the middle
Style = Callable[[str], str]


def page(card: Card, width: int = 80, head: Style = str, say: Style = str) -> str:
    """The whole card.

    Args:
        card: what `zoo.card` gave.
        width: columns of the page.
        head: how a heading is set off, such as in bold.
        say: how a sentence is said, such as in R's words.
    """
    parts = [head(card.name), *textwrap.wrap(card.about, width)]
    if rows := picture(card, width, say):
        parts += ["", *rows]
    for name, items in sections(card).items():
        if items:
            parts += [""] * (name in _APART) + [*_section(name, [say(item) for item in items], width, head)]
    return "\n".join(parts)


def _section(name: str, items: list[str], width: int, head: Style) -> Iterator[str]:
    for number, item in enumerate(items):
        lines = textwrap.wrap(item, max(width - HEAD, 20), subsequent_indent="  ", break_on_hyphens=False)
        for at, line in enumerate(lines):
            first = number == 0 and at == 0
            yield (head(name) + " " * (HEAD - len(name)) if first else " " * HEAD) + line


def picture(card: Card, width: int, say: Style = str) -> list[str]:
    """The drawing, cut where it is long or wide."""
    _, *rows = card.picture.splitlines()  # its first row says name and size, as the card does
    if len(rows) > MAX_ROWS:
        ahead, behind = MAX_ROWS - 7, 6
        pointer = say(f"… {len(rows) - ahead - behind} more rows: `zoo plot {card.name} --format text`")
        rows = [*_narrowed(rows[:ahead]), pointer, *_narrowed(rows[-behind:])]
    return [_cut(row, width) for row in rows]


def _narrowed(rows: list[str]) -> list[str]:
    """Rows of a part, their words under each other: other parts may need many more lines beside."""
    parts = []
    for row in rows:
        found = _RAILS.match(row)
        lines, words = (found[0], row[found.end() :]) if found else ("", row)
        lines = lines.rstrip()
        parts.append((lines if len(lines) <= _WIDE else lines[: _WIDE - 1] + "…", words))
    wide = max((len(lines) for lines, _ in parts), default=0)
    return [f"{lines.ljust(wide)}  {words}".rstrip() for lines, words in parts]


def _cut(row: str, width: int) -> str:
    """A row that fits; what comes out stays readable at its end."""
    if len(row) <= width:
        return row
    _, arrow, shape = row.rpartition(" → ")
    room = width - 1 - len(arrow + shape)
    return row[:room] + "…" + arrow + shape if arrow and room > 20 else row[: width - 1] + "…"


def sections(card: Card) -> dict[str, list[str]]:
    """Heading → paragraphs; a heading with none is left out."""
    return {
        "inputs": [input_line(name, item) for name, item in card.inputs.items()],
        "outputs": [output_line(name, item) for name, item in card.outputs.items()],
        "params": [param_line(param) for param in card.params.values()],
        "size": [size_line(card), cost_line(card)],
        "speed": [speed_line(item) for item in card.speed],
        "recipe": list(card.recipe),
        "data": list(card.data),
        "source": source_lines(card),
        "allowed": [allowed_line(code, reason) for code, reason in card.lint.items()],
        "tags": [", ".join(card.tags)] if card.tags else [],
    }


def shape_text(shape: Any) -> str:
    """Sizes without the batch axis: ``100 × 40``."""
    if shape is None:
        return "shape not known"
    return " × ".join("any" if size is None else str(size) for size in shape) or "one number"


def input_line(name: str, item: Any) -> str:
    """``book: 100 × 40 float32. Ten levels …``."""
    batch = f", batches of {item.batch_size} only" if item.batch_size is not None else ""
    return f"{name}: {shape_text(item.shape)} {item.dtype}{batch}" + (f"; {item.doc}" if item.doc else "")


def output_line(name: str, item: Any) -> str:
    """Shape, loss, weight and metrics of an output."""
    parts = [f"{name}: {shape_text(item.shape)}"]
    parts += [f"loss {said(item.loss)}"] if item.loss is not None else []
    parts += [f"weight {said(item.weight)}"] if item.weight is not None else []
    parts += [f"metrics {said(item.metrics)}"] if item.metrics else []
    return "; ".join(parts)


def param_line(param: Param) -> str:
    """Value, range, choices, what a search tries, and what it is."""
    return "; ".join([f"{param.name} = {said(param.value)}", *param_facts(param)])


def param_facts(param: Param) -> list[str]:
    """What a parameter may be, and what it is."""
    facts = [param.doc] if param.doc else []
    if limits := limits_text(param):
        facts.append(limits)
    return facts + ([f"tune {said(param.tune)}"] if param.tune is not None else [])


def limits_text(param: Param) -> str:
    """What values a parameter may have: ``10 or more``, ``0 to 0.9``, ``one of lstm, gru``."""
    if param.choices is not None:
        return f"one of {said(param.choices)}"
    if param.min is not None and param.max is not None:
        return f"{said(param.min)} to {said(param.max)}"
    if param.min is not None:
        return f"{said(param.min)} or more"
    return f"at most {said(param.max)}" if param.max is not None else ""


def size_line(card: Card) -> str:
    """The number of weights here, the published one, and why they differ."""
    here = "an unknown number of parameters" if card.parameters is None else f"{card.parameters:,} parameters"
    if card.published is None:
        return here
    if card.given:
        return f"{here}; published at the default sizes: {card.published:,}"
    if card.published == card.parameters:
        return f"{here}, as published"
    why = f": {card.difference}" if card.difference else ""
    return f"{here}; published: {card.published:,}{why}"


def cost_line(card: Card) -> str:
    """What one prediction for one window costs."""
    text = f"{amount(card.flops)} floating-point operations a window"
    text += f" of {card.steps} steps" if card.steps is not None else ""
    if not card.uncounted:
        return text
    names = ", ".join(card.uncounted[:4]) + (" …" if len(card.uncounted) > 4 else "")
    return f"at least {text} (not counted: {names})"


def amount(count: int) -> str:
    """``78.8 million``: three digits are what anybody reads."""
    for unit, name in ((10**9, "billion"), (10**6, "million"), (10**3, "thousand")):
        if count >= unit:
            return f"{count / unit:.3g} {name}" if count < 999.5 * unit else f"{count / unit:,.0f} {name}"
    return str(count)


def speed_line(item: Any) -> str:
    """One measurement."""
    batch = f", batches of {item['batch_size']}" if item.get("batch_size", 1) != 1 else ""
    machine = f" on {item['machine']}" if item.get("machine") else ""
    return f"{item['what']}: {item['milliseconds']:.3g} ms{batch}{machine}"


def source_lines(card: Card) -> list[str]:
    """Where it comes from, and what was done otherwise."""
    parts = [str(card.source[name]) for name in ("title", "section", "url") if card.source.get(name)]
    licence = [f"licence: {card.source['licence']}"] if card.source.get("licence") else []
    notes = [" ".join(str(card.source["notes"]).split())] if card.source.get("notes") else []
    keys = [str(entry.get("key")) for entry in card.cite if entry.get("key")]
    cited = [f"cite: {', '.join(keys)} (`zoo show {card.name} --cite`)"] if keys else []
    return parts + licence + notes + cited


def allowed_line(code: str, reason: str) -> str:
    """A warning that is allowed in this spec, with its title and the reason."""
    from zoo.spec import rules

    title = rules.page(code).partition("\n")[0].partition(": ")[2] if code.upper() in rules.codes() else ""
    return f"{code} ({title}): {reason}" if title else f"{code}: {reason}"
