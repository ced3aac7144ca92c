"""A layer's configuration → the arguments a person would have written."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from zoo.build.lift.reading import is_model
from zoo.build.lift.refusals import refused
from zoo.layers import names as own_names
from zoo.spec import signatures
from zoo.spec.graph import Argument, Declared, Object
from zoo.spec.kinds import FAMILY_OF_KIND
from zoo.spec.lower.scope import snake

Model = Callable[
    [str, Mapping[str, Any], str], str
]  # class, configuration, place → the name it is declared under

# Keras writes these into every layer's configuration, or wrote them once, and they say nothing more.
_NOT_SAID = frozenset(
    {"name", "dtype", "trainable", "batch_input_shape", "batch_shape", "implementation", "input_length"}
)
_NO_MATTER = frozenset(
    {"name", "dtype", "trainable", "module", "registered_name", "build_config", "shared_object_id"}
)


def policy(config: Mapping[str, Any]) -> str:
    """The name of a layer's dtype policy."""
    item = config.get("dtype")
    while isinstance(item, Mapping):
        inner = item.get("config")
        item = inner.get("name") if isinstance(inner, Mapping) else None
    return str(item) if item else "float32"


def check_class(kind: str, module: str, registered: str, what: str, place: str) -> None:
    """Refuses a layer class that specs do not know."""
    if reason := signatures.refused("layers", kind):
        raise refused(what, reason, place)
    stock = (
        module.startswith(("keras.layers", "keras.src.layers", "tensorflow.keras.layers", "tf_keras"))
        or not module
    )
    twin = kind in own_names("layers") and module.startswith(("keras.src.applications", "zoo.layers"))
    added = signatures.lookup("layers", kind) is not None and registered.startswith("zoo>")
    if not (
        twin or added or (stock and ">" not in registered and signatures.lookup("layers", kind) is not None)
    ):
        raise refused(
            what, f"`{kind}` of `{module or registered}` is not a layer of Keras or of the zoo", place
        )


class Arguments:
    """Configurations → arguments, each distinct configuration asked of Keras once.

    Args:
        model: lifts a submodel that stands inside a wrapper.
        policy: the dtype policy that layers have without saying so.
    """

    def __init__(self, model: Model, policy: str) -> None:
        self.model = model
        self.policy = policy
        self._known: dict[str, dict[str, Any]] = {}

    def layer(
        self,
        kind: str,
        config: Mapping[str, Any],
        place: str,
        *,
        frozen: bool = False,
        rank: int | None = None,
    ) -> dict[str, Argument]:
        """A layer's arguments but its name; `frozen`: the submodel around it says ``trainable: false``."""
        same = {name: item for name, item in config.items() if name != "name"}
        key = json.dumps([kind, same, frozen, rank], sort_keys=True)
        if key not in self._known:
            found = self._minimal(kind, config, place, rank)
            if config.get("trainable") is False and not frozen:
                found["trainable"] = False
            if policy(config) != self.policy:
                found["dtype"] = policy(config)
            self._known[key] = found
        return {name: Argument(item) for name, item in self._known[key].items()}

    def _minimal(self, kind: str, config: Mapping[str, Any], place: str, rank: int | None) -> dict[str, Any]:
        signature = signatures.lookup("layers", kind)
        assert signature is not None
        config = {**config, **_as_given(kind, config, rank)}
        full: dict[str, Any] = {}
        for name, item in config.items():
            known = signature.arguments.get(name)
            if known is not None and name not in _NOT_SAID:
                full[name] = self.value(item, known.kind, f"{place}, `{name}`")
            elif name not in _NOT_SAID and item not in (None, False):
                raise refused(
                    f"the argument `{name}` of {kind}", "the Keras installed here does not know it", place
                )
        if isinstance(full.get("vocabulary"), str):
            raise refused(
                f"the vocabulary of {kind}", "it names a file", place, help="give the vocabulary as a list"
            )
        said = {name: item for name, item in full.items() if not _is_default(signature.arguments[name], item)}
        return _shortest(kind, config, full, said, signature)

    def value(self, item: Any, kind: str, place: str) -> Any:
        """One value of a configuration: plain, a name, or an ``Object``."""
        if isinstance(item, list):
            return [self.value(part, kind, place) for part in item]
        if not isinstance(item, Mapping):
            return (
                "='" + item.replace("'", "\\'") + "'"
                if isinstance(item, str) and item.startswith("=")
                else item
            )
        head, config = item.get("class_name"), item.get("config")
        if head in ("__numpy__", "__tensor__") and isinstance(config, Mapping):
            return config.get("value")
        if not isinstance(head, str):
            return {name: self.value(part, "any", place) for name, part in item.items()}
        module = str(item.get("module") or "")
        if head != "function" and config is not None and not isinstance(config, Mapping):
            raise refused(f"`{head}`", "its configuration is no map", place)
        if kind in ("layer", "layers") and is_model(head, module, config):
            return Declared(self.model(head, config, place))  # type: ignore[arg-type]
        family = FAMILY_OF_KIND.get(kind) or ("layers" if kind == "layers" else _family(head, module))
        if (
            head == "function"
            and isinstance(config, str)
            and family
            and signatures.resolve_alias(family, config)
        ):
            return config
        if family is None or signatures.lookup(family, head) is None or not _is_stock(item, module):
            raise refused(
                f"`{config if head == 'function' else head}`", "it is no part of Keras or of the zoo", place
            )
        if family == "layers":
            check_class(
                head, module, str(item.get("registered_name") or ""), f"the inner layer `{head}`", place
            )
            return Object(
                signatures.resolve_alias("layers", head) or head,
                "layers",
                self.layer(head, config or {}, place),
            )
        return self._object(head, family, config or {}, place)

    def _object(self, head: str, family: str, config: Mapping[str, Any], place: str) -> Any:
        signature = signatures.lookup(family, head)
        assert signature is not None
        args: dict[str, Argument] = {}
        for name, item in config.items():
            known = signature.arguments.get(name)
            if known is None:
                if item is not None and name not in _NOT_SAID:
                    raise refused(
                        f"the argument `{name}` of `{head}`",
                        "the Keras installed here does not know it",
                        place,
                    )
                continue
            read = self.value(item, known.kind, place)
            if name not in ("name", "dtype") and not _is_default(known, read):
                args[name] = Argument(read)
        if not args and signatures.resolve_alias(family, snake(head)) == signature.name:
            return snake(head)
        return Object(signature.name, family, args) if args else signature.name


