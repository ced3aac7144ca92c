"""Ours beside textbook Keras, Keras folded by hand, Keras on JAX, PyTorch and ONNX Runtime, in one run.

    python -m benchmarks.side_by_side --torch /path/to/python     # one that has torch
    python -m benchmarks.side_by_side --models hrnn_lob --contestants textbook folded
    python -m benchmarks.side_by_side --quick                     # whether it runs; the numbers mean nothing

Same weights, same windows; each contestant in a process of its own, one after the other, with two threads.
Outputs are compared to 1e-5: a fast wrong answer ends the run. Read the ratios, on a machine with nothing
else to do. ``make bench`` runs this and the rest, and writes ``benchmarks/RESULTS.md``.
"""

from __future__ import annotations

import argparse
import sys

from benchmarks.machine import machine
from benchmarks.side_by_side.figures import CONTESTANTS, table
from benchmarks.side_by_side.race import MODELS, race
from benchmarks.side_by_side.roofline import rate, roofline


def main(arguments: list[str]) -> None:
    """All models, contestant after contestant."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--models", nargs="+", choices=MODELS)
    parser.add_argument("--contestants", nargs="+", choices=list(CONTESTANTS), default=list(CONTESTANTS))
    parser.add_argument("--torch", help="a Python that has torch")
    parser.add_argument("--quick", action="store_true", help="one small model, hardly repeated")
    asked = parser.parse_args(arguments)
    effort = "quick" if asked.quick else "full"
    print("\n".join(machine(asked.torch)), flush=True)
    speed = rate()
    print(f"a large matrix product: {speed / 1e9:.0f} Gflop/s\n", flush=True)
    for name in asked.models or (["bin_ctabl"] if asked.quick else MODELS):
        found, unable = race(name, asked.contestants, asked.torch, effort)
        print("\n".join(table(name, found, roofline(name, speed), unable)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
