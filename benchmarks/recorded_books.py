"""Eight order-book models on the recorded books, beside what simple rules reach: docs/results.md.

    python benchmarks/recorded_books.py ../shared/data/orderbook        # one command; about an hour
    python benchmarks/recorded_books.py ../shared/data/orderbook --models bin_ctabl,lob_mlp --seeds 1

Each run trains a spec of the zoo as it is (label `forward`, horizon 50, its own optimizer, batch size and
early stopping) for at most 60 seconds of processor time in training steps, on one core; compiling, validating
and judging are not counted. Processor time is the same on a busy machine and on a quiet one.
A run that is done is kept in runs/recorded_books and not made again: after an interruption the same command
goes on. The seed chooses weights and order of training; book, split and label are the same for all.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

MODELS = "bin_ctabl,deeplob,hrnn_lob,lob_lstm,lob_mlp,tlob,axial_lob,dla"
BOOKS = {"ethusd_perp": "ETHUSD", "btcusd_perp": "BTCUSD"}
BASELINES = {"majority": "majority", "persistence": "persistence", "logistic": "logistic, last snapshot"}
HORIZON = 50
PREFACE = """\
# What the models reach on recorded order books

Made by `python benchmarks/recorded_books.py ../shared/data/orderbook`; do not edit.

Label `forward`, horizon {horizon} snapshots, threshold mean |l| / 2 of the training part, split 70/15/15 by
time, purged. Every model is the zoo's spec as it is: its own optimizer, batch size and early stopping on the
validation loss. **Each run has {seconds} seconds of processor time in training steps** (compiling, validating
and judging are not counted) on {cores} core of {processor}, with Keras {keras} on TensorFlow. Scores are
on the test part: the mean over {seeds} seeds (lowest – highest).

