"""Shapes of attention layers. Call flags such as ``return_attention_scores`` count among the arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from zoo.spec.shapes.dims import Shape, ShapeProblem, Shapes, Step, agree, show


def attention(step: Step) -> Shapes:
    """[query, value, key?] → (batch, query time, value feature); scores (batch, query time, key time)."""
    if len(step.inputs) not in (2, 3):
        raise ShapeProblem(
            f"{step.head} takes query, value and perhaps key and receives {len(step.inputs)}", "merge"
        )
    query, value, key = (*step.inputs, step.inputs[1])[:3]
    if any(len(shape) < 3 for shape in (query, value, key)):
        return ()
    if step.head == "Attention" or 1 not in (query[-1], key[-1]):
        _same_features(step, query, key)
    _same_time(step, value, key)
    scores = ((*query[:-1], key[-2]),) if step.args.get("return_attention_scores") else ()
    return ((*query[:-1], value[-1]), *scores)


def multi_head_attention(step: Step) -> Shapes | None:
    """query, value, key? → the query's shape; then scores (batch, head, query time, key time)."""
    query, value, key = operands(step)
    if value is None or key is None:
        return None
    if len(query) < 3 or len(value) != len(query):
        raise ShapeProblem(
            f"{step.head} takes (batch, time, feature) and receives {show(query)}, {show(value)}", "rank"
        )
    _same_time(step, value, key)
    for shape in (query, value, key):
        step_of = Step(step.head, step.args, (shape,))
        step_of.known(shape[-1], "feature")
    wanted = step.args["output_shape"]
    last = (
        query[-1:]
        if wanted is None
        else tuple(wanted)
        if isinstance(wanted, (list, tuple))
        else (int(wanted),)
    )
    out: Shape = (*query[:-1], *last)
    if not step.args.get("return_attention_scores"):
        return (out,)
    if len(query) != 3 or step.args["attention_axes"] is not None:
        return None
    return (out, (query[0], int(step.args["num_heads"]), query[1], key[1]))


def grouped_query_attention(step: Step) -> Shapes | None:
    """As multi-head attention, over groups of query heads."""
    query, value, key = operands(step)
    if value is None or key is None:
        return None
    heads, groups = int(step.args["num_query_heads"]), int(step.args["num_key_value_heads"])
    if heads % groups:
        raise ShapeProblem(
            f"{step.head} has {heads} query heads, which {groups} key-value heads do not divide"
        )
    if any(len(shape) != 3 for shape in (query, value, key)):
        raise ShapeProblem(
            f"{step.head} takes (batch, time, feature) and receives {show(query)}, {show(value)}", "rank"
        )
    _same_features(step, query, value)
    _same_time(step, value, key)
    scores = ((query[0], heads, query[1], key[1]),) if step.args.get("return_attention_scores") else ()
    return (query, *scores)


def operands(step: Step) -> tuple[Shape, Shape | None, Shape | None]:
    """Query, value and key; the value stands for a key that is not given."""
    given = dict(step.named)
    for name, shape in zip(
        (n for n in ("query", "value", "key") if n not in given), step.inputs, strict=False
    ):
        given[name] = shape
    value = given.get("value")
    return given.get("query", ()), value, given.get("key", value)


def _same_features(step: Step, query: Shape, other: Shape) -> None:
    if not agree(query[-1], other[-1]):
        both = f"{show(query)} with {show(other)}: {query[-1]} is not {other[-1]}"
        raise ShapeProblem(f"{step.head} compares the features of {both}", "merge")


def _same_time(step: Step, value: Shape, key: Shape) -> None:
    if not all(agree(a, b) for a, b in zip(value[1:-1], key[1:-1], strict=False)):
        raise ShapeProblem(
            f"{step.head} has value {show(value)} and key {show(key)} of different lengths", "merge"
        )


RULES: Mapping[str, Callable[[Step], Shapes | None]] = {
    **dict.fromkeys(("AdditiveAttention", "Attention"), lambda step: attention(step) or None),
    "GroupQueryAttention": grouped_query_attention,
    "MultiHeadAttention": multi_head_attention,
}
