"""One window of `hrnn_lob`, ours and PyTorch's in two processes that take turns.

``python -m benchmarks.taking_turns --torch PYTHON``. What slows the machine down for
seconds or minutes slows both, which contestants that run one after the other do not have.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

ROUNDS, CALLS, WARM = 40, 150, 50
SHAPE = (1, 100, 20, 1)
FOLDER = Path(__file__).parents[1]


def main(torch: str) -> None:
    """Print milliseconds of both, and how many times faster ours is."""
    with tempfile.TemporaryDirectory() as folder:
        np.save(Path(folder) / "x.npy", np.random.default_rng(0).standard_normal(SHAPE).astype(np.float32))
        ours, theirs = (
            _started(python, role, folder) for python, role in ((sys.executable, "ours"), (torch, "torch"))
        )
        taken = np.array([(_asked(ours), _asked(theirs)) for _ in range(ROUNDS)])
        for process in (ours, theirs):
            process.stdin.close()
            process.wait()
        answers = [np.load(Path(folder) / f"{role}.npy") for role in ("ours", "torch")]
    if np.abs(answers[0] - answers[1]).max() > 1e-5:
        sys.exit("the answers differ")
    ratios = taken[:, 1] / taken[:, 0]
    low, middle, high = np.percentile(ratios, [10, 50, 90])
    print(f"ours {np.median(taken[:, 0]):.3f} ms, PyTorch {np.median(taken[:, 1]):.3f} ms")
    said = f"{middle:.2f} × as fast, in {ROUNDS} rounds of {CALLS} calls"
    print(f"{said} (tenth to ninetieth percentile {low:.2f}-{high:.2f})")


def _started(python: str, role: str, folder: str) -> Any:
    process = subprocess.Popen(
        [python, "-m", "benchmarks.taking_turns", "--as", role, folder],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=FOLDER,
    )  # fmt: skip
    assert process.stdout is not None
    if process.stdout.readline() != "ready\n":
        sys.exit(f"{role} did not begin: {python}")
    return process


def _asked(process: Any) -> float:
    process.stdin.write("go\n")
    process.stdin.flush()
    return float(process.stdout.readline())


def _serve(role: str, folder: Path) -> None:
    # what libraries print at their start is no answer
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    call = {"ours": _ours, "torch": _torch}[role](folder, np.load(folder / "x.npy"))
    np.save(folder / f"{role}.npy", np.asarray(call()).reshape(-1))
    for _ in range(WARM):
        call()
    print("ready", file=answers, flush=True)
    for _ in sys.stdin:
        spent = []
        for _ in range(CALLS):
            begun = time.perf_counter()
            call()
            spent.append(1000 * (time.perf_counter() - begun))
        print(float(np.median(spent)), file=answers, flush=True)


def _ours(folder: Path, x: np.ndarray) -> Callable[[], Any]:
    import zoo
    from zoo.train.trained import Trained

    run = Trained.untrained(zoo.load("hrnn_lob"), seed=7)
    np.savez(folder / "weights.npz", *run.model.get_weights())
    predictor = run.predictor()
    return lambda: predictor.one(x[0])


def _torch(folder: Path, x: np.ndarray) -> Callable[[], Any]:
    import torch

    from benchmarks.side_by_side.clocks import arrays
    from benchmarks.side_by_side.effort import THREADS
    from benchmarks.side_by_side.torch_models import build

    torch.set_num_threads(THREADS)
    model, given = build("hrnn_lob", arrays(folder / "weights.npz")).eval(), torch.tensor(x)

    def call() -> Any:
        with torch.inference_mode():
            return model(given)[0]

    return call


if __name__ == "__main__":
    if sys.argv[1:2] == ["--as"]:
        _serve(sys.argv[2], Path(sys.argv[3]))
    elif sys.argv[1:2] == ["--torch"] and len(sys.argv) == 3:
        main(sys.argv[2])
    else:
        sys.exit(__doc__)
