"""The zoo's own layers and losses, one a file, each under the name that specs use."""

from __future__ import annotations

from typing import Any

_CLASSES: dict[tuple[str, str], Any] = {}


def registered(family: str, name: str) -> Any:
    """The registered class.

    Raises:
        LookupError: nobody registered it.
    """
    return _CLASSES[family, name]
