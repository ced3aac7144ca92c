"""Recurrent layers: everything up to the step, or everything."""

from __future__ import annotations

from dataclasses import replace

from zoo.spec.graph import Layer, Object
from zoo.spec.shapes import Shape
from zoo.spec.sight.algebra import EVERYTHING, Rule, Sight, dropped, everything

WITH_STATES = frozenset("Bidirectional ConvLSTM1D ConvLSTM2D ConvLSTM3D GRU LSTM RNN SimpleRNN".split())


def recurrent(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    """Everything up to the step; backwards, everything."""
    if sight.axis is None:
        return sight
    if sight.axis != 1:
        return everything(sight, layer, lost=True)
    seen = everything(sight, layer) if layer.values.get("go_backwards") else replace(sight, low=-EVERYTHING)
    return seen if layer.values.get("return_sequences") else dropped(seen)


def bidirectional(sight: Sight, layer: Layer, shape: Shape, result: Shape | None) -> Sight:
    """Both directions together see everything."""
    inner = layer.values.get("layer")
    sequences = isinstance(inner, Object) and inner.args.get("return_sequences") is not None
    if isinstance(inner, Object) and sequences:
        sequences = bool(inner.args["return_sequences"].value)
    if not isinstance(inner, Object) and result is not None:
        sequences = len(result) >= 3
    seen = everything(sight, layer)
    return seen if sequences else dropped(seen)


RULES: dict[str, Rule] = {**dict.fromkeys(WITH_STATES, recurrent), "Bidirectional": bidirectional}
