"""How much is measured. Needs NumPy at most: every contestant's environment reads it."""

from __future__ import annotations

from dataclasses import dataclass

THREADS = 2


class Unable(Exception):
    """A contestant that cannot run here, and why, in a few words."""


@dataclass(frozen=True)
class Effort:
    """Counts.

    Args:
        batch: windows in a training step, and in a call of the contestants that choose no batch themselves.
        steps: training steps in an epoch.
        epochs: of training at least; the first one is left out of the windows a second.
        windows: predicted at once.
        consecutive: windows of one long series.
        calls: for one window, and for a tick, in a row of them; Keras's ``predict`` has a sixth of them.
        repeats: of everything else, at least; the best one counts.
        seconds: that training, rows of calls, and each of what is repeated, take at least: a machine that
            others share is slow for some seconds now and then, and the best of a few short ones may all lie
            within.
    """

    batch: int = 64
    steps: int = 12
    epochs: int = 6
    windows: int = 640
    consecutive: int = 4_096
    calls: int = 300
    repeats: int = 3
    seconds: float = 6.0

    @property
    def samples(self) -> int:
        """Windows that a contestant is given; it predicts the first ``windows`` of them."""
        return max(self.windows, self.batch * self.steps)


FULL = Effort()
QUICK = Effort(batch=16, steps=2, epochs=2, windows=48, consecutive=128, calls=12, repeats=1, seconds=0.0)
EFFORTS = {"full": FULL, "quick": QUICK}
