"""# D318: accuracy alone on classes that may be uneven

What it does: finds classifiers whose labels have a fixed threshold, or one from the spread, and whose only
metric is accuracy.

Why it is bad: with 90 % stationary labels, a model that always says stationary has 0.9.

Example:

    outputs: {move: {loss: sparse_categorical_crossentropy, metrics: [accuracy]}}
    data: {kind: orderbook, label: {kind: forward, horizon: 50, threshold: 0.002}}

Instead: nothing has to be changed: `zoo evaluate` prints macro-F1 and MCC beside baselines. For training
itself add a metric, `class_weight: balanced`, or a `balanced` threshold.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from zoo.errors import Diagnostic
from zoo.spec.rules import Rule

if TYPE_CHECKING:
    from zoo.spec.spec import Spec

RULE = Rule("D318", "note")
_ACCURACY = ("accuracy", "acc", "sparse_categorical_accuracy", "categorical_accuracy", "binary_accuracy")


def check(spec: Spec) -> Iterator[Diagnostic]:
    """Every output of a spec whose labels may be uneven."""
    label = spec.data.get("label")
    if not isinstance(label, dict) or "class_weight" in spec.recipe:
        return
    threshold = label.get("threshold")
    if not (isinstance(threshold, (int, float)) or threshold == "spread"):
        return
    for output in spec.outputs.values():
        metrics = output.metrics.value if output.metrics else []
        listed = metrics if isinstance(metrics, list) else [metrics]
        if listed and output.metrics and all(item in _ACCURACY for item in listed if isinstance(item, str)):
            yield RULE(
                f"accuracy is the only metric of `{output.name}`, and its classes may be uneven",
                output.metrics.span,
                "look at macro-F1 and MCC in the report, or add class_weight: balanced",
            )
