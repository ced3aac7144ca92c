"""# T101: a callback watches a metric that does not exist

What it does: compares `monitor` of every callback with the names that training will report: `loss`, each
metric, for several outputs `<output>_loss` and `<output>_<metric>`, and all of them with `val_` before.

Why it is bad: Keras only warns, and early stopping never happens.

Example:

    outputs: {move: {loss: mse, metrics: [mae]}}
    training: {callbacks: [EarlyStopping: {monitor: val_accuracy}]}

Instead: `val_mae` or `val_loss`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from zoo.errors import Diagnostic
from zoo.spec import signatures
from zoo.spec.graph import Argument, Object, objects
from zoo.spec.lower.scope import snake
from zoo.spec.rules import Rule
from zoo.spec.suggest import did_you_mean, listed

if TYPE_CHECKING:
    from zoo.spec.sections import OutputSpec
    from zoo.spec.spec import Spec

RULE = Rule("T101", "error")


def check(spec: Spec) -> Iterator[Diagnostic]:
    """Every callback with a `monitor`."""
    callbacks = spec.recipe.get("callbacks")
    if callbacks is None:
        return
    known = reported(spec)
    watching = [item for item in objects(callbacks.value) if item.family == "callbacks"]
    for callback in watching:
        monitor = callback.args.get("monitor")
        if monitor is None or not isinstance(monitor.value, str):
            continue
        if monitor.value not in (*known, "lr", "learning_rate"):
            yield RULE(
                f"{callback.head} watches `{monitor.value}`, which training does not report",
                monitor.span,
                did_you_mean(monitor.value, known) or f"it reports {listed(known, 20)}",
            )


def reported(spec: Spec) -> tuple[str, ...]:
    """The names in a run's history, as Keras makes them."""
    several = len(spec.outputs) > 1
    names = ["loss"]
    for output in spec.outputs.values():
        prefix = f"{output.name}_" if several else ""
        if several and output.loss is not None:
            names.append(f"{prefix}loss")
        names += [f"{prefix}{metric}" for metric in _metrics(output)]
    return (*names, *(f"val_{name}" for name in names))


def _metrics(output: OutputSpec) -> Iterator[str]:
    value = output.metrics.value if output.metrics else []
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, Object):
            named = item.args.get("name", Argument(None)).value
            yield str(named) if named else snake(item.head)
        elif isinstance(item, str):
            # Keras reports a metric under the name it was asked for; classes report their default name
            known = signatures.lookup("metrics", item)
            yield snake(item) if known is not None and known.name == item else item
