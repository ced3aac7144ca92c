"""Progress through R's own output, where `capture.output` and `sink` see it."""

from __future__ import annotations

from typing import Any


def write_line(text: str) -> None:
    """Print one line in R."""
    import rpy2.rinterface as rinterface

    rinterface.baseenv["cat"](text + "\n")
    rinterface.baseenv["flush"](rinterface.baseenv["stdout"]())


def epoch_lines(epochs: int | None) -> Any:
    """A Keras callback that writes one line an epoch: its number and every metric."""
    import keras

    class EpochLines(keras.callbacks.Callback):
        def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
            total = self.params.get("epochs") or epochs
            numbers = "  ".join(f"{name} {float(value):.4g}" for name, value in (logs or {}).items())
            write_line(f"epoch {epoch + 1}/{total}  {numbers}")

    return EpochLines()


def callbacks(verbose: bool, epochs: int | None = None) -> tuple[Any, ...]:
    """What to hand to a fit: the epoch lines, or nothing."""
    return (epoch_lines(epochs),) if verbose else ()
