"""``OUT/run.json``: what is run in a folder, and how far it is."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import platform
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from zoo.build import archive
from zoo.errors import TrainError
from zoo.train.files import write_atomic
from zoo.train.runs.versions import version

if TYPE_CHECKING:
    from zoo.spec import Spec

NAME = "run.json"
FORMAT = 1
Record = dict[str, Any]
STATES = ("running", "finished", "interrupted", "failed")


def asked(function: str, spec: Spec, *, seed: int, options: Mapping[str, Any]) -> Record:
    """What a call asks for, its own words and the spec's together: two calls that ask alike run alike.

    Args:
        function: ``zoo.train``, ``zoo.tune``, …
        spec: what is trained.
        seed: of the run.
        options: the numbers and names in use, by the argument's name.
    """
    return {
        "function": function,
        "spec": {
            "name": spec.name,
            "file": spec.file,
            "params": _plain(spec.params),
            "sha256": hashlib.sha256(spec.to_yaml().encode()).hexdigest(),
        },
        "seed": seed,
        "options": {name: _plain(value) for name, value in options.items()},
        "backend": keras.backend.backend(),
    }


def circumstances() -> Record:
    """Where, when and with what it is run."""
    return {
        "command": shlex.join(sys.argv),
        "directory": os.getcwd(),
        "host": platform.node(),
        "process": os.getpid(),
        "started": now(),
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("speczoo", "keras", keras.backend.backend(), "numpy")},
        },
    }


def differences(earlier: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """What a call asks for that the run in the folder was not begun with, a sentence each."""
    return [
        *_spec_differences(earlier.get("spec") or {}, new["spec"]),
        *_value_differences(
            {
                "seed": earlier.get("seed"),
                "backend": earlier.get("backend"),
                **(earlier.get("options") or {}),
            },
            {"seed": new["seed"], "backend": new["backend"], **new["options"]},
        ),
    ]


def data_differences(earlier: Mapping[str, Any], card: Mapping[str, Any]) -> list[str]:
    """The same for the data; ``card`` says what they are."""
    before = earlier.get("data") or {}
    if before.get("fingerprint") == card.get("fingerprint"):
        return []
    return [f"the data are others ({card.get('about')}; the run's: {before.get('about')})"]


def read(folder: Path) -> Record | None:
    """What the folder's ``run.json`` says; None where there is none.

    Raises:
        TrainError: code ``train.record``: it cannot be read.
    """
    file = folder / NAME
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as failure:
        raise _unreadable(file, str(getattr(failure, "strerror", None) or failure)) from None
    if not isinstance(found, dict) or found.get("state") not in STATES:
        raise _unreadable(file, "it states no run")
    if not isinstance(found.get("format"), int) or found["format"] > FORMAT:
        raise _unreadable(file, "a newer speczoo wrote it")
    return found


def write(folder: Path, record: Record) -> None:
    """Put it into the folder, whole or not at all.

    Raises:
        TrainError: code ``file.write``.
    """
    write_atomic(folder / NAME, archive.to_json({"format": FORMAT, **record}))


def now() -> str:
    """The time, to the second, in UTC."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def _spec_differences(earlier: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    if earlier.get("sha256") == new["sha256"]:
        return []
    if earlier.get("name") != new["name"]:
        return [f"the spec is `{new['name']}`, the run's is `{earlier.get('name')}`"]
    named = _value_differences(earlier.get("params") or {}, new["params"])
    return [f"parameter {text}" for text in named] or ["the spec's text differs from the run's spec.yaml"]


def _value_differences(earlier: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    return [
        f"`{name}` is {new.get(name)!r}, the run's is {earlier.get(name)!r}"
        for name in {**new, **earlier}
        if new.get(name) != earlier.get(name)
    ]


def _unreadable(file: Path, reason: str) -> TrainError:
    return TrainError(
        f"`{file}` cannot be read: {reason}",
        help="give another folder; or remove this file, if nothing in its folder is to be kept",
        code="train.record",
    )


def _plain(value: Any) -> Any:
    """A value as JSON has it, so that it equals itself after it was written and read."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, (np.ndarray, np.generic)):
        return _plain(value.tolist())
    if isinstance(value, float) and not np.isfinite(value):
        return repr(value)
    return value if value is None or isinstance(value, (bool, int, float, str)) else repr(value)
