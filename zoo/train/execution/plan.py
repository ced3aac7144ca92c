"""An execution plan: how the steps of a training are run on this machine. It never changes the model."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from zoo.build.tensorflow_start import keeps_memory
from zoo.tensorflow_loops.compiled_loop import CompiledLoop

WAYS = ("keras", "loops", "xla")
SAID = {
    "keras": "Keras's own step",
    "loops": "recurrent loops compiled by XLA, in blocks of rows",
    "xla": "the whole step compiled by XLA",
}
# A way whose steps gain less is not worth another order of sums.
_GAIN = 1.02


@dataclass(frozen=True)
class Timing:
    """What one way took.

    Args:
        first: seconds to the end of the first step: tracing, compiling, and the step.
        step: seconds of a later one.
        difference: of the loss from Keras's own, relative to it.
    """

    first: float
    step: float
    difference: float = 0.0


@dataclass(frozen=True)
class ExecutionPlan:
    """The way in use, and what was measured.

    Args:
        way: one of ``WAYS``.
        loops: of ``loops``: the layer's place and name → how.
        timings: way → what it took; empty where nothing was measured.
        batch_size: samples in the steps that were timed.
        machine: on which, and with what.
        refused: way → why it cannot be taken, in a line.
    """

    way: str = "keras"
    loops: Mapping[str, CompiledLoop] = field(default_factory=dict)
    timings: Mapping[str, Timing] = field(default_factory=dict)
    batch_size: int = 0
    machine: str = ""
    refused: Mapping[str, str] = field(default_factory=dict)

    def for_steps(self, steps: int | None, ways: Sequence[str] = WAYS) -> ExecutionPlan:
        """The same measurements, and the way that ends so many steps first; None is a training without end.

        Only ``ways`` are taken.

        What another way takes to begin counts in full, and Keras's own not at all: its share of that was
        spent on starting TensorFlow.
        """
        best = "keras"
        if self.timings:
            own = self.timings["keras"].step
            costs = {
                way: item.step + (item.first / steps if steps else 0.0)
                for way, item in self.timings.items()
                if way in ways and _GAIN * item.step < own
            }
            best = min(costs, key=lambda way: costs[way], default="keras")
            if best != "keras" and costs[best] >= own:
                best = "keras"
        return replace(self, way=best)

    def to_dict(self) -> dict[str, Any]:
        """For a file."""
        return {
            "way": self.way,
            "batch_size": self.batch_size,
            "machine": self.machine,
            "loops": {name: asdict(item) for name, item in self.loops.items()},
            "timings": {name: asdict(item) for name, item in self.timings.items()},
            "refused": dict(self.refused),
        }

    @classmethod
    def from_dict(cls, found: Any) -> ExecutionPlan | None:
        """What ``to_dict`` gave; None where it is none, or of a way that this version does not know."""
        try:
            plan = cls(
                str(found["way"]),
                {name: CompiledLoop(**item) for name, item in found["loops"].items()},
                {name: Timing(**item) for name, item in found["timings"].items()},
                int(found["batch_size"]),
                str(found["machine"]),
                # plans of earlier versions do not say
                {str(way): str(why) for way, why in found.get("refused", {}).items()},
            )
        except (KeyError, TypeError, ValueError, AttributeError):
            return None
        whole = all(math.isfinite(item.first + item.step) and item.step > 0 for item in plan.timings.values())
        return plan if plan.way in WAYS and "keras" in plan.timings and whole else None

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def lines(self) -> list[str]:
        """What was measured, a line a way, the one in use marked."""
        if not self.timings:
            return [f"{SAID[self.way]}; nothing was measured"]
        own = self.timings["keras"].step
        found = [
            f"{'→' if way == self.way else ' '} {way:<6} {SAID[way]}: first step {item.first:.1f} s, "
            f"then {1000 * item.step:.3g} ms a step of {self.batch_size} ({own / item.step:.2f} × Keras)"
            for way, item in self.timings.items()
        ]
        found += [
            f"  {way:<6} {SAID.get(way, way)}: not possible, {why}" for way, why in self.refused.items()
        ]
        return [*found, f"measured on {self.machine}"]


def this_machine() -> str:
    """What timings depend on: processor, cores, what computes in which version, how it has memory."""
    import keras

    backend = keras.backend.backend()
    versions = f"keras {keras.__version__}"
    if backend == "tensorflow":
        import tensorflow as tf

        versions += f", tensorflow {tf.__version__}" + (", memory kept" if keeps_memory() else "")
    return f"{_processor()}, {os.cpu_count()} cores, {platform.system()}, {versions}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    named = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()