Read it for what it is: eleven minutes of two markets, one minute of training. A model that stands below
persistence or the logistic regression has learnt nothing here that a line of code does not know.
"""


def train(model: str, book: Path, seed: int, seconds: float) -> dict[str, Any]:
    """One run: scores of the model and of its baselines on the test part, and what the budget allowed."""
    from zoo.build.tensorflow_start import load_keras_quietly

    if hasattr(os, "sched_setaffinity"):  # one core, before TensorFlow counts them
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    load_keras_quietly()
    import keras

    import zoo

    class Budget(keras.callbacks.Callback):
        """Stops after so much processor time in training steps; the first, which compiles, is not counted."""

        def __init__(self) -> None:
            super().__init__()
            self.steps, self.spent = 0, 0.0

        def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
            self.began = time.process_time()

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            self.spent += time.process_time() - self.began if self.steps else 0.0
            self.steps += 1
            if self.spent >= seconds:
                self.model.stop_training = True

    spec = zoo.load(model)
    if spec.data["label"] | {"kind": "forward", "horizon": HORIZON} != spec.data["label"]:
        raise SystemExit(f"{model} has the label {spec.data['label']}, not `forward` with horizon {HORIZON}")
    budget = Budget()
    run = zoo.train(spec, book, seed=seed, callbacks=[budget], verbose=0)
    assert run.evaluation is not None
    scores = next(iter(run.evaluation.outputs.values())).rows
    return {
        "model": model,
        "book": book.name.split(".")[0],
        "seed": seed,
        "budget": seconds,
        "passes": len(run.history["loss"]),
        "steps": budget.steps,
        "seconds": round(budget.spent, 1),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "windows": run.evaluation.context.windows,
        "keras": keras.version(),
        "speczoo": zoo.__version__,
        "scores": {name: {key: scores[name][key] for key in ("macro_f1", "mcc")} for name in scores},
    }


def one(model: str, book: Path, seed: int, seconds: float, folder: Path) -> dict[str, Any]:
    """A run in a process of its own, unless it is there."""
    kept = folder / f"{model}-{book.name.split('.')[0]}-{seed}-{seconds:g}s.json"
    if not kept.exists():
        call = [
            sys.executable,
            __file__,
            str(book),
            "--one",
            model,
            "--seed",
            str(seed),
            "--seconds",
            str(seconds),
        ]
        done = subprocess.run(call, stdout=subprocess.PIPE, text=True, check=True)
        part = kept.with_suffix(".part")
        part.write_text(done.stdout.splitlines()[-1] + "\n", encoding="utf-8")
        part.replace(kept)
    found: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
    return found


def page(runs: list[dict[str, Any]]) -> str:
    """The results as Markdown: macro-F1 and MCC, mean over the seeds with the lowest and the highest."""
    seeds = sorted({run["seed"] for run in runs})
    first = runs[0]
    cores = " or ".join(str(number) for number in sorted({run["cores"] for run in runs}))
    lines = PREFACE.format(
        horizon=HORIZON,
        seconds=f"{first['budget']:g}",
        cores=cores,
        processor=processor(),
        keras=first["keras"],
        seeds=len(seeds),
    ).splitlines()
    for book, title in BOOKS.items():
        here = [run for run in runs if run["book"] == book]
        if here:
            lines += ["", f"## {title}, {here[0]['windows']:,} test windows", "", *_table(here)]
    return "\n".join(lines) + "\n"


def _table(runs: list[dict[str, Any]]) -> list[str]:
    rows = ["| | macro-F1 | MCC | passes | steps |", "|---|---|---|---|---|"]
    for name, title in BASELINES.items():
        scores = runs[0]["scores"][name]
        rows.append(f"| *{title}* | {_number(scores['macro_f1'])} | {_number(scores['mcc'])} | | |")
    names = sorted({run["model"] for run in runs}, key=lambda name: -_mean(runs, name, "macro_f1"))
    for name in names:
        own = [run for run in runs if run["model"] == name]
        steps = statistics.mean(run["steps"] for run in own)
        # a pass that the budget cut short counts as one begun
        passes = statistics.mean(run["passes"] for run in own)
        rows.append(
            f"| `{name}` | {_spread(own, 'macro_f1')} | {_spread(own, 'mcc')} | {passes:.0f} | {steps:,.0f} |"
        )
    return rows


def _mean(runs: list[dict[str, Any]], model: str, score: str) -> float:
    return statistics.mean(run["scores"]["model"][score] for run in runs if run["model"] == model)


def _spread(runs: list[dict[str, Any]], score: str) -> str:
    values = [run["scores"]["model"][score] for run in runs]
    return f"{_number(statistics.mean(values))} ({_number(min(values))} – {_number(max(values))})"


def _number(value: float) -> str:
    # no minus before a nought, a dot whatever the locale; no zero before it, as the field prints scores
    return f"{round(value, 3) + 0.0:.3f}".replace("0.", ".", 1)


def processor() -> str:
    """The processor's name, where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next(
        (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine()
    )


def main() -> None:
    """All runs that are not there yet, then the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("books", type=Path, help="folder of the recordings")
    parser.add_argument("--models", default=MODELS, help="names, with commas between")
    parser.add_argument("--seeds", type=int, default=3, help="runs of each model: seeds 1, 2, …")
    parser.add_argument("--seconds", type=float, default=60, help="of training a run")
    parser.add_argument(
        "--runs", type=Path, default=Path("runs/recorded_books"), help="where finished runs are kept"
    )
    parser.add_argument("--out", type=Path, default=Path("docs/results.md"))
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(train(given.one, given.books, given.seed, given.seconds)))
        return
    books = [given.books / f"{name}.csv.gz" for name in BOOKS]
    for path in books:
        if not path.is_file():
            raise SystemExit(f"{path} is missing: name the folder that holds the recordings")
    given.runs.mkdir(parents=True, exist_ok=True)
    plan = [
        (name, path, seed)
        for seed in range(1, given.seeds + 1)
        for path in books
        for name in given.models.split(",")
    ]
    runs = []
    for number, (name, path, seed) in enumerate(plan, 1):
        began = time.perf_counter()
        runs.append(one(name, path, seed, given.seconds, given.runs))
        score = runs[-1]["scores"]["model"]["macro_f1"]
        took = time.perf_counter() - began
        print(
            f"{number:3}/{len(plan)} {name} {path.name} seed {seed}: macro-F1 {score:.3f} ({took:.0f} s)",
            flush=True,
        )
    given.out.write_text(page(runs), encoding="utf-8")
    print(f"the table is in {given.out}")


if __name__ == "__main__":
    main()
