"""Writes the gallery: ``index.html``, one page a model in ``models/``, one style and one script."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Sequence
from pathlib import Path

from zoo.build.gallery.index import index, ordered
from zoo.build.gallery.page import page
from zoo.errors import ZooError
from zoo.spec import load
from zoo.spec.catalogue import paths
from zoo.spec.spec import Spec

_ASSETS = ("gallery.css", "gallery.js")


def write(folder: str | Path, specs: Sequence[Spec] | None = None) -> Path:
    """Writes the gallery into a folder, which is made where it is missing; its index.

    Args:
        folder: where to.
        specs: the models to show, read from files; all of the zoo when left out.

    Raises:
        SpecError: a spec of the zoo has errors.
        ZooError: Graphviz is not installed, or the folder cannot be written.
    """
    shown = ordered([load(name) for name in paths()] if specs is None else specs)
    stems = [Path(spec.file).stem for spec in shown]
    target = Path(folder)
    try:
        (target / "models").mkdir(parents=True, exist_ok=True)
        for name in _ASSETS:
            shutil.copyfile(Path(__file__).parent / name, target / name)
        for number, spec in enumerate(shown):
            before, after = ["", *stems][number], [*stems, ""][number + 1]
            text = page(spec, before, after)
            (target / "models" / f"{stems[number]}.html").write_text(text, encoding="utf-8")
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
        print(error)
        return 1
    return 0
