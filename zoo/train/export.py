"""``Trained.export``: a model for those who have no speczoo."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zoo.build import archive
from zoo.errors import TrainError
from zoo.serve.export import onnx_bytes, write_saved_model
from zoo.train.export_card import card_of, readme_of
from zoo.train.export_marks import MARK_OF_SAVED_MODEL, why_not_ours
from zoo.train.files import whole_folder, write_atomic
from zoo.train.names import nearest

if TYPE_CHECKING:
    from zoo.train.trained import Trained

FORMATS = ("onnx", "saved_model", "folder")


def export(run: Trained, path: str | os.PathLike[str], format: str = "onnx", overwrite: bool = False) -> Path:
    """Write the model in one of ``FORMATS``, whole or not at all; see ``Trained.export``."""
    _check_format(format)
    target = _check_target(Path(path), format, overwrite)
    if format == "saved_model":
        with whole_folder(target) as folder:
            write_saved_model(run.model, folder)
            mark = folder / MARK_OF_SAVED_MODEL
            mark.parent.mkdir()
            mark.write_text(run.spec.to_yaml(), encoding="utf-8")
        return target
    graph = onnx_bytes(run.model)
    if format == "onnx":
        write_atomic(target, graph)
        return target
    card = card_of(run)
    with whole_folder(target) as folder:
        (folder / "model.onnx").write_bytes(graph)
        (folder / "pipeline.json").write_bytes(archive.to_json(card))
        (folder / "predict.py").write_bytes(Path(__file__).with_name("standalone.py").read_bytes())
        (folder / "README.txt").write_text(readme_of(card), encoding="utf-8")
    return target


def default_name(name: str, format: str) -> str:
    """What an export of a model is called where nobody says."""
    return f"{name}.onnx" if format == "onnx" else f"{name}_{format}"


def _check_format(format: Any) -> None:
    if format in FORMATS:
        return
    raise TrainError(
        f"there is no format `{format}`",
        help=nearest(str(format), FORMATS),
        code="export.format",
    )


def _check_target(target: Path, format: str, overwrite: bool) -> Path:
    """The path, where something may be written; asked before the model is converted, which takes long."""
    if not target.parent.is_dir():
        raise TrainError(
            f"there is no folder `{target.parent}`",
            help="make it first, or check the path",
            code="export.path",
        )
    if not target.exists():
        return target
    is_folder, wanted = target.is_dir(), format != "onnx"
    if is_folder != wanted:
        raise TrainError(
            f"`{target}` is a {'folder' if is_folder else 'file'}, and `{format}` is a "
            f"{'folder' if wanted else 'file'}",
            help="give another name",
            code="export.path",
        )
    if is_folder and not any(target.iterdir()):
        return target
    if not overwrite:
        raise TrainError(
            f"`{target}` is there already",
            help="give another name, or overwrite=True to replace it",
            code="export.exists",
        )
    if reason := why_not_ours(target):
        raise TrainError(
            f"{reason}; only what an export wrote is replaced",
            help="give another name, or move it away",
            code="export.foreign",
        )
    return target
