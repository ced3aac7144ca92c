"""Graph → keras.Model: a loop over calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import keras

from zoo.build import objects
from zoo.build.compile import compile_model
from zoo.build.fold import folded
from zoo.build.stateful import with_states
from zoo.build.tensorflow_start import find_devices_quietly
from zoo.build.weights import load_submodel
from zoo.errors import BuildError
from zoo.spec.graph import Call, Const, Declared, Graph, Layer, Object, Operand
from zoo.spec.lower.scope import snake
from zoo.spec.spec import Spec


def build(spec: Spec, *, pretrained: bool = True) -> keras.Model:
    """A compiled, plain ``keras.Model``.

    Args:
        spec: a spec from ``zoo.load`` or ``zoo.loads``.
        pretrained: load the ``weights`` files that submodels name; False where all weights are given later.

    Inputs are a list in the spec's order (arrays may be given by name as well); outputs are a list in the
    spec's order when there are several, and each carries its name. Losses, weights and metrics go to Keras as
    maps by output name.

    Raises:
        BuildError: Keras refuses a layer or a call, or a file of weights does not fit its submodel.

    Example:
        >>> import zoo
        >>> zoo.build(zoo.load("hrnn_lob")).count_params()
        12771
    """
    if not isinstance(spec, Spec):
        raise TypeError(f"zoo.build takes a Spec, received {type(spec).__name__}; zoo.load makes one")
    find_devices_quietly()
    with _precision(spec.training.get("precision")):
        model = assemble(spec.graph, spec.name, pretrained=pretrained)
    compile_model(model, spec)
    return with_states(model)


@contextmanager
def _precision(policy: str | None) -> Iterator[None]:
    before = keras.config.dtype_policy()
    if policy:
        keras.config.set_dtype_policy(policy)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def assemble(
    graph: Graph, name: str, shared: dict[Any, keras.layers.Layer] | None = None, *, pretrained: bool = True
) -> keras.Model:
    """The uncompiled model of a graph; `shared` holds what the spec shares and is built already."""
    return _Assembly(graph, {} if shared is None else shared, pretrained).model(name)


class _Assembly:
    """One graph while it is built."""

    def __init__(self, graph: Graph, shared: dict[Any, keras.layers.Layer], pretrained: bool) -> None:
        self.graph = graph
        self.shared = shared
        self.pretrained = pretrained
        self.built: dict[str, keras.layers.Layer] = {}
        self.results: dict[str, Any] = {}

    def model(self, name: str) -> keras.Model:
        reached = self.graph.reached()
        for key, spec in self.graph.inputs.items():
            self.results[key] = keras.Input(
                shape=spec.shape,
                batch_size=spec.batch_size,
                dtype=spec.dtype,
                sparse=spec.sparse or None,
                optional=spec.optional,
                name=key,
            )
        for call in self.graph.calls:
            if call.id in reached:
                self.results[call.id] = self.call(call)
        inputs = [self.results[key] for key in self.graph.inputs]
        outputs = self.outputs()
        return keras.Model(
            inputs if len(inputs) > 1 else inputs[0], outputs if len(outputs) > 1 else outputs[0], name=name
        )

    def outputs(self) -> list[Any]:
        """Each output's tensor, made by a layer or an Identity of the output's name."""
        layers = {call.id: call.layer for call in self.graph.calls}
        # a name that a layer inside already has cannot be given to an Identity too
        used: set[str] = set()
        found = []
        for name, ref in self.graph.outputs.items():
            tensor = self.get(ref)
            maker = getattr(getattr(tensor, "_keras_history", None), "operation", None)
            carries = maker is not None and maker.name == name and isinstance(maker, keras.layers.Layer)
            if not carries or name in used or layers.get(ref.node) is None:
                tensor = keras.layers.Identity(name=name)(tensor)
            used.add(name)
            found.append(tensor)
        return found

    def get(self, operand: Operand) -> Any:
        """The tensor or constant behind an operand."""
        if isinstance(operand, tuple):
            return [tensor for item in operand for tensor in self.spread(item)]
        if isinstance(operand, Const):
            if isinstance(operand.value, Mapping):
                return keras.ops.convert_to_tensor(operand.value["value"], dtype=operand.value.get("dtype"))
            return operand.value
        result = self.results[operand.node]
        return result if operand.index is None else result[operand.index]

    def spread(self, operand: Operand) -> list[Any]:
        """An operand as a list: an op with several results gives all of them."""
        found = self.get(operand)
        return list(found) if isinstance(found, (list, tuple)) else [found]

    def call(self, call: Call) -> Any:
        """One call; what Keras says when it refuses is told with the place in the spec."""
        layer = self.graph.layers[call.layer]
        inputs = [tensor for item in call.inputs for tensor in self.spread(item)]
        named = {name: self.get(item) for name, item in call.named.items()}
        try:
            return self.apply(layer, inputs, named)
        except BuildError:
            raise
        except Exception as error:
            raise _refusal(layer, inputs or list(named.values()), call, error) from error

    def apply(self, layer: Layer, inputs: list[Any], named: Mapping[str, Any]) -> Any:
        if layer.family == "at":
            return self.named(inputs[0][_index(layer.values["index"], len(inputs[0].shape))], layer)
        if layer.family == "ops":
            fixed = objects.keywords("ops", layer.head, layer.args)
            op = getattr(keras.ops, layer.head)
            if layer.head == "einsum":
                return self.named(op(fixed.pop("subscripts"), *inputs, **fixed), layer)
            return self.named(op(*inputs, **fixed, **named), layer)
        takes_list = len(inputs) > 1 or (layer.family == "layers" and _takes_list(layer.head))
        flowing = inputs if takes_list else inputs[0]
        if layer.head == "TimeDistributed" and layer.family == "layers" and not named:
            result = self.time_distributed(layer, flowing)
            if result is not None:
                return result
        return self.layer(layer)(flowing, **named)

    def named(self, result: Any, layer: Layer) -> Any:
        """What an op gave, called as in the spec: Keras's own count (`add_1`) may meet a layer's name."""
        tensors = result if isinstance(result, (list, tuple)) else [result]
        operation = (
            getattr(getattr(tensors[0], "_keras_history", None), "operation", None) if tensors else None
        )
        if operation is not None and not isinstance(operation, keras.layers.Layer):
            # an output's name belongs to the Identity that carries it
            taken = layer.name in self.graph.outputs
            operation.name = f"{layer.name}__{snake(layer.head)}" if taken else layer.name
        return result

    def time_distributed(self, layer: Layer, x: Any) -> Any | None:
        """The folded form, or None where the stock wrapper is needed."""
        if layer.name in self.built and isinstance(self.built[layer.name], keras.layers.TimeDistributed):
            return None
        key = f"{layer.name}/inner"
        if key not in self.built:
            inner = layer.args["layer"].value
            if isinstance(inner, Object) and "name" not in inner.args:
                fixed = objects.keywords("layers", inner.head, inner.args, self.inner, layer.name)
                # an output's name belongs to the Identity that carries it
                taken = layer.name in self.graph.outputs
                name = f"{layer.name}__{snake(inner.head)}" if taken else layer.name
                self.built[key] = objects.find("layers", inner.head)(name=name, **fixed)
            else:
                self.built[key] = objects.value(inner, "layer", self.inner, layer.name)
        return folded(self.built[key], x)

    def layer(self, layer: Layer) -> keras.layers.Layer:
        """The Keras layer, made at its first call."""
        memo: dict[Any, keras.layers.Layer] = self.shared if layer.shared else self.built
        # two submodels may each share a layer of one name; where it is declared tells them apart
        key = (layer.name, layer.span) if layer.shared else layer.name
        if key not in memo:
            if layer.model is not None:
                memo[key] = self.submodel(layer, layer.model)
            else:
                fixed = objects.keywords("layers", layer.head, layer.args, self.inner, layer.name)
                memo[key] = objects.find("layers", layer.head)(name=layer.name, **fixed)
        return memo[key]

    def submodel(self, layer: Layer, graph: Graph) -> keras.Model:
        # two submodels that use one spec have a copy each of what it shares
        shared = {} if layer.used else self.shared
        model = assemble(graph, layer.name, shared, pretrained=self.pretrained)
        if layer.weights is not None and self.pretrained:
            load_submodel(model, layer)
        if layer.options.get("trainable") is False:
            model.trainable = False
        return model

    def inner(self, item: Declared) -> keras.layers.Layer:
        """A shared layer or submodel inside a wrapper."""
        return self.layer(self.graph.layers[item.name])


def _takes_list(head: str) -> bool:
    from zoo.spec import signatures

    signature = signatures.lookup("layers", head)
    return signature is not None and signature.takes_list


def _index(axes: Mapping[int, Any], rank: int) -> tuple[Any, ...]:
    index: list[Any] = [slice(None)] * rank
    for axis, part in axes.items():
        index[axis] = slice(*part) if isinstance(part, list) else part
    while index and index[-1] == slice(None):
        index.pop()
    return tuple(index)


def _refusal(layer: Layer, inputs: list[Any], call: Call, error: Exception) -> BuildError:
    """Keras's refusal in our words: the layer, the shapes it received, and where that stands."""
    shapes = ", ".join(_shape(item) for item in inputs)
    head = f"ops.{layer.head}" if layer.family == "ops" else layer.head
    where = f" ({call.span.file}:{call.span.line})" if call.span else ""
    reason = str(error).strip().split("\n")[0]
    return BuildError(
        f"Keras cannot apply {head} `{snake(layer.name)}` to {shapes}{where}: {reason}",
        help="check the shapes on the way there",
        code="build.refused",
        data={"layer": layer.name, "line": call.span.line if call.span else None},
    )


def _shape(item: Any) -> str:
    shape = getattr(item, "shape", None)
    if shape is None:
        return repr(item)
    return (
        "("
        + ", ".join(
            "batch" if not position and size is None else str(size) for position, size in enumerate(shape)
        )
        + ")"
    )
