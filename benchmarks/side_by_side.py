"""Ours beside textbook Keras and PyTorch, on the same weights and windows, in one run.

    python benchmarks/side_by_side.py                             # ours and textbook Keras
    python benchmarks/side_by_side.py --torch /path/to/python     # and PyTorch, in another environment
    python benchmarks/side_by_side.py --models hrnn_lob --write benchmarks/RESULTS.md

Each contestant runs in a process of its own, one after the other, with two threads. Outputs are compared: a
fast wrong answer ends the run. Textbook Keras is the same graph with Keras's own TimeDistributed, trained
with ``fit`` and asked with ``predict``. Read the ratios, on a machine with nothing else to do.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np

MODELS = ("hrnn_lob", "deeplob", "bin_ctabl", "gru_lob", "lob_transformer", "headline")
BATCH, STEPS, WINDOWS, CONSECUTIVE = 64, 12, 640, 4_096
TOLERANCE = 1e-5
HERE = Path(__file__).resolve().parent
FIGURES = {
    "first_step": ("time to the first step, s", False),
    "train": ("training, windows/s", True),
    "predict": ("batch prediction, windows/s", True),
    "dense": ("consecutive windows, windows/s", True),
    "one_p50": ("one window p50, ms", False),
    "one_p99": ("one window p99, ms", False),
    "tick_p50": ("a tick of a stream p50, ms", False),
    "tick_p99": ("a tick of a stream p99, ms", False),
    "peak": ("peak memory, MB", False),
}


def windows_of(name: str, count: int) -> list[np.ndarray]:
    """Made-up windows for each input of a model, the same for every contestant."""
    import zoo

    random = np.random.default_rng(1)
    found = []
    spec = zoo.load(name)
    for key, item in spec.inputs.items():
        shape = (count, *(size or 128 for size in item.shape))
        if item.dtype.startswith("float"):
            found.append(random.standard_normal(shape).astype(np.float32))
        else:
            found.append(random.integers(0, spec.vocabularies.get(key, 2), shape).astype(item.dtype))
    return found


def targets_of(model: Any, count: int) -> list[np.ndarray]:
    """Made-up targets: class numbers where the output has classes, else 0 or 1."""
    random = np.random.default_rng(2)
    return [
        random.integers(0, shape[-1], count)
        if shape[-1] > 1
        else random.integers(0, 2, (count, 1)).astype(np.float32)
        for shape in (item.shape for item in model.outputs)
    ]


def p50_p99(call: Callable[[], Any], count: int = 300) -> tuple[float, float]:
    """Milliseconds of a call, after some to warm up."""
    for _ in range(20):
        call()
    spent = []
    for _ in range(count):
        started = time.perf_counter()
        call()
        spent.append(1000 * (time.perf_counter() - started))
    return float(np.percentile(spent, 50)), float(np.percentile(spent, 99))


def best(call: Callable[[], Any], samples: int, repeats: int = 3) -> float:
    """Samples a second of the fastest of some calls; the first one warms up."""
    call()
    spent = []
    for _ in range(repeats):
        started = time.perf_counter()
        call()
        spent.append(time.perf_counter() - started)
    return samples / min(spent)


def of_keras(name: str, folder: Path, textbook: bool) -> dict[str, float]:
    """The figures of ours, or of textbook Keras."""
    import keras

    import zoo
    from zoo.build import model as building
    from zoo.train.trained import Trained

    x = windows_of(name, BATCH * STEPS)
    if textbook:
        building.folded = lambda inner, x: None
    marks: list[float] = []

    class Clock(keras.callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            marks.append(time.perf_counter())

    started = time.perf_counter()
    spec = zoo.load(name)
    run = Trained.untrained(spec, seed=7)
    weights = folder / f"{name}.npz"
    if weights.exists():
        with np.load(weights) as kept:
            run.model.set_weights([kept[key] for key in kept.files])
    else:
        np.savez(weights, *run.model.get_weights())
    before = run.model.get_weights()
    built = time.perf_counter() - started
    found: dict[str, float] = {}
    few = [item[:WINDOWS] for item in x]
    one = [item[:1] for item in x]
    if textbook:
        ask = few[0] if len(few) == 1 else few
        np.savez(
            folder / f"{name}_textbook.npz", *_listed(run.model.predict(ask, batch_size=BATCH, verbose=0))
        )
        found["predict"] = best(lambda: run.model.predict(ask, batch_size=BATCH, verbose=0), WINDOWS)
        alone = one[0] if len(one) == 1 else one
        found["one_p50"], found["one_p99"] = p50_p99(lambda: run.model.predict(alone, verbose=0), 50)
    else:
        predictor = run.predictor()
        given = dict(zip(spec.inputs, few, strict=True))
        np.savez(folder / f"{name}_ours.npz", *predictor.compiled.outputs(given, dense=False).values())
        found["predict"] = best(lambda: predictor.compiled.outputs(given, dense=False), WINDOWS)
        found["one_p50"], found["one_p99"] = p50_p99(lambda: predictor.one(*(item[0] for item in one)))
        found |= _over_a_series(run, predictor)
    y = targets_of(run.model, len(x[0]))
    run.model.set_weights(before)
    begun = time.perf_counter()
    if textbook:
        run.model.fit(
            x[0] if len(x) == 1 else x,
            y[0] if len(y) == 1 else y,
            batch_size=BATCH,
            verbose=0,
            callbacks=[Clock()],
        )
    else:
        outputs = dict(zip(spec.outputs, y, strict=True))
        run.fit(
            dict(zip(spec.inputs, x, strict=True)),
            outputs,
            batch_size=BATCH,
            callbacks=[Clock()],
            scaled=True,
        )
    found["first_step"] = built + marks[0] - begun
    found["train"] = BATCH / float(np.median(np.diff(marks[1:])))
    found["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    return found


def _over_a_series(run: Any, predictor: Any) -> dict[str, float]:
    """Consecutive windows of one series, and its rows one after the other."""
    from zoo.data.part import WindowInput
    from zoo.data.windowing import cut_windows

    (item, *more) = run.spec.inputs.values()
    if more or len(item.shape) < 2:
        return {}
    width = int(np.prod(item.shape[1:]))
    rows = (
        np.random.default_rng(3).standard_normal((CONSECUTIVE + item.shape[0] - 1, width)).astype(np.float32)
    )
    x = {next(iter(run.spec.inputs)): WindowInput(cut_windows(rows, item.shape[0]), tuple(item.shape))}
    stream = run.stream()
    for row in rows[: item.shape[0]]:
        stream.push(row, scaled=True)
    following = iter(rows)
    p50, p99 = p50_p99(lambda: stream.push(next(following), scaled=True))
    return {
        "dense": best(lambda: predictor.compiled.outputs(x), CONSECUTIVE),
        "tick_p50": p50,
        "tick_p99": p99,
    }


def _listed(found: Any) -> list[Any]:
    return list(found) if isinstance(found, (list, tuple)) else [found]


def compare(name: str, folder: Path, contestants: list[str]) -> None:
    """End the run where outputs differ.

    Raises:
        SystemExit: naming the model and by how much.
    """
    with np.load(folder / f"{name}_ours.npz") as kept:
        ours = [kept[key] for key in kept.files]
    for other in contestants:
        with np.load(folder / f"{name}_{other}.npz") as kept:
            theirs = [kept[key] for key in kept.files]
        for one, two in zip(ours, theirs, strict=True):
            most = float(np.abs(one.reshape(two.shape) - two).max())
            if not most <= TOLERANCE:
                raise SystemExit(f"{name}: ours and {other} differ by {most:.1e}")


def roofline(name: str) -> dict[str, float]:
    """Windows a second that the multiplications alone would allow, at the rate of a large matrix product."""
    import zoo
    from zoo.spec.cost import cost

    size = 1_024
    left = np.random.default_rng(0).standard_normal((size, size)).astype(np.float32)
    rate = 2 * size**3 * best(lambda: left @ left, 1)
    return {"predict": rate / cost(zoo.load(name).graph).flops, "gflops": rate / 1e9}


def run_child(python: str, arguments: list[str]) -> dict[str, float]:
    """One contestant in a process of its own."""
    quiet = {
        **os.environ,
        "OMP_NUM_THREADS": "2",
        "TF_NUM_INTRAOP_THREADS": "2",
        "PYTHONPATH": str(HERE.parent),
    }
    done = subprocess.run(
        [python, *arguments], capture_output=True, text=True, env=quiet, stdin=subprocess.DEVNULL
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)} failed:\n{done.stderr[-2000:]}")
    found: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def table(name: str, found: dict[str, dict[str, float]], roof: dict[str, float]) -> list[str]:
    """Ratios first: how many times better ours is, then the numbers."""
    others = [key for key in found if key != "ours"]
    lines = [
        f"### {name}",
        "",
        "| | "
        + " | ".join([*(f"against {other}" for other in others), "ours", *others, "arithmetic alone"])
        + " |",
        "|---|" + "---|" * (2 * len(others) + 2),
    ]
    for key, (said, more) in FIGURES.items():
        ours = found["ours"].get(key)
        if ours is None:
            continue
        ratios, numbers = [], []
        for other in others:
            # what the others have nothing for is beside what they do instead
            theirs = found[other].get(key, found[other].get(_INSTEAD.get(key, "")))
            if theirs is None:
                ratios.append("")
                numbers.append("")
                continue
            ratios.append(f"{ours / theirs if more else theirs / ours:.2f} ×")
            numbers.append(f"{theirs:.4g}")
        limit = f"{roof[key]:.4g}" if key in roof else ""
        lines.append(f"| {said} | " + " | ".join([*ratios, f"{ours:.4g}", *numbers, limit]) + " |")
    return [*lines, ""]


_INSTEAD = {"dense": "predict", "tick_p50": "one_p50", "tick_p99": "one_p99"}


def machine() -> str:
    """What it ran on."""
    model = next(
        (line.split(":", 1)[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor(),
    )
    said = [model or platform.machine(), f"{os.cpu_count()} cores", platform.system()]
    return ", ".join([*said, f"Python {platform.python_version()}"])


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []


def main(arguments: list[str]) -> None:
    """All models, contestant after contestant."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--models", nargs="+", choices=MODELS, default=list(MODELS))
    parser.add_argument("--torch", help="a Python that has torch; this one, where it has it, when left out")
    parser.add_argument("--write", type=Path, help="also write the tables there")
    parser.add_argument("--child", nargs=3, metavar=("KIND", "MODEL", "FOLDER"), help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.child:
        kind, name, folder = asked.child
        print(json.dumps(of_keras(name, Path(folder), kind == "textbook")))
        return
    lines = [f"{machine()}; load {os.getloadavg()[0]:.1f} when it began", ""]
    with TemporaryDirectory() as folder:
        for name in asked.models:
            found = {
                kind: run_child(sys.executable, [__file__, "--child", kind, name, folder])
                for kind in ("ours", "textbook")
            }
            if asked.torch:
                np.savez(Path(folder) / f"{name}_windows.npz", *windows_of(name, BATCH * STEPS))
                found["torch"] = run_child(asked.torch, [str(HERE / "torch_side.py"), name, folder])
            compare(name, Path(folder), [kind for kind in found if kind != "ours"])
            shown = table(name, found, roofline(name))
            print("\n".join(shown), flush=True)
            lines += shown
    if asked.write:
        head = "# Side by side\n\nMade by `python benchmarks/side_by_side.py`; above 1 × ours is better.\n"
        asked.write.write_text("\n".join([head, *lines]))


if __name__ == "__main__":
    main(sys.argv[1:])
