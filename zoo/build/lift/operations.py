"""Calls of ops and layers, as Keras wrote them → operands by the names that specs use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from zoo.build.lift.reading import Array, Call, Entry, Tensor
from zoo.build.lift.refusals import refused
from zoo.spec import signatures
from zoo.spec.graph import Argument, Const, Operand, Ref

Find = Callable[[Tensor], Ref]

_SHORT = {
    "BatchNorm": "batch_normalization",
    "LayerNorm": "layer_normalization",
    "RMSNorm": "rms_normalization",
}
# Keras says nowhere which ops give several tensors.
SEVERAL = frozenset(
    """array_split ctc_decode divmod dsplit eig eigh fft fft2 frexp histogram hsplit ifft2 lu_factor
    meshgrid modf moments nonzero qr rfft slogdet split stft svd top_k unstack vsplit""".split()
)


@dataclass(frozen=True, slots=True)
class Said:
    """A call in a spec's terms: what flows in, what goes by name, and constants of the op itself."""

    family: str
    head: str
    args: Mapping[str, Argument]
    inputs: tuple[Operand, ...]
    named: Mapping[str, Operand]


def op_name(kind: str) -> str | None:
    """The function of ``keras.ops`` behind an operation's class (``ExpandDims`` → ``expand_dims``)."""
    if kind in _SHORT:
        return _SHORT[kind]
    flat = kind.lower()
    return next((name for name in signatures.names("ops") if name.replace("_", "") == flat), None)


def operand(value: Any, find: Find, what: str, place: str) -> Operand:
    """An argument of a call as an operand."""
    if isinstance(value, Tensor):
        return find(value)
    if isinstance(value, (list, tuple)):
        return tuple(operand(item, find, what, place) for item in value)
    if isinstance(value, Array):
        return Const({"value": value.value, "dtype": value.dtype})
    if value is None or isinstance(value, (bool, int, float)):
        return Const(value)
    raise refused(what, f"it is called with {type(value).__name__}: {str(value)[:60]}", place)


def layer_call(
    entry: Entry,
    call: Call,
    signature: signatures.Signature,
    find: Find,
    what: str,
    place: str,
    hidden: frozenset[str],
) -> tuple[tuple[Operand, ...], dict[str, Operand]]:
    """What flows into a layer and what it takes by name; `hidden`: masks that Keras passes by itself."""
    names = signature.tensors or ("inputs",)
    if len(call.args) > len(names):
        raise refused(what, f"it is called with {len(call.args)} positional arguments", place)
    given = dict(zip(names, call.args, strict=False)) | dict(call.kwargs)
    if given.get("training") is True:
        raise refused(what, "it is called with training=True, which `predict` would override", place)
    given.pop("training", None)
    flowing = given.pop(names[0], None)
    if flowing is None:
        raise refused(what, "nothing flows into it", place)
    if isinstance(flowing, (list, tuple)):
        if not signature.takes_list:
            raise refused(what, f"it is called on a list of {len(flowing)} tensors", place)
        inputs = tuple(operand(item, find, what, place) for item in flowing)
    else:
        inputs = (operand(flowing, find, what, place),)
    if any(not isinstance(item, Ref) for item in inputs):
        raise refused(what, "it is called on a constant", place)
    named: dict[str, Operand] = {}
    for name, value in given.items():
        if name in hidden or value is None or value is False or _empty(value):
            continue
        if name not in (*names, *signature.flags):
            raise refused(what, f"it is called with `{name}`", place)
        named[name] = operand(value, find, what, place)
    return inputs, named


def _empty(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and all(item is None for item in value)


def op_call(entry: Entry, call: Call, find: Find, what: str, place: str) -> list[Said]:
    """The steps that say one op; slices with new axes take two."""
    if entry.kind == "GetItem":
        return _slice(call, find, what, place)
    name = op_name(entry.kind) if not entry.module.endswith((".image", ".image.py")) else None
    signature = signatures.lookup("ops", name) if name else None
    if name is None or signature is None:
        raise refused(what, f"`{entry.kind}` is not among the ops of a spec", place)
    inputs: tuple[Operand, ...] = ()
    named: dict[str, Operand] = {}
    if signature.variadic:
        inputs = tuple(operand(item, find, what, place) for item in call.args)
        given: dict[str, Any] = dict(call.kwargs)
    else:
        given = dict(zip(signature.tensors, call.args, strict=False)) | dict(call.kwargs)
        if len(call.args) > len(signature.tensors):
            raise refused(what, f"it is called with {len(call.args)} positional arguments", place)
    for key, value in given.items():
        if key in signature.tensors:
            if value is None and not signature.arguments[key].required:
                continue
            named[key] = operand(value, find, what, place)
    args = {
        key: Argument(_constant(value, what, place))
        for key, value in given.items()
        if key not in signature.tensors and value is not None
    }
    for key, value in entry.config.items():
        known = signature.arguments.get(key)
        if known is not None and key not in signature.tensors and (known.required or value != known.default):
            args[key] = Argument(_constant(value, what, place))
        elif known is None and key not in ("name", "dtype") and value not in (None, False):
            raise refused(what, f"its argument `{key}` has no name in `keras.ops.{name}`", place)
    return [
        Said(
            "ops",
            name,
            {key: args[key] for key in (*signature.arguments, *args) if key in args},
            inputs,
            named,
        )
    ]


def _constant(value: Any, what: str, place: str) -> Any:
    if isinstance(value, list):
        return [_constant(item, what, place) for item in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        return f"='{value}'" if value.startswith("=") else value
    if isinstance(value, Array):
        return value.value
    if isinstance(value, Mapping) and value.get("class_name") == "__numpy__":
        return value["config"]["value"]
    raise refused(what, f"it is configured with {str(value)[:60]}", place)


def _slice(call: Call, find: Find, what: str, place: str) -> list[Said]:
    """``x[:, -24:, None]`` as ``at`` and ``ops.expand_dims``."""
    given = (*call.args, *call.kwargs.values())
    if len(given) != 2 or not isinstance(given[0], Tensor):
        raise refused(what, "it slices no tensor", place)
    x, key = given
    parts = list(key) if isinstance(key, (list, tuple)) else [key]
    if Ellipsis in parts:
        rank = len(x.shape or ())
        spot = parts.index(Ellipsis)
        missing = rank - sum(part is not None and part is not Ellipsis for part in parts)
        parts[spot : spot + 1] = [slice(None)] * missing
    axis, place_out = 0, 0
    index: dict[int, Any] = {}
    added: list[int] = []
    for part in parts:
        if part is None:
            added.append(place_out)
            place_out += 1
            continue
        if isinstance(part, slice):
            ends = [part.start, part.stop, *([part.step] if part.step not in (None, 1) else [])]
            if any(end is not None and type(end) is not int for end in ends):
                raise refused(what, "it slices with a tensor", place)
            if any(end is not None for end in ends):
                index[axis] = ends
            place_out += 1
        elif type(part) is int:
            index[axis] = part
        else:
            raise refused(
                what, "it picks with a list or a tensor", place, help="use ops.take, which a spec can say"
            )
        axis += 1
    if 0 in index:
        raise refused(what, "it slices the batch axis", place)
    steps = []
    if index or not added:
        steps.append(Said("at", "at", {"index": Argument(index or {1: [None, None]})}, (find(x),), {}))
    if added:
        axes = added[0] if len(added) == 1 else added
        steps.append(Said("ops", "expand_dims", {"axis": Argument(axes)}, (), {"x": find(x)}))
    return steps
