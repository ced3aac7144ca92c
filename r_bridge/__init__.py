"""The two ways between Python and R: R starts Python (``guest``), or Python starts R (``host``).

Both end at the same place: the R package ``speczoo`` calls one dispatcher, which looks the name up in
one table of functions (``exports``). Importing this package needs neither R nor rpy2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from r_bridge.r_session import Session

__all__ = ["attach", "session"]


def attach(reticulate: str | None = None) -> None:
    """Let this Python answer the R that runs in the same process. R calls it once.

    Args:
        reticulate: the shared library of the reticulate that started this Python.
    """
    from r_bridge import guest, reticulate_guard

    if reticulate is not None:
        reticulate_guard.guard(reticulate)
    guest.attach_to_running_r()


def session() -> Session:
    """An R session inside this Python process, with the ``speczoo`` package attached.

    Example:
        >>> import r_bridge
        >>> r = r_bridge.session()           # doctest: +SKIP
        >>> r.run("sum(1:10)")               # doctest: +SKIP
        55
        >>> r.plot("plot(AirPassengers)")    # doctest: +SKIP
    """
    from r_bridge import r_session

    return r_session.start_session()
