"""The lowered graph as text: rails in a terminal, and Mermaid for pages that draw it themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from zoo.spec.graph import Graph
from zoo.spec.spec import Spec
from zoo.spec.tools import labels
from zoo.spec.trace import Trace, trace

_ASCII = str.maketrans("│─├┤┼╮╯╭╰┬┴●○◆×→…", "|-+++.'.`++*o#x>.")


def rails(spec: Spec, width: int = 80, ascii: bool = False) -> str:
    """The graph as a drawing for a terminal: one row a call, tensors as lines down the left side.

    Args:
        spec: a checked spec.
        width: columns of the terminal; longer rows are cut.
        ascii: draw with ASCII signs alone.
    """
    weights = spec.trace.parameters
    title = f"{spec.name}: {weights:,} parameters" if weights is not None else spec.name
    rows = [title, *_drawing(spec.graph, spec.trace)]
    for name, model in submodels(spec.graph).items():
        rows += ["", f"model {name}", *(f"  {row}" for row in _drawing(model, trace(model)))]
    cut = [row if len(row) <= width else row[: max(width - 1, 1)] + "…" for row in rows]
    text = "\n".join(row.rstrip() for row in cut) + "\n"
    return plainly(text) if ascii else text


def plainly(text: str) -> str:
    """A drawing in ASCII signs alone."""
    return text.translate(_ASCII)


def submodels(graph: Graph) -> dict[str, Graph]:
    """Every submodel of a graph, those inside others included, by name."""
    found: dict[str, Graph] = {}
    waiting = [graph]
    while waiting:
        for name, model in labels.submodels(waiting.pop()).items():
            if name not in found:
                found[name] = model
                waiting.append(model)
    return found


def _drawing(graph: Graph, known: Trace) -> list[str]:
    """Rows of rails and words, the words under each other."""
    shared = labels.shared_calls(graph)
    outputs: dict[str, list[str]] = {}
    for name, ref in graph.outputs.items():
        outputs.setdefault(ref.node, []).append(name)
    needed = Counter(ref.node for call, _ in labels.drawn(graph) for ref in labels.sources(call))
    lanes = _Lanes(needed)
    rows: list[tuple[str, str]] = []
    for name, item in graph.inputs.items():
        given = "".join(f"  [{words}]" for words in labels.given_as(graph, name, name))
        rows.append((lanes.begin(name), f"{name}  {labels.input_text(item)}{given}"))
    for call, layer in labels.drawn(graph):
        rows.extend((row, "") for row in lanes.join([ref.node for ref in labels.sources(call)], call.id))
        result = known.shapes.get(call.id)
        flows = " → " + ", ".join(labels.sizes(shape) for shape in result) if result else ""
        mark = ""
        if calls := shared.get(labels.held(graph, layer).name):
            mark = f"  (shared, call {calls.index(call.id) + 1} of {len(calls)})"
        out = "".join(
            f"  [output {name}]" if name != layer.name else "  [output]" for name in outputs.get(call.id, ())
        )
        rows.append(
            (
                lanes.row(call.id, "◆" if call.id in outputs else "●"),
                f"{layer.name}  {labels.what(layer)}{flows}{mark}{out}",
            )
        )
        lanes.end(call.id)
    wide = max((len(row) for row, _ in rows), default=0)
    return [f"{row.ljust(wide)}  {words}" for row, words in rows]


class _Lanes:
    """Which tensor runs down which column."""

    def __init__(self, needed: Counter[str]) -> None:
        self.needed = needed
        self.lanes: list[str | None] = []

    def begin(self, name: str) -> str:
        """A new column for an input; its row."""
        self._place(name)
        row = self.row(name, "○")
        self.end(name)
        return row

    def _place(self, name: str) -> int:
        if None in self.lanes:
            column = self.lanes.index(None)
            self.lanes[column] = name
            return column
        self.lanes.append(name)
        return len(self.lanes) - 1

    def row(self, name: str, sign: str) -> str:
        """The lines that pass, and the sign of what happens here."""
        return " ".join(sign if lane == name else "│" if lane else " " for lane in self.lanes)

    def end(self, name: str) -> None:
        """Frees the column of a tensor that nobody reads any more."""
        if not self.needed[name]:
            self.lanes[self.lanes.index(name)] = None
            while self.lanes and self.lanes[-1] is None:
                self.lanes.pop()

    def join(self, sources: list[str], name: str) -> Iterator[str]:
        """Leads the sources into the column of `name`; yields a row where lines must turn."""
        columns = {self.lanes.index(source) for source in dict.fromkeys(sources)}
        done = set()
        for source in sources:
            self.needed[source] -= 1
        for column in columns:
            lane = self.lanes[column]
            if lane is not None and not self.needed[lane]:
                done.add(column)
        passing = list(self.lanes)
        target = min(done) if done else None
        if target is None:
            target = self._place(name)
        if columns != {target}:
            yield self._turns(passing, columns, done, target)
        for column in done:
            self.lanes[column] = None
        self.lanes[target] = name
        while self.lanes and self.lanes[-1] is None:
            self.lanes.pop()

    def _turns(self, passing: list[str | None], columns: set[int], done: set[int], target: int) -> str:
        left, right = min(columns | {target}), max(columns | {target})
        signs = []
        for column in range(max(len(passing), target + 1)):
            above = column < len(passing) and passing[column] is not None
            below = column == target or (above and column not in done)
            inside = left <= column <= right
            if column in columns or column == target:
                sign = _CORNERS[above, below, column > left, column < right]
            else:
                sign = "│" if above else "─" if inside else " "
            signs.append(sign + ("─" if left <= column < right else " "))
        return "".join(signs).rstrip()


_CORNERS = {
    (True, True, False, True): "├",
    (True, True, True, False): "┤",
    (True, True, True, True): "┼",
    (True, False, False, True): "╰",
    (True, False, True, False): "╯",
    (True, False, True, True): "┴",
    (False, True, False, True): "╭",
    (False, True, True, False): "╮",
    (False, True, True, True): "┬",
}


def mermaid(spec: Spec) -> str:
    """The graph in Mermaid's language, which many pages draw."""
    lines = ["---", f"title: {spec.name}", "---", "flowchart TD", *_flowchart(spec.graph, spec.trace, "n")]
    for number, (name, model) in enumerate(submodels(spec.graph).items()):
        lines.append(f'  subgraph model_{number} ["model {_escaped(name)}"]')
        lines.extend(f"  {line}" for line in _flowchart(model, trace(model), f"m{number}_"))
        lines.append("  end")
    for name, colour in labels.COLOURS.items():
        lines.append(f"  classDef {name} fill:{colour},stroke:#374151,color:#111827")
    return "\n".join(lines) + "\n"


