"""Python objects that R holds on to: R keeps a number, Python keeps the object under it.

R never holds a Python pointer. When R's garbage collector drops a handle, the R package notes the
number and sends it along with the next call: no Python code runs inside R's collector.
"""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from r_bridge.errors import RValueError


@dataclass(frozen=True, slots=True)
class Handle:
    """What R is given for a Python object: its number, and which Python process it belongs to."""

    number: int
    process: str
    kind: str


class HandleTable:
    """The objects R holds, by number. Numbers are never used twice in a process."""

    def __init__(self) -> None:
        self.process = uuid.uuid4().hex
        self._numbers = itertools.count(1)
        self._objects: dict[int, object] = {}

    def __len__(self) -> int:
        return len(self._objects)

    def keep(self, thing: object, kind: str) -> Handle:
        """Keep ``thing`` alive until R lets go of the handle."""
        number = next(self._numbers)
        self._objects[number] = thing
        return Handle(number, self.process, kind)

    def find(self, number: int, process: str, kind: str = "object") -> object:
        """The object under ``number``.

        Raises:
            RValueError: the handle is of another Python process (a saved workspace), or was released.
        """
        if process != self.process or number not in self._objects:
            raise RValueError(
                f"this {kind} belongs to a Python session that has ended",
                help="make it again, or write it with zoo_save() and read it back with zoo_open()",
                code="handle.stale",
            )
        return self._objects[number]

    def release(self, numbers: Iterable[int]) -> None:
        """Forget objects that R no longer reaches; numbers unknown here are ignored."""
        for number in numbers:
            self._objects.pop(number, None)


HANDLES = HandleTable()
