"""Shared layers, submodels and blocks: what was declared, applied."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from zoo.errors import Diagnostic, Span
from zoo.spec import params, signatures
from zoo.spec.graph import Graph
from zoo.spec.lower import calls
from zoo.spec.lower.loops import block_scope, expand_entries
from zoo.spec.lower.lowering import Declaration, Draft, Lowering, Place
from zoo.spec.lower.scope import BROKEN, Flow, Namer, Scope
from zoo.spec.nodes import POISON, Node, Report, Scalar, Sequence, plain
from zoo.spec.nodes import Mapping as MappingNode
from zoo.spec.rules import (
    g102_cycle,
    g105_same_name,
    g203_merge_mismatch,
    s103_unknown_class,
    s105_missing_argument,
    s106_unknown_key,
    s107_malformed,
)
from zoo.spec.values import is_class, is_name, simple

SECTIONS = {"layers": "layer", "models": "model", "blocks": "block"}
BLOCK_KEYS = ("params", "inputs", "do", "outputs")
MODEL_KEYS = (
    "params",
    "inputs",
    "layers",
    "models",
    "blocks",
    "graph",
    "outputs",
    "use",
    "weights",
    "trainable",
)


def collect(document: MappingNode, report: Any) -> dict[str, Declaration]:
    """Everything the three sections declare, by name."""
    found: dict[str, Declaration] = {}
    for section, kind in SECTIONS.items():
        node = document.get(section)
        if node is None:
            continue
        if not isinstance(node, MappingNode):
            report(s107_malformed.wrong_shape(section, "a map of names", node))
            continue
        for key, value in node:
            if not is_name(key.text):
                report(
                    s107_malformed.plainly(
                        f"`{key.text}` cannot name a {kind}", key.span, "names are snake_case"
                    )
                )
            elif key.text in found:
                first = found[key.text]
                report(
                    g105_same_name.diagnose(
                        key.text, f"this {kind}", key.span, first.key.span, f"a {first.kind}"
                    )
                )
            else:
                found[key.text] = Declaration(kind, key, value)
    return found


def apply(low: Lowering, name: str, key: Scalar, args: Node | None, flow: Flow, place: Place) -> Flow:
    """A declared name as a step."""
    declaration = low.declared[name]
    declaration.used = True
    if declaration.kind == "block":
        return block(low, name, args, flow, place, key.span)
    if isinstance(declaration.node, Sequence) or _is_block(low, declaration.node):
        return _fragment(low, name, declaration, flow, place)
    index = ensure(low, name)
    if index is None:
        return BROKEN
    call = args.get("call") if isinstance(args, MappingNode) else None
    only_call = isinstance(args, MappingNode) and call is not None and len(args) == 1
    if args is not None and not only_call and not (isinstance(args, Scalar) and args.value is None):
        low.report(
            s107_malformed.plainly(
                f"`{name}` was configured where it was declared; here it takes only `call:`",
                args.span,
                f"change the declaration of `{name}`, or use a block for layers that differ",
            )
        )
    draft = low.layers[index]
    if draft.family == "models":
        return _call_model(low, index, flow, key.span)
    signature = signatures.lookup("layers", draft.head)
    assert signature is not None
    return calls.call_layer(low, index, signature, call, flow, place, key.span)


def _is_block(low: Lowering, node: Node) -> bool:
    head = (
        node.entries[0][0].text
        if isinstance(node, MappingNode) and len(node) == 1
        else getattr(node, "text", "")
    )
    return head in low.declared and low.declared[head].kind == "block"


def ensure(low: Lowering, name: str) -> int | None:
    """The draft of a shared layer or submodel, made at its first use."""
    declaration = low.declared[name]
    declaration.used = True
    if name in low.shared:
        return low.shared[name]
    if declaration.kind == "model":
        graph = _model(low, name, declaration)
        if graph is None:
            return None
        options = {}
        if isinstance(declaration.node, MappingNode):
            read = {
                key.text: simple(value, low.env, low.report)
                for key, value in declaration.node
                if key.text in ("trainable", "weights")
            }
            options = {key: value for key, value in read.items() if value is not None}
            if "weights" in options and (place := declaration.node.key("weights")) is not None:
                # silence would leave a pretrained tower random
                low.report(
                    s107_malformed.plainly(
                        f"the `weights` of the model `{name}` cannot be loaded from a spec yet",
                        place.span,
                        f'set them in code: model.get_layer("{name}").set_weights(…)',
                    )
                )
        draft = Draft(
            name,
            "models",
            name,
            {},
            graph,
            options,
            shared=True,
            fixed=True,
            span=declaration.key.span,
            named=declaration.key.span,
        )
        low.shared[name] = low.add_layer(draft)
        return low.shared[name]
    return _layer(low, name, declaration)


def _layer(low: Lowering, name: str, declaration: Declaration) -> int | None:
    node = declaration.node
    if isinstance(node, Scalar) and isinstance(node.value, str):
        key, args = node, None
    elif isinstance(node, MappingNode) and len(node) == 1:
        key, args = node.entries[0]
    else:
        low.report(s107_malformed.wrong_shape(f"layers.{name}", "one step, or a list of steps", node))
        return None
    signature = signatures.lookup("layers", key.text) if is_class(key.text) else None
    if signature is None:
        low.report(s103_unknown_class.diagnose(key.text, "layers", key.span))
        return None
    given = low.reader(Scope(low.env)).arguments(signature.name, "layers", args, skip=("call",))
    named = given.get("name")
    fixed_name = named.value if named is not None and isinstance(named.value, str) else name
    args_only = {item: value for item, value in given.items() if item != "name"}
    if name in low.making:
        low.report(g102_cycle.contains_itself("layer", name, declaration.key.span))
        return None
    low.making.append(name)
    for inner in args_only.values():
        calls.mark_inner(low, inner.value)
    low.making.pop()
    place = named.span if named is not None and fixed_name != name else declaration.key.span
    draft = Draft(
        fixed_name, "layers", signature.name, args_only, shared=True, fixed=True, span=key.span, named=place
    )
    low.shared[name] = low.add_layer(draft)
    return low.shared[name]


def _fragment(low: Lowering, name: str, declaration: Declaration, flow: Flow, place: Place) -> Flow:
    """A shared list of steps, or a shared block: the layers of its first use serve every use."""
    from zoo.spec.lower.pipes import step, steps

    if name in place.blocks:
        low.report(g102_cycle.contains_itself("layer", name, declaration.key.span))
        return BROKEN
    inner = Place(Scope(low.env), Namer(name), (*place.blocks, name), name)
    node = declaration.node
    made = steps(low, node.items, flow, inner) if isinstance(node, Sequence) else step(low, node, flow, inner)
    return replace(made, maker=None)


def _model(low: Lowering, name: str, declaration: Declaration) -> Graph | None:
    from zoo.spec.lower import lower_graph

    if name in low.models:
        return low.models[name]
    node = declaration.node
    if not isinstance(node, MappingNode):
        low.report(
            s107_malformed.wrong_shape(f"models.{name}", "a map with inputs, graph and outputs, or use", node)
        )
        return None
    for key, _ in node:
        if key.text not in MODEL_KEYS:
            low.report(s106_unknown_key.diagnose(key, MODEL_KEYS, f"the model `{name}`"))
    if name in low.open_models:
        low.report(g102_cycle.contains_itself("model", name, declaration.key.span))
        return None
    document, chain = node, (*low.open_models, name)
    values: dict[str, Any] = {}
    if node.get("use") is not None:
        found = _used(low, node, chain)
        if found is None:
            return None
        document, values, chain = found
    missing = [section for section in ("inputs", "graph", "outputs") if document.get(section) is None]
    if missing:
        low.report(s105_missing_argument.section(missing, f"the model `{name}`", declaration.key.span))
        return None
    inside = params.resolve(document.get("params"), values, low.report, f"model `{name}`")
    env = {item: param.value for item, param in inside.items()}
    if document is node:
        env = {**low.env, **env}
        own = {**low.declared, **collect(document, low.report)}
        shared = dict(low.models) if len(own) > len(low.declared) else low.models
    else:
        own, shared = collect(document, low.report), {}
    errors = _Errors(low.report)
    graph = lower_graph(document, env, own, shared, low.documents, errors, chain)
    low.models[name] = None if errors.met else graph
    low.documents.resolved[id(node)] = (document, inside)
    return low.models[name]


class _Errors:
    """Passes findings on and remembers errors: what flows out of such a model is not known."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.met = False

    def __call__(self, diagnostic: Diagnostic) -> None:
        self.met = self.met or diagnostic.level == "error"
        self.report(diagnostic)


