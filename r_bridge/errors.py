"""What can go wrong on the bridge itself.

ZooError
├── RValueError       an R value cannot become what was asked for
├── RArgumentError    an argument has the wrong form (partly named list, unknown output name)
├── RCallbackError    an R function given as a callback stopped; R keeps its condition
└── BridgeError       R, rpy2 or the R package is missing or does not fit
RError                R code run from Python stopped; carries the R condition's classes and call
RJump                 R code run in a callback wants to go on outside the call; R knows where
"""

from __future__ import annotations

from zoo.errors import ZooError


class RValueError(ZooError):
    """An R value cannot cross: NA, a type without a counterpart, a fraction for a whole number."""


class RArgumentError(ZooError):
    """An argument has the wrong form: a partly named list, a name that no input or output has."""


class RCallbackError(ZooError):
    """An R function that was given as a callback has stopped; the R package has its condition."""


class BridgeError(ZooError):
    """R, rpy2 or the R package is missing, or their versions do not fit together."""


class RError(Exception):
    """R code that Python ran has stopped.

    Args:
        message: the R condition's message.
        classes: the R condition's classes, most specific first.
        call: the R call that stopped, as R writes it; empty where R knows none.
    """

    def __init__(self, message: str, classes: tuple[str, ...] = (), call: str = "") -> None:
        super().__init__(f"{message}\n  in {call}" if call else message)
        self.message = message
        self.classes = classes
        self.call = call


class RJump(Exception):
    """A handler set up before the call caught a condition of a callback: R goes on outside the call."""