def _as_given(kind: str, config: Mapping[str, Any], rank: int | None) -> dict[str, Any]:
    """What a layer settled when it was built, as it was before: Keras writes the settled form."""
    axes = config.get("attention_axes")
    if kind == "MultiHeadAttention" and rank and axes == list(range(1, rank - 1)):
        return {"attention_axes": None}
    axis = config.get("axis")
    if kind in ("LayerNormalization", "RMSNormalization") and isinstance(axis, list) and len(axis) == 1:
        return {"axis": axis[0]}
    return {}


def _is_stock(item: Mapping[str, Any], module: str) -> bool:
    registered = str(item.get("registered_name") or "")
    return module.startswith(("keras", "zoo", "builtins", "tf_keras", "tensorflow.keras")) or (
        not module and not registered
    )


def _family(head: str, module: str) -> str | None:
    return next(
        (family for family in signatures.FAMILIES if signatures.lookup(family, head) and family in module),
        None,
    )


def _is_default(argument: signatures.Argument, value: Any) -> bool:
    if argument.required:
        return False
    family = FAMILY_OF_KIND.get(argument.kind)
    if family and isinstance(value, str) and isinstance(argument.default, str):
        return signatures.resolve_alias(family, value) == signatures.resolve_alias(family, argument.default)
    if argument.kind == "activation" and argument.default is None:
        return value in (None, "linear")
    return bool(value == argument.default) and isinstance(value, bool) == isinstance(argument.default, bool)


def _shortest(
    kind: str,
    config: Mapping[str, Any],
    full: Mapping[str, Any],
    said: Mapping[str, Any],
    signature: signatures.Signature,
) -> dict[str, Any]:
    """As few arguments as give the same configuration, one number for equal ones; Keras itself is asked."""
    order = list(signature.arguments)
    bare = {
        name: _one(item)
        for name, item in said.items()
        if signature.arguments[name].required or signature.arguments[name].default not in (None, _one(item))
    }
    wrong = _differing(kind, bare, config)
    if wrong is None:
        # it cannot be made alone (a submodel inside, a package that is missing): the table's word stands
        return {name: said[name] for name in order if name in said}
    found = bare | {name: _one(full[name]) for name in wrong if name in full}
    found |= {name: full[name] for name in (_differing(kind, found, config) or ()) if name in full}
    return {name: found[name] for name in order if name in found}


def _one(value: Any) -> Any:
    if not isinstance(value, list) or not value:
        return value
    parts = [_one(item) for item in value]
    return parts[0] if all(type(part) is int and part == parts[0] for part in parts) else value


def _differing(kind: str, args: Mapping[str, Any], config: Mapping[str, Any]) -> set[str] | None:
    """The keys in which a layer made of `args` has another configuration; None when it cannot be made."""
    from zoo.build import objects

    try:
        values = objects.keywords(
            "layers", kind, {name: Argument(item) for name, item in args.items()}, owner="part"
        )
        made = objects.find("layers", kind)(**values).get_config()
    except Exception:  # whatever a constructor of Keras raises, the table is the way out
        return None
    return {
        name
        for name, item in config.items()
        if name not in _NO_MATTER and _bare(made.get(name)) != _bare(item)
    }


def _bare(value: Any) -> Any:
    """A configuration as JSON has it, without what differs from one object to the next."""
    if isinstance(value, Mapping):
        return {name: _bare(item) for name, item in value.items() if name not in _NO_MATTER}
    if isinstance(value, (list, tuple)):
        return [_bare(item) for item in value]
    return value.item() if hasattr(value, "item") and not getattr(value, "shape", ()) else value
