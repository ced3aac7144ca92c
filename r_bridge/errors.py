"""What can go wrong on the bridge itself.

ZooError
├── RValueError       an R value cannot become what was asked for
├── RArgumentError    an argument has the wrong form (partly named list, unknown output name)
└── BridgeError       R, rpy2 or the R package is missing or does not fit
RError                R code run from Python stopped; carries the R condition's classes
"""

from __future__ import annotations

from zoo.errors import ZooError


class RValueError(ZooError):
    """An R value cannot cross: NA, a type without a counterpart, a fraction for a whole number."""


class RArgumentError(ZooError):
    """An argument has the wrong form: a partly named list, a name that no input or output has."""


class BridgeError(ZooError):
    """R, rpy2 or the R package is missing, or their versions do not fit together."""


class RError(Exception):
    """R code that Python ran has stopped.

    Args:
        message: the R condition's message.
        classes: the R condition's classes, most specific first.
    """

    def __init__(self, message: str, classes: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.classes = classes
