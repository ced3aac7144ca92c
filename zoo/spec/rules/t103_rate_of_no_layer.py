"""# T103: a learning rate for what cannot learn

What it does: compares the names in `learning_rates` with the layers and submodels of the graph.

Why it is bad: a misspelt layer keeps the optimizer's own rate; a layer without weights has none.

Example:

    graph: {code: [x, Dense: 8], y: [code, Dense: 1]}
    training: {optimizer: adam, learning_rates: {cod: 0.1}}

Instead: `{code: 0.1}`; 0 leaves a layer's weights as they are. The last layer of a pipe has the pipe's name,
`zoo plot --format text` shows those of the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from zoo.errors import Diagnostic
from zoo.spec.rules import Rule
from zoo.spec.suggest import did_you_mean, listed

if TYPE_CHECKING:
    from zoo.spec.spec import Spec

RULE = Rule("T103", "error")


def check(spec: Spec) -> Iterator[Diagnostic]:
    """Every name in ``training.learning_rates``."""
    rates = spec.recipe.get("learning_rates")
    if rates is None or not isinstance(rates.value, dict):
        return
    from zoo.spec.spec import graphs_and_traces

    weights: dict[str, int | None] = {}
    for graph, trace in graphs_and_traces(spec):
        layers = [graph.layers[name] for name in trace.used]
        weights |= {
            item.name: trace.weights.get(item.name)
            for item in layers
            if item.family == "layers" or item.model is not None
        }
    learning = [name for name, count in weights.items() if count != 0]
    for name, rate in rates.value.items():
        if name not in weights:
            mend = did_you_mean(name, learning) or f"the layers are {listed(learning, 20)}"
            yield RULE(f"`learning_rates` names `{name}`, which is no layer", rate.key, mend)
        elif weights[name] == 0:
            yield RULE(
                f"`learning_rates` names `{name}`, which has no weights",
                rate.key,
                f"name a layer that learns: {listed(learning, 20)}",
            )
