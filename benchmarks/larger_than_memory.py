"""Training on memory-mapped samples: the memory that it takes beside the size of the data.

Anonymous memory is what a process cannot give back; pages of a mapped file can be dropped by the system when
it likes, and count for nothing here. Each size has a process of its own. Read the last column: it must fall.

Run: python benchmarks/larger_than_memory.py [GIGABYTES …]
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from memory import watched

SHAPE = (100, 20)
SPEC = """
spec: 1
name: mapped
inputs: {x: {shape: [100, 20]}}
graph: {y: [x, Conv1D: {filters: 4, kernel_size: 5, strides: 5}, Flatten, Dense: 1]}
outputs: {y: {loss: mse}}
training: {epochs: 1, batch_size: 512, seed: 1}
"""


def write(file: Path, samples: int) -> None:
    """Windows of noise, written a piece at a time."""
    mapped = np.lib.format.open_memmap(file, "w+", dtype=np.float32, shape=(samples, *SHAPE))
    rng = np.random.default_rng(0)
    for start in range(0, samples, 10_000):
        stop = min(samples, start + 10_000)
        mapped[start:stop] = rng.standard_normal((stop - start, *SHAPE), np.float32)
    mapped.flush()


def one(file: str) -> None:
    """Train on a file, and print the peak and the seconds."""
    import zoo

    peak = watched()
    x = np.load(file, mmap_mode="r")
    y = np.random.default_rng(1).standard_normal(len(x)).astype(np.float32)
    began = time.perf_counter()
    zoo.train(zoo.loads(SPEC), (x, y), verbose=0)
    print(peak(), time.perf_counter() - began)


def main(sizes: list[float]) -> None:
    """One line a size."""
    print(f"{'data':>10}{'windows':>12}{'seconds':>10}{'peak, MB':>12}{'peak / data':>14}")
    for size in sizes:
        samples = int(size * 2**30 / 4 / np.prod(SHAPE))
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "x.npy"
            write(file, samples)
            ran = subprocess.run(
                [sys.executable, __file__, "--one", str(file)], capture_output=True, text=True, check=True
            )
        peak, seconds = map(float, ran.stdout.split()[-2:])
        share = peak / (size * 1024)
        print(f"{size:>7.2f} GB{samples:>12,}{seconds:>10.1f}{peak:>12.0f}{share:>14.2f}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2])
    else:
        main([float(text) for text in sys.argv[1:]] or [0.25, 1, 4])
