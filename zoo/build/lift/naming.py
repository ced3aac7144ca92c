"""Names that specs can carry, each given once."""

from __future__ import annotations

import re
from collections.abc import Iterable

from zoo.spec.lower.pipes import VERBS
from zoo.spec.lower.scope import snake
from zoo.spec.values import is_name

RESERVED = frozenset({"_", "each", *VERBS})


def spec_name(text: str) -> str:
    """`text` as a name in snake_case: itself where it is one."""
    if is_name(text) and text not in RESERVED:
        return text
    name = re.sub(r"_+", "_", re.sub(r"[^a-z0-9_]", "_", snake(text))).strip("_")
    if not name or not name[0].isalpha() or name in RESERVED:
        name = f"t_{name}".rstrip("_")
    return name


class Names:
    """Names already taken, and new ones beside them."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self.taken = set(taken)

    def fresh(self, text: str) -> str:
        """`text` in snake_case, numbered where that is taken; taken from now on."""
        base = name = spec_name(text)
        number = 2
        while name in self.taken:
            name = f"{base}_{number}"
            number += 1
        self.taken.add(name)
        return name
