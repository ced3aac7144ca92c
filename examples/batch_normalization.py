"""BatchNormalization over windows of a time series: what the leak is worth in training, and costs in use.

    python examples/batch_normalization.py                                      # the simulated series
    python examples/batch_normalization.py --books ../shared/data/orderbook     # and recorded books
    python examples/batch_normalization.py --page docs/batch-normalization.md

Every run has a file of its own and is done once: what was broken off goes on where it was. With --page the
page of all that is finished is written, with its pictures beside it.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import pandas as pd
from sklearn.metrics import f1_score, log_loss

import zoo
from zoo.train.files import write_atomic
from zoo.train.trained import Trained

# One model; only what stands between its convolution and its activation differs.
MODEL = """
spec: 1
name: normalised
params:
  norm: {default: none, choices: [none, windows, codes, layer, instance, running, exponential]}
  window: 20
  features: 1
  classes: 2
inputs: {past: {shape: [=window, =features]}}
graph:
  code:
    - past
    - Conv1D: {filters: 16, kernel_size: 3, padding: causal}
    - when: {test: "=norm == 'windows'", do: [BatchNormalization: {momentum: 0.9}]}
    - when: {test: "=norm == 'layer'", do: [LayerNormalization]}
    - when: {test: "=norm == 'instance'", do: [GroupNormalization: {groups: 16}]}
    - when: {test: "=norm == 'running'", do: [CausalNormalization: {mode: running}]}
    - when: {test: "=norm == 'exponential'", do: [CausalNormalization: {mode: exponential}]}
    - Activation: relu
    - LSTM: 8
    - when: {test: "=norm == 'codes'", do: [BatchNormalization: {momentum: 0.9}]}
  move: [code, Dense: {units: =classes, activation: softmax}]
outputs: {move: {loss: sparse_categorical_crossentropy}}
lint:
  allow: {D301: "this is what is measured"}
"""
SERIES = """
training:
  {optimizer: {Adam: {learning_rate: 3e-3}}, epochs: 6, batch_size: 64, shuffle: SHUFFLE, walk_forward: WALK}
data:
  split: {by: time, train: 0.6, val: 0.0, test: 0.4, purge: HORIZON}
"""
BOOK = """
training:
  {optimizer: {Adam: {learning_rate: 3e-3}}, epochs: 6, batch_size: 64, shuffle: SHUFFLE, walk_forward: WALK}
data:
  kind: orderbook
  features: {levels: 2, prices: relative_bps, sizes: log, extra: [imbalance]}
  window: {length: =window, stride: 10, within: [session]}
  label: {kind: forward, horizon: 50, threshold: half_mean_abs}
  split: {by: time, train: 0.6, val: 0.0, test: 0.4, purge: auto}
  scale: {method: zscore, fit: train}
