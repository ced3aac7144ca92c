"""What cannot be said in a spec, told by name and place."""

from __future__ import annotations

from zoo.errors import ZooError

HELP = "a spec says stock Keras layers and ops and the zoo's own layers; replace this part, then import again"


class LiftError(ZooError):
    """A model, or a file that should hold one, that cannot become a spec."""


def refused(what: str, why: str, place: str = "", help: str = HELP) -> LiftError:
    """An error about one part of a model: `what` it is, `why` it cannot be said, and where it sits."""
    where = f" ({place})" if place else ""
    return LiftError(f"{what}{where} cannot be said in a spec: {why}", help=help, code="import.refused")
