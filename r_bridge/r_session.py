"""R for Python code and notebooks: values, errors as exceptions, plots as PNG."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from r_bridge.errors import BridgeError, RError
from r_bridge.host import call, start, tag
from r_bridge.r_code import ATTACH, EVALUATE


@dataclass(frozen=True, slots=True)
class Picture:
    """What R has drawn on one page; a notebook shows it.

    Args:
        png: the bytes of the picture.
    """

    png: bytes = field(repr=False)

    def _repr_png_(self) -> bytes:
        return self.png

    def save(self, path: str | Path) -> None:
        """Write the picture to a file."""
        Path(path).write_bytes(self.png)


class Session:
    """R inside this Python process, with the ``speczoo`` package attached.

    There is one R a process; two sessions share its variables. Warnings are shown when they happen, on the
    standard error, and what R prints on the standard output.
    """

    def __init__(self) -> None:
        self.plots: list[Picture] = []  # what the last call has drawn, one a page

    def run(self, code: str) -> Any:
        """Evaluate R code in the global environment; the last value as a Python value.

        What R's prompt would not show, such as the value of an assignment, is None. What the code draws is in
        ``plots`` afterwards.

        Raises:
            RError: R stopped; ``message``, ``call`` and ``classes`` are the condition's.
            KeyboardInterrupt: R was interrupted.
        """
        from r_bridge.to_python import plain

        return plain(self._evaluate(code, show=False), "value")

    def plot(self, code: str, width: float = 7.0, height: float = 5.0, dpi: float = 96.0) -> Picture:
        """Run R code as at R's prompt, which prints what is visible, and return the last page it draws.

        Args:
            code: R code; a ggplot draws itself as it does at the prompt.
            width: inches.
            height: inches.
            dpi: dots an inch.

        Raises:
            RError: R stopped.
            BridgeError: nothing was drawn (``r.plot``).

        Example:
            >>> r.plot("plot(AirPassengers)").save("air.png")    # doctest: +SKIP
        """
        self._evaluate(code, True, width, height, dpi)
        if not self.plots:
            raise BridgeError(
                "the R code drew nothing", help='for example session.plot("plot(1:10)")', code="r.plot"
            )
        return self.plots[-1]

    def _evaluate(
        self, code: str, show: bool, width: float = 7.0, height: float = 5.0, dpi: float = 96.0
    ) -> Any:
        self.plots = []
        with tempfile.TemporaryDirectory() as folder:
            try:
                # R makes page numbers of a percent sign: none may be in the folder's own name.
                pages = folder.replace("%", "%%") + "/page%06d.png"
                return _value(call(EVALUATE, code, show, pages, float(width), float(height), float(dpi)))
            finally:
                self.plots = [Picture(page.read_bytes()) for page in sorted(Path(folder).glob("page*.png"))]

    def __getitem__(self, name: str) -> Any:
        """The value of an R variable."""
        return self.run(f"get({name!r}, envir = globalenv())")

    def __setitem__(self, name: str, value: Any) -> None:
        """Assign an R variable."""
        import rpy2.rinterface as rinterface

        from r_bridge.to_r import to_r

        rinterface.globalenv[name] = to_r(value)


def _value(reply: dict[str, Any]) -> Any:
    from r_bridge import r_memory

    if tag(reply) == "value":
        return reply["value"]
    if tag(reply) == "interrupt":
        raise KeyboardInterrupt
    classes = tuple(name or "" for name in r_memory.strings(reply["class"]))
    message, place = (str(r_memory.strings(reply[name])[0]) for name in ("message", "call"))
    raise RError(message, classes, place)


def start_session() -> Session:
    """Start R if it does not run yet, and attach the ``speczoo`` package.

    Raises:
        BridgeError: the R package is not installed.
    """
    start()
    try:
        _value(call(ATTACH))
    except RError as error:
        raise BridgeError(
            f"the R package speczoo cannot be attached: {error.message}",
            help=f"run: {sys.executable} -m zoo.cli r-install",
            code="r.package",
        ) from error
    return Session()