def _used(
    low: Lowering, node: MappingNode, chain: tuple[str, ...]
) -> tuple[MappingNode, dict[str, Any], tuple[str, ...]] | None:
    """The document behind ``use``, the values for its parameters, and the chain of files with it."""
    used, given = node.get("use"), node.get("params")
    assert used is not None
    for key, _ in node:
        if key.text not in ("use", "params", "weights", "trainable"):
            low.report(
                s107_malformed.plainly(
                    f"`{key.text}` cannot stand beside `use`", key.span, "the other spec has its own"
                )
            )
    values = simple(given, low.env, low.report) if given is not None else {}
    if not isinstance(values, dict):
        low.report(s107_malformed.wrong_shape("params", "a map of values", given or node))
        return None
    document = low.documents.named(used, chain)
    if not isinstance(document, MappingNode):
        return None
    return document, values, (*chain, str(Path(document.span.file).resolve()))


def _call_model(low: Lowering, index: int, flow: Flow, span: Span) -> Flow:
    draft = low.layers[index]
    assert draft.model is not None
    wanted = len(draft.model.inputs)
    if flow.broken:
        return BROKEN
    if len(flow.tensors) != wanted:
        low.report(g203_merge_mismatch.too_many(f"the model `{draft.name}`", wanted, len(flow.tensors), span))
        return BROKEN
    node = low.add_call(index, flow.tensors, {}, span, (span,))
    return calls.result(node, tuple(draft.model.outputs), None)