"""
WALK = "{first: 0.6, step: 0.2, window: anchored, refit: cold}"
HORIZON, BATCH = 32, 64
SEEDS = (1, 2, 3)
NORMS = {
    "none": "no normalisation",
    "windows": "BatchNormalization over windows: each feature, over the batch's windows and their steps",
    "codes": "BatchNormalization over features only: of the code, which has no time axis, over the batch",
    "layer": "LayerNormalization over features, each step by itself",
    "instance": "per window: each feature over the steps of its own window",
    "running": "causal, running: each feature over the steps so far",
    "exponential": "causal, exponential: the same with a fading memory",
}


@dataclass(frozen=True)
class Case:
    """One run: the data, the normalisation, whether batches are shuffled, the seed."""

    data: str
    norm: str
    shuffled: bool
    seed: int

    @property
    def name(self) -> str:
        """Of its file."""
        return f"{self.data}_{self.norm}_{'shuffled' if self.shuffled else 'ordered'}_{self.seed}"


def wandering(seed: int, length: int = 6_000) -> tuple[np.ndarray, np.ndarray]:
    """Windows of a level that wanders, seen through noise; will it be higher ``HORIZON`` steps later?

    A random walk cannot be predicted from its past. But the mean of a batch of consecutive windows says where
    the level goes within the batch: a window that lies below it is about to rise.

    Returns:
        (window, 20, 1) and (window,), in the order of time.
    """
    random = np.random.default_rng([seed, 90])
    level = np.cumsum(random.normal(size=length + HORIZON))
    seen = level + random.normal(scale=0.5, size=level.shape)
    rows = np.lib.stride_tricks.sliding_window_view(seen[:length], 20)[:, :, None]
    ends = np.arange(19, length)
    rises = level[ends + HORIZON] > level[ends]
    return (rows / 10).astype(np.float32), rises.astype(np.int64)


def spec_of(case: Case) -> zoo.Spec:
    """The model of a case, with its recipe."""
    recipe = (SERIES if case.data == "series" else BOOK).replace("HORIZON", str(HORIZON))
    recipe = recipe.replace("SHUFFLE", str(case.shuffled).lower()).replace("WALK", WALK)
    sizes: dict[str, Any] = {} if case.data == "series" else {"features": 9, "classes": 3}
    return zoo.loads(MODEL + recipe, norm=case.norm, **sizes)


def do(case: Case, books: Path | None) -> dict[str, Any]:
    """Train once and look at it in four ways; then walk forward, which is live use."""
    spec = spec_of(case)
    data: Any = wandering(case.seed) if books is None else books / f"{case.data}_perp.csv.gz"
    run = zoo.train(spec, data, seed=case.seed, verbose=0)
    found: dict[str, Any] = asdict(case)
    for part in ("train", "test"):
        samples = getattr(run.prepared, part)
        x, y = np.asarray(samples.x["past"][:]), np.asarray(samples.y["move"])
        batched = outputs(run, x, training=True)
        alone = outputs(run, x, training=False)
        found |= scores(f"{part}_batch", batched, y) | scores(f"{part}_alone", alone, y)
    walk = zoo.walk_forward(spec, data, seed=case.seed, verbose=0)
    found |= {f"walk_{name}": value for name, value in walk.metrics.items() if isinstance(value, float)}
    found["walk_baselines"] = walk.evaluation.baselines if walk.evaluation else {}
    return found


def outputs(run: Trained, x: np.ndarray, *, training: bool) -> np.ndarray:
    """The model's outputs over consecutive batches; in training mode with each batch's own statistics."""
    kept = run.model.get_weights()
    found = [
        np.asarray(run.model(x[start : start + BATCH], training=training))
        for start in range(0, len(x), BATCH)
    ]
    # a call in training mode moves the averages
    run.model.set_weights(kept)
    return np.concatenate(found)


def scores(name: str, chances: np.ndarray, y: np.ndarray) -> dict[str, float]:
    """Macro-F1 and negative log-likelihood."""
    chances = chances.astype(float) / chances.sum(axis=1, keepdims=True, dtype=float)
    return {
        f"{name}_f1": float(f1_score(y, chances.argmax(axis=1), average="macro")),
        f"{name}_nll": float(log_loss(y, chances, labels=range(chances.shape[1]))),
    }


def cases(data: str) -> Iterator[Case]:
    """All cases of one set of data, whole tables of normalisations first."""
    for seed in SEEDS:
        for norm in NORMS:
            yield Case(data, norm, False, seed)
        for norm in ("windows", "codes"):
            yield Case(data, norm, True, seed)


def main(arguments: list[str]) -> None:
    """Do what is missing, and write the page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("runs/batch_normalization"))
    parser.add_argument("--books", type=Path, help="folder of btcusd_perp.csv.gz and ethusd_perp.csv.gz")
    parser.add_argument("--page", type=Path, help="write the page of what is finished")
    asked = parser.parse_args(arguments)
    for data in ("series", *(("ethusd", "btcusd") if asked.books else ())):
        for case in cases(data):
            file = asked.out / f"{case.name}.json"
            if not file.exists():
                found = do(case, asked.books if data != "series" else None)
                asked.out.mkdir(parents=True, exist_ok=True)
                write_atomic(file, json.dumps(found, indent=1).encode())
                print(case.name, {k: round(v, 3) for k, v in found.items() if k.endswith("_f1")}, flush=True)
    if asked.page:
        write_page(asked.out, asked.page)


