"""Loads Keras without the lines that TensorFlow's C++ writes to the terminal before its log level counts.

They name missing GPU drivers as errors, and the first thing a user of R or of the shell sees would be those.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import tempfile
from functools import cache

_NOISE = re.compile(
    r"WARNING: All log messages before absl"
    r"|[IWE]\d{4} .*(port|cudart_stub|cuda_platform|cpu_feature_guard)\.cc"
)


@cache
def load_keras_quietly() -> None:
    """Import Keras and find its devices; on standard error only what is not known noise remains."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    sys.stderr.flush()
    with tempfile.TemporaryFile() as written:
        terminal = os.dup(2)
        try:
            os.dup2(written.fileno(), 2)
            _load()
        finally:
            os.dup2(terminal, 2)
            os.close(terminal)
            written.seek(0)
            kept = [
                line
                for line in written.read().decode(errors="replace").splitlines()
                if not _NOISE.match(line)
            ]
            if kept:
                print("\n".join(kept), file=sys.stderr)


def _load() -> None:
    import keras

    if keras.backend.backend() == "tensorflow":
        import tensorflow

        # Its Python side warns of every model after the fourth in a session.
        logging.getLogger("tensorflow").setLevel(logging.ERROR)
        # The first look at the devices is what complains about missing drivers.
        tensorflow.config.list_physical_devices()
        tensorflow.zeros(1)