def block(low: Lowering, name: str, args: Node | None, flow: Flow, place: Place, span: Span) -> Flow:
    """A block expanded in place: fresh weights at each use."""
    from zoo.spec.lower.pipes import pipe, steps, steps_of

    declaration = low.declared[name]
    node = declaration.node
    if not isinstance(node, MappingNode) or node.get("do") is None:
        low.report(
            s107_malformed.plainly(
                f"the block `{name}` needs `do`", declaration.key.span, "write {params: …, do: [step, …]}"
            )
        )
        return BROKEN
    for key, _ in node:
        if key.text not in BLOCK_KEYS:
            low.report(s106_unknown_key.diagnose(key, BLOCK_KEYS, f"the block `{name}`"))
    if name in place.blocks:
        low.report(g102_cycle.contains_itself("block", name, span))
        return BROKEN
    env = _block_values(low, name, node, args, place)
    if env is None:
        return BROKEN
    scope = block_scope(env)
    inner = replace(place, scope=scope, blocks=(*place.blocks, name))
    body = node.get("do")
    inputs = plain(node.get("inputs"))
    if isinstance(inputs, list) and not flow.broken and len(inputs) != len(flow.tensors):
        low.report(g203_merge_mismatch.too_many(f"the block `{name}`", len(inputs), len(flow.tensors), span))
        flow = BROKEN
    if not isinstance(body, MappingNode):
        return steps(low, steps_of(low, body, "do"), flow, inner)
    if not isinstance(inputs, list):
        low.report(
            s107_malformed.plainly(
                f"the block `{name}` has named pipes and so needs `inputs`", declaration.key.span
            )
        )
        return BROKEN
    for position, item in enumerate(inputs):
        scope.flows[str(item)] = BROKEN if flow.broken else Flow((flow.tensors[position],))
    own = Namer(place.namer.inner(name))
    inside = replace(inner, namer=own)
    low.entries(
        scope, expand_entries(low.report, body, env, "a tensor"), inside, lambda item, at: pipe(low, item, at)
    )
    return _block_outputs(low, name, node, scope, declaration)


def _block_values(
    low: Lowering, name: str, node: MappingNode, args: Node | None, place: Place
) -> dict[str, Any] | None:
    """The block's parameters with the caller's values."""
    section = node.get("params")
    given: Any = {}
    if args is not None and not (isinstance(args, Scalar) and args.value is None):
        given = simple(args, place.scope.env, low.report)
    if given is POISON:
        return None
    if not isinstance(given, dict):
        first = section.keys()[0] if isinstance(section, MappingNode) and len(section) else None
        if first is None:
            low.report(
                s107_malformed.plainly(f"the block `{name}` has no parameters", args.span if args else None)
            )
            return None
        given = {first: given}
    if any(value is POISON for value in given.values()):
        return None
    found = params.resolve(section, given, _at(low, args), f"block `{name}`")
    return {item: param.value for item, param in found.items()}


def _at(low: Lowering, args: Node | None) -> Any:
    """Reports about a caller's values at the caller, not at the block."""

    def report(diagnostic: Any) -> None:
        caller = diagnostic.code == "P104" and args is not None
        low.report(replace(diagnostic, span=args.span) if caller and args is not None else diagnostic)

    return report


def _block_outputs(
    low: Lowering, name: str, node: MappingNode, scope: Scope, declaration: Declaration
) -> Flow:
    written = plain(node.get("outputs"))
    names = written if isinstance(written, list) else [written]
    flows: list[Flow] = []
    for item in names:
        found = scope.find(item) if isinstance(item, str) else None
        if found is None:
            place = node.get("outputs") or declaration.key
            low.report(
                s107_malformed.plainly(
                    f"`outputs` of the block `{name}` names {item!r}, which it does not have", place.span
                )
            )
            return BROKEN
        flows.append(found)
    low.unused(scope, [str(item) for item in names], {})
    if any(flow.broken for flow in flows):
        return BROKEN
    if len(flows) == 1:
        return flows[0]
    return Flow(
        tuple(ref for flow in flows for ref in flow.tensors),
        {str(item): flow.tensors for item, flow in zip(names, flows, strict=True)},
    )
