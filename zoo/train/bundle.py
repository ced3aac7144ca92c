"""A trained model ↔ one file or bytes that hold nothing which could run.

The parts: spec, weights, pipeline, history, metrics, and a manifest.
"""

from __future__ import annotations

import math
import os
import platform
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from zoo.build import archive
from zoo.build.weights import load_safetensors, to_safetensors
from zoo.errors import BundleError, ZooError
from zoo.files import nearest_path
from zoo.train import layers
from zoo.train.files import write_atomic
from zoo.train.judge.baselines import Baselines
from zoo.train.judge.evaluate import Evaluation
from zoo.train.runs.versions import version
from zoo.train.seeds import seeded

if TYPE_CHECKING:
    from zoo.train.trained import Trained


def to_bytes(run: Trained) -> bytes:
    """The bundle's bytes: the same for the same run."""
    parts = {
        "spec.yaml": run.spec.to_yaml().encode(),
        "weights.safetensors": to_safetensors(run.model),
        "pipeline.json": archive.to_json(run.pipeline.to_dict() if run.pipeline is not None else {}),
        "history.json": archive.to_json({name: _plain(values) for name, values in run.history.items()}),
        "metrics.json": archive.to_json(
            {
                "evaluation": run.evaluation.to_dict() if run.evaluation is not None else None,
                "baselines": {name: item.to_dict() for name, item in run.baselines.items()},
            }
        ),
    }
    return archive.encode(parts, manifest(run))


def manifest(run: Trained) -> dict[str, Any]:
    """What made the run: versions, seed, data."""
    return {
        "name": run.spec.name,
        "speczoo": version("speczoo"),
        "keras": keras.__version__,
        "backend": {"name": keras.backend.backend(), "version": version(keras.backend.backend())},
        "numpy": np.__version__,
        "python": platform.python_version(),
        "seed": run.seed,
        "epochs": run.epochs,
        "interrupted": run.interrupted,
        "compile": run.overrides,
        "frozen": layers.frozen(run.model),
        "data": run.data_card,
    }


def save(run: Trained, path: str | os.PathLike[str]) -> Path:
    """Write the bundle, whole or not at all.

    Raises:
        BundleError: codes ``file.write``, ``bundle.size``; an old file of this name is then as it was.
    """
    return write_atomic(path, to_bytes(run), error=BundleError)


def open(path: str | os.PathLike[str]) -> Trained:
    """The trained model in a ``.zoo`` file.

    Raises:
        BundleError: no such file, not a bundle, cut short, altered, of a newer format, or not fitting its
            own spec.
    """
    where = f"`{os.fspath(path)}`"
    return _decode(_read(Path(path), where), where)


def from_bytes(blob: bytes | bytearray | memoryview) -> Trained:
    """The trained model in the bytes that ``Trained.to_bytes`` gave; see ``open``."""
    if not isinstance(blob, (bytes, bytearray, memoryview)):
        raise BundleError(
            f"a bundle in memory is bytes, received {type(blob).__name__}",
            help="give what `Trained.to_bytes()` returned; `zoo.open` takes a path",
            code="bundle.kind",
        )
    return _decode(bytes(blob), "the bundle")


def _read(path: Path, where: str) -> bytes:
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise BundleError(
                f"{where} is a folder, not a bundle",
                help=_inside(path),
                code="bundle.kind",
            )
        if not stat.S_ISREG(found.st_mode):
            raise BundleError(f"{where} is no ordinary file", help="give a .zoo file", code="bundle.kind")
        if found.st_size > archive.LARGEST:
            raise BundleError(
                f"{where} is larger than any bundle (4 GiB)", help="give a .zoo file", code="bundle.size"
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise BundleError(f"there is no file {where}", help=_meant(path), code="bundle.missing") from None
    except (OSError, ValueError) as failure:
        reason = getattr(failure, "strerror", None) or failure
        raise BundleError(
            f"cannot read {where}: {reason}", help="check the path", code="bundle.read"
        ) from None


def _inside(folder: Path) -> str:
    inside = sorted(folder.glob("*.zoo"))
    return f"did you mean `{inside[0]}`?" if inside else "give a .zoo file"


def _meant(path: Path) -> str:
    """The bundle that is there and is written most like it; or that of a run of this name."""
    of_run = Path("runs", path.stem, f"{path.stem}.zoo")
    near = of_run if of_run.exists() else nearest_path(path, "*.zoo")
    if near is None:
        return "check the path; a training leaves its bundle in runs/NAME/NAME.zoo"
    return f"did you mean `{near}`?"


def _decode(blob: bytes, where: str) -> Trained:
    parts, stated = archive.decode(blob, archive.MEMBERS, where)
    try:
        return _assemble(parts, stated, where)
    except BundleError:
        raise
    except ZooError as failure:
        raise _foreign(f"the spec in {where} cannot be built here: {failure.message}", stated) from None
    # The hashes hold: this was written so, by a speczoo that means something else by these names.
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError) as failure:
        reason = f"{type(failure).__name__}: {failure}"
        raise _foreign(f"the parts of {where} do not fit each other ({reason})", stated) from None


def _foreign(message: str, stated: Mapping[str, Any]) -> BundleError:
    writer = str(stated.get("speczoo"))[:40]
    return BundleError(
        message,
        help=f"it was written by speczoo {writer}: use that version, or train again",
        code="bundle.foreign",
    )


def _assemble(parts: Mapping[str, bytes], stated: Mapping[str, Any], where: str) -> Trained:
    from zoo.data import Pipeline
    from zoo.spec.check import reload
    from zoo.train.trained import Trained

    texts = {
        name: archive.from_json(parts[name], name, where)
        for name in archive.MEMBERS
        if name.endswith(".json")
    }
    spec = reload(parts["spec.yaml"].decode())
    seed = int(stated["seed"])
    with seeded(seed):
        run = Trained.untrained(spec, seed=seed, pretrained=False)
    load_safetensors(run.model, parts["weights.safetensors"], where)
    if stated["compile"]:
        run.compile(**stated["compile"])
    _freeze(run, stated.get("frozen"))
    metrics = texts["metrics.json"]
    run.pipeline = Pipeline.from_dict(texts["pipeline.json"]) if texts["pipeline.json"] else None
    run.history = {
        name: [_number(value) for value in values] for name, values in texts["history.json"].items()
    }
    run.evaluation = Evaluation.from_dict(metrics["evaluation"]) if metrics["evaluation"] else None
    run.baselines = {name: Baselines.from_dict(item) for name, item in metrics["baselines"].items()}
    run.interrupted = bool(stated["interrupted"])
    run.data_card = dict(stated["data"])
    return run


def _freeze(run: Trained, names: list[str] | None) -> None:
    """Bring back which layers learn; bundles of older versions say nothing of it."""
    if names is None or names == layers.frozen(run.model):
        return
    run.unfreeze()
    if names:
        run.freeze(*names)


def _plain(values: list[float]) -> list[float | None]:
    # JSON has no NaN: an epoch without this value.
    return [value if math.isfinite(value) else None for value in values]


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)
