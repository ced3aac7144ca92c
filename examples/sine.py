"""A sine: learnt step by step with a state that is carried, then forecast freely, beside the truth.

    python examples/sine.py [FOLDER]

Writes the run, its pictures of every 15th step, and ``forecast.png`` into the folder (``sine``).
"""

from __future__ import annotations

import sys
from pathlib import Path

import matplotlib
import numpy as np

import zoo

PERIOD = 40
STEPS = 40


def main(folder: str = "sine") -> None:
    """Train, forecast and draw."""
    run = zoo.train("rnn_sine", epochs=10, out=folder, overwrite=True)
    print(run.evaluation)
    print(
        f"loss of the last epoch {run.history['loss'][-1]:.1e}, "
        f"of validation {run.history['val_loss'][-1]:.1e}"
    )
    ahead = run.forecast(5 * STEPS)
    truth = np.sin(2 * np.pi * ahead["time"].to_numpy() / PERIOD)
    for steps in (STEPS, 5 * STEPS):
        told, wanted = ahead["value"][:steps], truth[:steps]
        rmse = np.sqrt(((told - wanted) ** 2).mean())
        print(f"{steps} steps ahead: RMSE {rmse:.3f}, correlation {np.corrcoef(told, wanted)[0, 1]:.4f}")
    draw(ahead[:STEPS], truth[:STEPS], Path(folder) / "forecast.png")


def draw(ahead, truth, file: Path) -> None:
    """The forecast beside the sine itself, after the rows that the model has seen."""
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(9, 3.2), layout="constrained")
    first = int(ahead["time"].iloc[0])
    seen = np.arange(first - STEPS, first)
    axes.plot(seen, np.sin(2 * np.pi * seen / PERIOD), color="0.6", label="seen")
    axes.plot(ahead["time"], truth, "k.", markersize=4, label="truth")
    axes.plot(ahead["time"], ahead["value"], label=f"forecast, {len(ahead)} steps")
    axes.axvline(first - 0.5, color="0.8", linewidth=1)
    axes.set(xlabel="time")
    figure.legend(frameon=False, loc="outside upper right", ncols=3)
    figure.savefig(file, dpi=100)
    plt.close(figure)
    print(f"the picture is {file}")


if __name__ == "__main__":
    main(*sys.argv[1:2])
