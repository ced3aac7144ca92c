"""Check: does skill survive where labels tell nothing?"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import keras
import numpy as np

from zoo.audit.finding import Finding
from zoo.audit.labelling import Labels, Windows, pooled, shifted, shuffled
from zoo.audit.split import reach_of
from zoo.audit.subject import Maker, Subject, maker_of
from zoo.layers.states import carries_state
from zoo.train.batches import Batches
from zoo.train.predict import predict
from zoo.train.seeds import derive_seed

CHECK = "skill"
_EPOCHS = 3
_BATCH = 32
_NULL = 199  # labels made in the same way: skill beyond all of them, twice, has 1 chance in 40,000
_LEAST = 1e-3  # of a probability, or of a correlation
_FEW = 30
_KNOWN = "samples of the test part, or their like, are known from training: see the check of the split"
_TREND = "the data repeat themselves or have long trends: no leak by itself"

Make = Callable[[int], Labels]  # seed → labels that tell nothing


@dataclass(frozen=True, slots=True)
class _Survival:
    """What a model scored on labels that tell nothing, beyond chance, and what chance reaches."""

    output: str
    skill: float
    chance: float

    @property
    def survives(self) -> bool:
        """Is there more of it than chance gives?"""
        return self.skill > self.chance


def check_skill(subject: Subject, seed: int, epochs: int | None, horizon: int | None) -> Iterator[Finding]:
    """Two findings: on labels in another order, and on labels moved past their horizon.

    Args:
        subject: with a training and a test part.
        seed: of orders and weights.
        epochs: of each training.
        horizon: rows that labels look ahead, where the data do not say it.
    """
    maker = maker_of(subject, seed)
    reason = _reason(subject, maker)
    if maker is None or reason:
        yield Finding(CHECK, "not checked", reason)
        return
    reach = reach_of(subject, horizon)
    block = sum(reach[:2]) if reach is not None else 1
    windows = pooled(subject, seed)
    passes = _EPOCHS if epochs is None else max(1, epochs)

    def tried(make: Make, number: int) -> list[_Survival]:
        own = derive_seed(seed, number)
        model = _trained(subject, maker, windows, make(own), own, passes)
        return [_beyond_chance(subject, model, windows, make, own, name) for name in subject.outputs]

    first = _confirmed(lambda number: tried(lambda own: shuffled(windows, block, own), number))
    yield _finding(first, "in another order", known=True)
    if block < 2 or len(windows) < 8 * block:
        return
    second = _confirmed(lambda number: tried(lambda own: shifted(windows, block, own), number))
    # Long trends and cycles tell what comes long after, too: by itself that is no leak.
    yield _finding(second, "moved past their horizon", known=first.survives)


def _reason(subject: Subject, maker: Maker | None) -> str:
    """Why the check cannot be made, or an empty text."""
    train, test = subject.parts.get("train"), subject.parts.get("test")
    if train is None or test is None:
        return subject.missing or "it needs a training and a test part"
    if maker is None:
        return "the model is not compiled: give it a loss"
    if carries_state(subject.model) or subject.model.inputs[0].shape[0] is not None:
        return "the model carries a state from batch to batch: samples in another order have no meaning to it"
    if min(len(train), len(test)) < _FEW:
        return f"the parts hold {len(train)} and {len(test)} samples: too few to tell skill from chance"
    if any(not isinstance(values, np.ndarray) for values in [*train.y.values(), *test.y.values()]):
        return "the label is the window itself: in another order it has no meaning"
    return ""


def _confirmed(trial: Callable[[int], list[_Survival]]) -> _Survival:
    """One trial, and where skill survives a second one with other labels: chance does not come twice."""
    worst = max(trial(0), key=lambda item: item.skill - item.chance)
    if not worst.survives:
        return worst
    return next(item for item in trial(1) if item.output == worst.output)


def _finding(found: _Survival, labels: str, *, known: bool) -> Finding:
    unit = "of the score beyond chance"
    if not math.isfinite(found.skill):
        return Finding(CHECK, "not checked", f"trained on labels {labels}, the model gives no numbers")
    if not found.survives:
        said = f"trained on labels {labels}, the model has no skill for `{found.output}`"
        return Finding(CHECK, "clean", said, found.skill, found.chance, unit)
    return Finding(
        CHECK, "leak" if known else "note",
        f"trained on labels {labels}, the model still has skill for `{found.output}`",
        found.skill, found.chance, unit, "training and test part", "D311", _KNOWN if known else _TREND,
    )  # fmt: skip


def _trained(
    subject: Subject, maker: Maker, windows: Windows, labels: Labels, seed: int, epochs: int
) -> Labels:
    """What a fresh model, trained on these labels of the training part, gives for the test part."""
    model = maker()
    y = {name: values[windows.train] for name, values in labels.items()}
    x = {name: values[windows.train] for name, values in windows.x.items()}
    _fit(subject, model, x, y, seed, epochs)
    return _predicted(subject, model, {name: values[windows.test] for name, values in windows.x.items()})


def _beyond_chance(
    subject: Subject, made: Labels, windows: Windows, make: Make, seed: int, output: str
) -> _Survival:
    """The score by the labels that the model was trained on, against that by others made in the same way."""
    task = subject.tasks[output]

    def score(labels: Labels) -> float:
        truth = labels[output][windows.test]
        if task.kind == "numbers":
            return _correlation(task.numbers(made[output]), truth)
        chances, classes = task.probabilities(made[output]), task.truth(truth)
        return float(chances[np.arange(len(classes)), classes].mean())

    own = score(make(seed))
    chance = np.array([score(make(derive_seed(seed, number))) for number in range(_NULL)])
    middle = float(chance.mean())
    return _Survival(output, own - middle, max(float(chance.max()) - middle, _LEAST))


def _correlation(made: np.ndarray, truth: np.ndarray) -> float:
    """The mean correlation of the numbers of a sample with the true ones."""
    first, second = (np.asarray(item, np.float64).reshape(len(item), -1) for item in (made, truth))
    first, second = first - first.mean(axis=0), second - second.mean(axis=0)
    spread = first.std(axis=0) * second.std(axis=0) + 1e-12
    return float(((first * second).mean(axis=0) / spread).mean())


def _fit(subject: Subject, model: keras.Model, x: Labels, y: Labels, seed: int, epochs: int) -> None:
    if subject.spec is not None:
        model.fit(Batches(x, y, _BATCH, seed=seed), epochs=epochs, verbose=0)
        return
    targets = list(y.values())
    model.fit(
        _listed(x), targets if len(targets) > 1 else targets[0], epochs=epochs, batch_size=_BATCH, verbose=0
    )


def _predicted(subject: Subject, model: keras.Model, x: Labels) -> Labels:
    if subject.spec is not None:
        return predict(model, x, subject.outputs)
    made = keras.tree.flatten(model.predict(_listed(x), verbose=0))
    return dict(zip(subject.outputs, made, strict=True))


def _listed(x: Labels) -> object:
    values = list(x.values())
    return values if len(values) > 1 else values[0]
