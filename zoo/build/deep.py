"""``zoo validate --deep``: the static check, then what Keras itself says, told at the step it says it of."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from zoo.errors import BuildError, Diagnostic, Span, ZooError
from zoo.spec import catalogue
from zoo.spec.check import Report, examine
from zoo.spec.graph import Call, Layer, Ref, refs
from zoo.spec.rules import e104_weights_file, k101_keras_refuses
from zoo.spec.source import Source
from zoo.spec.spec import Spec, graphs, graphs_and_traces
from zoo.spec.trace import Trace

_AXES = {
    True: {2: ("feature",), 3: ("time", "feature"), 4: ("time", "level", "channel")},
    False: {2: ("feature",), 3: ("position", "channel"), 4: ("height", "width", "channel")},
}


def check_deep(name_or_path: str | Path, **overrides: Any) -> Report:
    """Everything that is wrong with a spec, Keras's own objections included; the model is built to hear them.

    Raises:
        ZooError: there is no such model or file.
    """
    source, problem = catalogue.read(catalogue.locate(name_or_path))
    if isinstance(problem, Diagnostic):
        return Report((problem,), {source.file: ""}, source.file)
    return check_source(source, **overrides)


def check_source(source: Source, **overrides: Any) -> Report:
    """The same for a source that was read already."""
    spec, report = examine(source, overrides)
    if spec is None or not report.ok:
        return report
    objection = _objection(spec)
    return replace(report, diagnostics=(*report.diagnostics, objection)) if objection else report


def _objection(spec: Spec) -> Diagnostic | None:
    import keras

    from zoo.build.model import build

    try:
        build(spec)
    except BuildError as error:
        return _told(spec, error)
    except ZooError as error:
        return k101_keras_refuses.elsewhere(error.message)
    except (ValueError, TypeError, LookupError, ArithmeticError, RuntimeError) as error:
        return k101_keras_refuses.elsewhere(_first_line(error))
    finally:
        keras.utils.clear_session(free_memory=False)
    return None


def _told(spec: Spec, error: BuildError) -> Diagnostic:
    if "weights" in error.data:
        return _unfit(spec, error)
    reason = _first_line(error.__cause__ or error)
    for graph, known in graphs_and_traces(spec):
        for call in graph.calls:
            layer = graph.layers[call.layer]
            if (
                layer.name == error.data.get("layer")
                and call.span
                and call.span.line == error.data.get("line")
            ):
                makers = {item.id: item.span for item in graph.calls}
                makers |= {name: item.span for name, item in graph.inputs.items()}
                head = f"ops.{layer.head}" if layer.family == "ops" else layer.head
                shapes = " and ".join(_shape(ref, known, spec.is_time_series) for ref in refs(call))
                return k101_keras_refuses.diagnose(
                    head, layer.name, shapes, reason, call.span, _related(call, layer, makers)
                )
    return k101_keras_refuses.elsewhere(reason)


def _unfit(spec: Spec, error: BuildError) -> Diagnostic:
    files = (layer.weights for graph in graphs(spec.graph) for layer in graph.layers.values())
    name, reason = error.data["weights"], error.data["reason"]
    span = next((file.span for file in files if file is not None and file.name == name), None)
    return e104_weights_file.unfit(name, error.data["layer"], reason, span, error.help)


def _related(call: Call, layer: Layer, makers: dict[str, Span | None]) -> tuple[tuple[Span, str], ...]:
    """Where the layer was declared, if elsewhere, and where what it receives was made."""
    found = []
    if layer.span is not None and layer.span != call.span:
        found.append((layer.span, "the layer is declared here"))
    for ref in refs(call):
        span = makers.get(ref.node)
        if span is not None and span != call.span:
            found.append((span, "what it receives is made here"))
    return tuple(dict.fromkeys(found))


def _shape(ref: Ref, known: Trace, time_series: bool) -> str:
    """A shape by axis name: ``(batch, time 100, feature 20)``."""
    shape = known.shape(ref)
    if shape is None:
        return f"`{ref.node}`, whose shape is not known"
    names = _AXES[time_series].get(len(shape), tuple(f"axis {number}" for number in range(1, len(shape))))
    sizes = [
        f"{name} {'unknown' if size is None else size}" for name, size in zip(names, shape[1:], strict=True)
    ]
    return f"({', '.join(['batch', *sizes])})"


def _first_line(error: BaseException) -> str:
    text = next((line.strip() for line in str(error).split("\n") if line.strip()), type(error).__name__)
    return text.rstrip(".")
