"""``zoo.audit``: the order of events, nothing else."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import keras

from zoo.audit.batch import check_batch
from zoo.audit.causality import check_causality
from zoo.audit.finding import Audit, Finding
from zoo.audit.functions import check_features
from zoo.audit.pipeline import check_pipeline
from zoo.audit.skill import check_skill
from zoo.audit.split import check_split
from zoo.audit.subject import Subject, subject_of, with_data
from zoo.errors import TrainError
from zoo.spec.suggest import did_you_mean
from zoo.train.seeds import check_seed, seeded_python

if TYPE_CHECKING:
    from zoo.spec import Spec
    from zoo.train.trained import Trained

CHECKS = ("batch", "causality", "pipeline", "split", "skill")
_OF_DATA = ("pipeline", "split", "skill")
_SEED = 7


def audit(
    what: Trained | Spec | keras.Model | str | os.PathLike[str],
    data: Any = None,
    *,
    checks: Sequence[str] | str | None = None,
    seed: int | None = None,
    epochs: int | None = None,
    horizon: int | None = None,
    features: Callable[[Any], Any] | None = None,
    keep: Sequence[str] = (),
    params: Mapping[str, Any] | None = None,
) -> Audit:
    """Measure whether a model saw the future: change what it must not see, and look what moves.

    ``batch``: the output for a window as the other windows of its batch change, in training (with the same
    noise) and in inference. ``causality``: an output's steps as the inputs after them change. ``pipeline``:
    windows, labels, scalers as everything after a moment of the data changes; and labels that the window
    holds. ``split``: rows and label horizons that parts share. ``skill``: the model, trained shortly on
    labels that tell nothing, must have none.

    Args:
        what: a trained model, a bundle's path, a spec, its name or path, or a functional ``keras.Model``.
        data: what ``zoo.train`` takes; or the parts as they are used, ``{"train": (x, y), "val": …,
            "test": …}``. None means the run's or the recipe's own.
        checks: some of the five by name, in a list or parted by commas; all when None. Only ``skill`` trains.
        seed: of everything random; 7 when None.
        epochs: of each of the trainings of ``skill``; 3 when None.
        horizon: rows that labels look ahead, where arrays do not say it.
        features: a function of your own from a frame (``data``, or its file) to features: a row for each row,
            or ``(x, rows)``, windows with the row (from 0) at which each ends. It is tried on other futures;
            the model is then fed with drawn numbers.
        keep: columns of the frame that stay as they are, such as time and symbol.
        params: of the spec, where it is given by name or path.

    Returns:
        Audit: ``.ok``, ``.findings``, ``.frame``; ``print`` shows it.

    Raises:
        TrainError: ``audit.what``, ``audit.checks``, ``audit.data``, ``audit.features``.
        SpecError, DataError, BundleError: what is given has mistakes.

    Example:
        >>> import zoo
        >>> found = zoo.audit("rnn_sine", checks="causality")
        >>> found.ok
        True
    """
    chosen = _chosen(checks)
    number = _SEED if seed is None else check_seed(seed)
    subject, run = subject_of(what, params, number)
    with seeded_python(number):
        if features is None and (data is not None or set(chosen) & set(_OF_DATA)):
            subject = with_data(subject, run, data)
        found = list(_found(subject, chosen, number, epochs, horizon))
        if features is not None:
            found = [item for item in found if item.check not in _OF_DATA]
            found += check_features(features, data, number, keep=list(keep))
    return Audit(subject.name, tuple(found), number)


def _found(
    subject: Subject, chosen: Sequence[str], seed: int, epochs: int | None, horizon: int | None
) -> Iterator[Finding]:
    checks: dict[str, Callable[[], Iterator[Finding]]] = {
        "batch": lambda: check_batch(subject, seed),
        "causality": lambda: check_causality(subject, seed),
        "pipeline": lambda: check_pipeline(subject, seed),
        "split": lambda: check_split(subject, horizon),
        "skill": lambda: check_skill(subject, seed, epochs, horizon),
    }
    for name in chosen:
        yield from checks[name]()


def _chosen(checks: Sequence[str] | str | None) -> list[str]:
    """The checks to make, in their order."""
    if checks is None:
        return list(CHECKS)
    several = checks.split(",") if isinstance(checks, str) else checks
    listed = several if isinstance(several, (list, tuple, set)) else [several]
    named = [str(item).strip() for item in listed]
    if not named:
        raise TrainError(
            "`checks` names no check", help=f"the checks are {', '.join(CHECKS)}", code="audit.checks"
        )
    for name in named:
        if name not in CHECKS:
            raise TrainError(
                f"there is no check `{name}`",
                help=did_you_mean(name, CHECKS) or f"the checks are {', '.join(CHECKS)}",
                code="audit.checks",
            )
    return [name for name in CHECKS if name in named]
