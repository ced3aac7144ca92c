"""Integrated gradients: ours beside Captum's, on the same weights, windows and baseline, in one run.

    python benchmarks/explain_captum.py --torch /path/to/python    # one that has torch and captum

Outputs are compared first, then attributions (64 Gauss–Legendre points from zeros), to 1e-4 of the largest.
Then the time for 256 windows of `hrnn_lob`, each side with two threads, after a first call. Read the ratio on
a quiet machine.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["TF_NUM_INTRAOP_THREADS"] = "2"

import numpy as np

import zoo
from zoo.train.trained import Trained

HERE = Path(__file__).resolve().parent
MODELS = ("hrnn_lob", "deeplob", "headline")
STEPS, FEW, MANY = 64, 8, 256


def windows_of(spec: zoo.Spec, count: int) -> dict[str, np.ndarray]:
    random = np.random.default_rng(1)
    return {
        name: random.standard_normal((count, *item.shape)).astype(np.float32)
        if item.dtype.startswith("float")
        else random.integers(0, spec.vocabularies[name], (count, *item.shape)).astype(item.dtype)
        for name, item in spec.inputs.items()
    }


def of_torch(python: str, name: str, folder: Path) -> dict[str, float]:
    done = subprocess.run(
        [python, "-m", "benchmarks.captum_side", name, str(folder)],
        capture_output=True, text=True, cwd=HERE.parent,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    found: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def last(outputs: np.ndarray) -> int:
    """The number of an output's last class."""
    return outputs.shape[-1] - 1


def arrays(path: Path) -> list[np.ndarray]:
    with np.load(path) as kept:
        return [kept[key] for key in kept.files]


def check(name: str, python: str, folder: Path) -> str:
    """The line of one model; ends the run where they differ."""
    run = Trained.untrained(zoo.load(name), seed=7)
    x = windows_of(run.spec, FEW)
    np.savez(folder / f"{name}.npz", *run.model.get_weights())
    np.savez(folder / f"{name}_explain.npz", *x.values())
    of_torch(python, name, folder)
    outputs = run.raw_outputs(x)
    # NumPy's maximum, which a number that is none goes through
    apart = np.max(
        [
            np.abs(ours - theirs).max()
            for ours, theirs in zip(outputs.values(), arrays(folder / f"{name}_outputs.npz"), strict=True)
        ]
    )
    if not apart <= 1e-5:
        raise SystemExit(f"{name}: outputs differ by {apart:.1e}")
    differences, gaps = [], []
    for place, output in enumerate(outputs):
        found = run.explain(
            x, output=output, target=last(outputs[output]), baseline="zeros", steps=STEPS, scaled=True
        )
        gaps.append(found.relative_gap.max())
        theirs = arrays(folder / f"{name}_captum_{place}.npz")
        largest = max(float(np.abs(item).max()) for item in theirs)
        for one, two in zip(found.attributions.values(), theirs, strict=True):
            differences.append(np.abs(one - two).max() / largest)
    most, gap = np.max(differences), np.max(gaps)
    if not most <= 1e-4:
        raise SystemExit(f"{name}: attributions differ by {most:.1e} of the largest")
    return f"{name}: outputs within {apart:.0e}, attributions within {most:.0e} of the largest, gap {gap:.0e}"


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--torch", default=sys.executable, help="a Python that has torch and captum")
    python = parser.parse_args(arguments).torch
    with TemporaryDirectory() as made:
        folder = Path(made)
        for name in MODELS:
            print(check(name, python, folder), flush=True)
        run = Trained.untrained(zoo.load("hrnn_lob"), seed=7)
        x = windows_of(run.spec, MANY)
        np.savez(folder / "hrnn_lob_explain.npz", *x.values())
        theirs = of_torch(python, "hrnn_lob", folder)
        spent = []
        for _ in range(2):
            begun = time.perf_counter()
            run.explain(x, target=2, baseline="zeros", steps=STEPS, scaled=True)
            spent.append(time.perf_counter() - begun)
        print(
            f"{MANY} windows of hrnn_lob, {STEPS} steps: ours {spent[1]:.1f} s, at first {spent[0]:.1f} s, "
            f"Captum {theirs['seconds']:.1f} s in batches of {theirs['batch']:.0f}: "
            f"{theirs['seconds'] / spent[1]:.2f} × as fast"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