INTRODUCTION = """\
# BatchNormalization over windows, measured

Made by `python examples/batch_normalization.py --books ../shared/data/orderbook --page
docs/batch-normalization.md`, which goes on where it was broken off.

In training, BatchNormalization gives every window of a batch the mean and the variance of the whole batch.
Windows of a series that come in the order of time then see what comes after them: rule D301 warns of it. Is
that worth anything to a model, and what does it cost in live use, where there is no batch? One model, the
same everywhere but for what stands between its convolution and its activation:

{norms}

Macro-F1; each number is the mean over the seeds, with the lowest and the highest. Every model is looked at in
two ways, on the very same samples in the order of time: *in its batch*, in training mode, with the statistics
of 64 consecutive windows; and *alone*, in inference mode, with the moving averages (momentum 0.9), which is
what live use has. The difference is what the statistics of the batch told it. The walk trains a new model on
the first 60 % and predicts the next 20 %, then on 80 %, and is live use throughout. Six epochs of Adam at
0.003, batches of 64, in the order of time unless said to be shuffled.
"""
ABOUT = {
    "series": """\
## A series in which the batch tells the future

A level wanders at random and is seen through noise; will it be higher {horizon} steps from now? From the past
nothing can be known: 0.5 is chance, and less than that is what models come to that answer "up" too often.
But a batch of 64 consecutive windows has a mean, and a window that lies below the mean of its batch is about
to rise.
""",
    "ethusd": """\
## A recorded order book: ETHUSD

39,131 snapshots of 10.8 minutes, every tenth window; the label is the direction of the mid over the next 50
snapshots, of three classes. Short, and right for a comparison like this one, not for claims about markets.
""",
    "btcusd": "## A recorded order book: BTCUSD\n\n44,770 snapshots of the same minutes.\n",
}


def write_page(out: Path, page: Path) -> None:
    """All that is finished as one page, with a picture for each set of data."""
    found = pd.DataFrame([json.loads(file.read_text()) for file in sorted(out.glob("*.json"))])
    pictures = page.with_suffix("")
    pictures.mkdir(parents=True, exist_ok=True)
    norms = "\n".join(f"* `{name}`: {about}." for name, about in NORMS.items())
    lines = [INTRODUCTION.format(norms=norms)]
    for data, about in ABOUT.items():
        rows = found[found["data"] == data]
        if len(rows):
            lines += [about.format(horizon=HORIZON), *_table(rows), ""]
            write_atomic(pictures / f"{data}.png", _picture(rows))
            lines += [f"![{data}]({pictures.name}/{data}.png)", ""]
    lines += _conclusions(found)
    write_atomic(page, "\n".join(lines).encode())


def _conclusions(found: pd.DataFrame) -> list[str]:
    """What the numbers say, in words; only where all of them are there."""
    if set(found["data"]) != set(ABOUT) or set(found["norm"]) != set(NORMS):
        return []
    mean = found.groupby(["data", "norm", "shuffled"]).mean(numeric_only=True)

    def score(data: str, norm: str, column: str, shuffled: bool = False) -> str:
        return f"{mean.loc[(data, norm, shuffled), column]:.2f}"

    books = "; ".join(
        f"{name} in its batch {score(data, 'windows', 'test_batch_f1')}, "
        f"alone {score(data, 'windows', 'test_alone_f1')}"
        for data, name in (("ethusd", "ETHUSD"), ("btcusd", "BTCUSD"))
    )
    walks = "; ".join(
        f"{name} {score(data, 'codes', 'walk_macro_f1')} in order, "
        f"{score(data, 'codes', 'walk_macro_f1', True)} shuffled, "
        f"{score(data, 'none', 'walk_macro_f1')} without any"
        for data, name in (("ethusd", "ETHUSD"), ("btcusd", "BTCUSD"))
    )
    said = f"""\
**The leak is real where the batch knows something.** In the simulated series, of which nothing can be known,
BatchNormalization over windows reaches {score("series", "windows", "train_batch_f1")} on the training part
and {score("series", "windows", "test_batch_f1")} on the test part in consecutive batches, over codes
{score("series", "codes", "train_batch_f1")} and {score("series", "codes", "test_batch_f1")}. *Over features
only* is no remedy: the statistics are still the batch's.

**Nothing of it is left in live use.** Alone, on the test part, the same weights come to
{score("series", "windows", "test_alone_f1")} and {score("series", "codes", "test_alone_f1")}, no
normalisation at all to {score("series", "none", "test_alone_f1")}. A score taken in training mode would have
promised twice as much.

**Shuffled batches know less**: on the training part {score("series", "windows", "train_batch_f1", True)} in
the batch, {score("series", "windows", "train_alone_f1", True)} alone. The output still hangs on its batch.

**On the recordings the batch tells nothing that helps** (test part: {books}). Whatever a batch of these
minutes knows of the next seconds, this model did not use it.

**Normalising codes over the batch made this model learn faster there, and that is no leak**: it holds in the
walk ({walks}). No model is above persistence.

**LayerNormalization, per-window and causal normalisation give a window the same output whatever its batch**:
both ways of looking agree. Those over the steps of a window take its level away, which these models miss."""
    points = [" ".join(point.split()) for point in said.split("\n\n")]
    points = [textwrap.fill(f"* {point}", 112, subsequent_indent="  ") for point in points]
    return ["## What the numbers say", "", *points, "", ADVICE]


