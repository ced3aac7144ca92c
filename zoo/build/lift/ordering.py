"""Calls in an order in which each follows those it reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from zoo.build.lift import reading
from zoo.build.lift.reading import Entry
from zoo.build.lift.refusals import LiftError

Place = tuple[str, int]  # an entry, and which of its calls


def ordered(entries: Mapping[str, Entry], given: set[Place], place: str) -> Iterator[tuple[Entry, int]]:
    """Every call after those it reads, as near to Keras's order as that allows.

    Args:
        entries: a model's layers and ops.
        given: what is there from the start, the inputs.
        place: how messages name the model.

    Raises:
        LiftError: a call reads what nothing makes, or itself.
    """
    waiting: dict[Place, set[Place]] = {}
    readers: dict[Place, list[Place]] = {}
    ready: list[Place] = []
    for entry in entries.values():
        for number, call in enumerate(entry.calls):
            needs = {(tensor.entry, tensor.call) for tensor in reading.tensors_of(call)} - given
            waiting[entry.name, number] = needs
            for need in needs:
                readers.setdefault(need, []).append((entry.name, number))
            if not needs:
                ready.append((entry.name, number))
    ready.reverse()
    while ready:
        at = ready.pop()
        yield entries[at[0]], at[1]
        for reader in reversed(readers.get(at, ())):
            waiting[reader].discard(at)
            if not waiting[reader]:
                ready.append(reader)
        del waiting[at]
    if waiting:
        first = next(iter(waiting))[0]
        raise LiftError(
            f"{place} has a cycle, or reads a tensor that nothing makes, at `{first}`",
            help="save the model again with Keras 3: model.save('model.keras')",
            code="import.config",
        )
