"""What the race found, for the models' cards: `specs/speed.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping

from benchmarks.side_by_side.effort import FULL
from benchmarks.side_by_side.figures import Found


def speed(races: Mapping[str, Found], machine: str) -> str:
    """The file's text: of each model, one window and one training step, as we run them.

    Args:
        races: model → contestant → figure → number.
        machine: in a few words.
    """
    models = {
        name: [
            {"what": "one window, `run.predictor()`", "milliseconds": _rounded(found["ours"]["one_p50"])},
            {
                "what": "a training step",
                "milliseconds": _rounded(1000 * FULL.batch / found["ours"]["train"]),
                "batch_size": FULL.batch,
            },
        ]
        for name, found in sorted(races.items())
    }
    return json.dumps({"machine": machine, "models": models}, indent=1, ensure_ascii=False) + "\n"


def _rounded(milliseconds: float) -> float:
    """Two digits: more would change with every run."""
    return float(f"{milliseconds:.2g}")
