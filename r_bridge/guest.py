"""R hosts Python: rpy2 attaches to the R that runs in this process, and R is given the dispatcher.

reticulate has started this Python and exported ``R_SESSION_INITIALIZED`` with the process id, from
which rpy2 knows that R is running already. From then on no value crosses through reticulate.
"""

from __future__ import annotations

import atexit
import logging
import os
import signal
import sys
from typing import Any

import zoo
from r_bridge import interrupts
from r_bridge.environment import undisturbed_environment
from r_bridge.errors import BridgeError

# rpy2 keeps what R may call alive only as long as Python refers to it: one object, for the whole process.
_offered: dict[str, Any] = {}


def attach_to_running_r() -> None:
    """Attach rpy2 to the R that hosts this process and offer it the dispatcher. Safe to call again.

    Raises:
        BridgeError: rpy2 is missing or does not fit this R, or no R runs in this process.
    """
    if _offered:
        return
    handler = interrupts.saved_handler()
    try:
        rinterface = import_rinterface()
        from rpy2.rinterface_lib import embedded

        if not embedded.is_r_externally_initialized():
            raise BridgeError("no R is running in this process", help="use r_bridge.session() to start one")
        with undisturbed_environment():
            rinterface.initr()
        atexit.unregister(rinterface.endr)  # R ends itself: it owns the process
        signal.signal(signal.SIGINT, interrupts.answer)
        interrupts.remember_rs_handler(handler)
    finally:
        interrupts.restore_handler(handler)
    offer_dispatcher(rinterface)


def offer_dispatcher(rinterface: Any, host: str = "r") -> None:
    """Make the dispatcher an R function and put it where the R package looks for it.

    Args:
        rinterface: the module ``rpy2.rinterface``, attached.
        host: ``"python"`` where Python has started R.
    """
    from r_bridge.dispatch import dispatch
    from r_bridge.to_r import to_r

    _offered["dispatch"] = rinterface.rternalize(dispatch)
    # The process is named with it: a forked child inherits the function, and must not call it.
    options = {
        "speczoo.dispatch": _offered["dispatch"],
        "speczoo.process": to_r(os.getpid()),
        "speczoo.version": to_r(zoo.__version__),
        "speczoo.python": to_r(sys.executable),
        "speczoo.host": to_r(host),
    }
    rinterface.baseenv["options"](**options)


def import_rinterface() -> Any:
    """The module ``rpy2.rinterface``, quiet, or an error that says which versions fit.

    Raises:
        BridgeError: rpy2 is not installed, or was built for a newer R.
    """
    # TensorFlow writes to the terminal from C++ when it loads; 2 leaves its errors.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    logging.getLogger("rpy2").setLevel(logging.ERROR)
    try:
        import rpy2.rinterface as rinterface
    except ImportError as error:
        help = "install R first, then: pip install 'speczoo[r]'"
        if "R_getVar" in str(error):
            help = "pip install 'rpy2-rinterface==3.6.5'; 3.6.6 and later need R 4.5"
        raise BridgeError(f"rpy2 cannot be used with this R: {error}", help=help, code="rpy2") from error
    return rinterface