def _flowchart(graph: Graph, known: Trace, prefix: str) -> Iterator[str]:
    ids = {
        name: f"{prefix}{number}"
        for number, name in enumerate([*graph.inputs, *(call.id for call in graph.calls)])
    }
    for name, item in graph.inputs.items():
        words = _escaped("\n".join([name, labels.input_text(item), *labels.given_as(graph, name, name)]))
        yield f'  {ids[name]}(["{words}"]):::input'
    for call, layer in labels.drawn(graph):
        kind = labels.kind(graph, call)
        given = labels.given_as(graph, call.id, layer.name)
        words = _escaped("\n".join([layer.name, labels.what(layer), *given]))
        yield f'  {ids[call.id]}["{words}"]{":::" + kind if kind in labels.COLOURS else ""}'
        for ref in labels.sources(call):
            flows = labels.edge(known, ref)
            yield f"  {ids[ref.node]} -->{f'|{_escaped(flows)}|' if flows else ''} {ids[call.id]}"
    for calls in labels.shared_calls(graph).values():
        for first, second in zip(calls, calls[1:], strict=False):
            yield f"  {ids[first]} -. same weights .- {ids[second]}"


def _escaped(text: str) -> str:
    return (
        text.replace("&", "&amp;")
        .replace('"', "&quot;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("|", "&#124;")
        .replace("\n", "<br/>")
    )
