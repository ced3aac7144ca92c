"""Writes the gallery: ``index.html``, one page a model in ``models/``, one style and one script."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from zoo.build.gallery.index import index
from zoo.build.gallery.model import models
from zoo.build.gallery.page import page
from zoo.errors import ZooError
from zoo.spec.catalogue import paths

_ASSETS = ("gallery.css", "gallery.js")


def write(folder: str | Path, names_or_paths: Iterable[str | Path] | None = None) -> Path:
    """Writes the gallery into a folder, which is made where it is missing; its index.

    Args:
        folder: where to.
        names_or_paths: the models to show; all of the zoo when left out.

    Raises:
        SpecError: a spec has errors.
        ZooError: Graphviz is not installed, or the folder cannot be written.
    """
    shown = models(paths() if names_or_paths is None else names_or_paths)
    stems = ["", *(model.stem for model in shown), ""]
    target = Path(folder)
    try:
        (target / "models").mkdir(parents=True, exist_ok=True)
        for name in _ASSETS:
            shutil.copyfile(Path(__file__).parent / name, target / name)
        for number, model in enumerate(shown, start=1):
            text = page(model, before=stems[number - 1], after=stems[number + 1])
            (target / "models" / f"{model.stem}.html").write_text(text, encoding="utf-8")
        (target / "index.html").write_text(index(shown), encoding="utf-8")
    except OSError as error:
        raise ZooError(
            f"the gallery cannot be written to {target}: {error.strerror}",
            help="check the path and its rights",
            code="gallery.write",
        ) from None
    return target / "index.html"


def main(arguments: Sequence[str]) -> int:
    """Reads the command line and writes the gallery."""
    parser = argparse.ArgumentParser(prog="python -m zoo.build.gallery", description=main.__doc__)
    parser.add_argument("--out", type=Path, default=Path("build/gallery"), help="the folder (build/gallery)")
    try:
        print(write(parser.parse_args(arguments).out))
    except ZooError as error:
        print(error, file=sys.stderr)
        return 1
    return 0
