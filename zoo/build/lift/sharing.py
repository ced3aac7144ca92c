"""Which objects of an archive are one, where Keras forgot to say so at the first of them.

Keras marks an object (``shared_object_id``) when it meets it a second time, and then marks the first place
too; but a first place inside a submodel was copied by then and stays unmarked. What is certain is that a mark
found once, or first found inside a submodel, had a place before: the unmarked layer of that class, name and
configuration, when there is just one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from zoo.build.lift.refusals import refused

_HELD = ("layer", "forward_layer", "backward_layer")


@dataclass(frozen=True, slots=True)
class _Place:
    data: dict[str, Any]
    depth: int  # submodels around it
    wrapped: bool

    @property
    def mark(self) -> int | None:
        found = self.data.get("shared_object_id")
        return found if type(found) is int else None

    @property
    def name(self) -> Any:
        config = self.data.get("config")
        return config.get("name") if isinstance(config, dict) else None


def mark_first_places(document: dict[str, Any]) -> None:
    """Gives the marks of an archive's ``config.json`` to the first places of its objects too.

    Raises:
        LiftError: it cannot be told which layer a mark means, or it is one inside a wrapper.
    """
    places = list(_places(document, 0, False))
    seen: set[int] = set()
    for number, place in enumerate(places):
        if place.mark is None or place.mark in seen or place.data["class_name"] == "InputLayer":
            continue
        inside = (item.mark for item in _places(place.data, 0, False))
        seen |= {place.mark, *(mark for mark in inside if mark is not None)}
        repeated = any(other.mark == place.mark for other in places[number + 1 :])
        if repeated and place.depth == 0:
            continue  # the first place of all
        earlier = [item for item in places[:number] if item.mark is None and _alike(item, place)]
        if len(earlier) == 1 and not earlier[0].wrapped:
            earlier[0].data["shared_object_id"] = place.mark
        else:
            raise _unsaid(place, earlier)


def _places(data: Mapping[str, Any], depth: int, wrapped: bool) -> Iterator[_Place]:
    """The layers inside a serialised object, in the order in which Keras wrote them."""
    config = data.get("config")
    if not isinstance(config, dict):
        return
    layers = config.get("layers")
    for item in layers if isinstance(layers, list) else ():
        if isinstance(item, dict) and "class_name" in item:
            yield _Place(item, depth, wrapped)
            yield from _places(item, depth + 1, wrapped)
    for name in _HELD:
        if isinstance(item := config.get(name), dict) and "class_name" in item:
            yield _Place(item, depth, True)
            yield from _places(item, depth + 1, True)


def _alike(one: _Place, other: _Place) -> bool:
    """Whether class and configuration are the same; what a layer is called on differs from place to place."""
    if one.name != other.name or one.data["class_name"] != other.data["class_name"]:
        return False
    return bool(_unmarked(one.data.get("config")) == _unmarked(other.data.get("config")))


def _unmarked(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _unmarked(item) for name, item in value.items() if name != "shared_object_id"}
    return [_unmarked(item) for item in value] if isinstance(value, list) else value


def _unsaid(place: _Place, earlier: list[_Place]) -> Exception:
    if any(item.wrapped for item in earlier):
        why = "it stands inside a wrapper and outside it too"
    else:
        why = f"it is shared, and the archive does not say with which of {len(earlier)} layers like it"
    return refused(
        f"`{place.name}` ({place.data['class_name']})",
        why,
        help="zoo.from_keras(model) sees the model itself",
    )