ADVICE = """\
So: where live use scores one window at a time, let no statistic of a batch into the model, or shuffle, and
judge the model alone, as every report of this library does. `zoo audit` measures how far an output moves with
its batch; rule D301 says where in the spec it comes from.
"""


def _table(rows: pd.DataFrame) -> list[str]:
    head = [
        "norm",
        "batches",
        "train, in its batch",
        "train, alone",
        "test, in its batch",
        "test, alone",
        "walk",
    ]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    columns = ["train_batch_f1", "train_alone_f1", "test_batch_f1", "test_alone_f1", "walk_macro_f1"]
    for shuffled in (False, True):
        for norm in NORMS:
            these = rows[(rows["norm"] == norm) & (rows["shuffled"] == shuffled)]
            if len(these):
                cells = [_interval(these[column]) for column in columns]
                order = "shuffled" if shuffled else "in order"
                lines.append(f"| `{norm}` | {order} | " + " | ".join(cells) + " |")
    for name in ("majority", "persistence"):
        said = [item[name]["macro_f1"] for item in rows["walk_baselines"] if name in item]
        if said:
            lines.append(f"| {name} | | | | | | {_interval(pd.Series(said))} |")
    return [*lines, "", f"{rows['seed'].nunique()} seeds."]


def _interval(values: pd.Series) -> str:
    if values.max() - values.min() < 5e-4:
        return f"{values.mean():.3f}"
    return f"{values.mean():.3f} ({values.min():.3f}–{values.max():.3f})"


def _picture(rows: pd.DataFrame) -> bytes:
    """What the batch's statistics give and what is left alone, by normalisation, in training and in test."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 3.2), layout="constrained")
    FigureCanvasAgg(figure)
    ordered = rows[~rows["shuffled"]]
    names = [name for name in NORMS if name in set(ordered["norm"])]
    places = np.arange(len(names))
    for axes, part in zip(figure.subplots(1, 2, sharey=True), ("train", "test"), strict=True):
        for shift, way, label in ((-0.2, "batch", "in its batch"), (0.2, "alone", "alone")):
            column = ordered.groupby("norm")[f"{part}_{way}_f1"]
            mean, low, high = (getattr(column, name)().reindex(names) for name in ("mean", "min", "max"))
            axes.bar(places + shift, mean, 0.38, yerr=[mean - low, high - mean], label=label, capsize=2)
        axes.set_xticks(places, names, rotation=45, ha="right", fontsize=8)
        axes.set_title(f"{part} part", fontsize=9)
        axes.tick_params(labelsize=8)
    figure.axes[0].set_ylabel("macro-F1", fontsize=8)
    figure.axes[0].legend(fontsize=7, loc="lower left")
    buffer = io.BytesIO()
    figure.savefig(buffer, dpi=110, metadata={"Software": None})
    return buffer.getvalue()


if __name__ == "__main__":
    main(sys.argv[1:])
