"""What the state after each epoch costs: a training whose state is kept beside one whose state is not.

`hrnn_lob` is small and slow, `headline` has 5.2 million weights, which is the worst of a course's models.
Read the shares, on a machine with nothing else to do; the file reaches the disk
before the epoch counts, so a slow disk shows here.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from tempfile import TemporaryDirectory

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import zoo
from zoo.train.runs.keeper import Keeper

EPOCHS = 3


def seconds_of(name: str, folder: Path) -> tuple[float, float, int]:
    """Seconds of an epoch, seconds of its checkpoint, and the checkpoint's bytes."""
    spent: list[float] = []
    sizes: list[int] = []
    write = Keeper.on_epoch_end

    def timed(self: Keeper, epoch: int, logs: dict[str, float] | None = None) -> None:
        started = time.perf_counter()
        write(self, epoch, logs)
        spent.append(time.perf_counter() - started)
        sizes.append(self.path.stat().st_size)

    Keeper.on_epoch_end = timed  # type: ignore[method-assign]
    try:
        zoo.train(name, epochs=1, verbose=0)  # what TensorFlow does once
        started = time.perf_counter()
        zoo.train(name, epochs=EPOCHS, out=folder / name, verbose=0)
        whole = time.perf_counter() - started
    finally:
        Keeper.on_epoch_end = write  # type: ignore[method-assign]
    return whole / EPOCHS, sum(spent) / EPOCHS, max(sizes)


def main() -> None:
    with TemporaryDirectory() as folder:
        for name in ("hrnn_lob", "headline"):
            epoch, checkpoint, size = seconds_of(name, Path(folder))
            print(
                f"{name}: an epoch {epoch:.2f} s, its checkpoint {1000 * checkpoint:.0f} ms "
                f"({size / 1e6:.1f} MB), {checkpoint / epoch:.1%} of it",
                flush=True,
            )


if __name__ == "__main__":
    main()
