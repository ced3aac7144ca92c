"""The weights files that a spec names, brought along where its text goes."""

from __future__ import annotations

import filecmp
from pathlib import Path
from typing import TYPE_CHECKING

from zoo.spec.spec import graphs
from zoo.train.files import write_atomic

if TYPE_CHECKING:
    from zoo.spec import Spec


def copy_weights(spec: Spec, folder: Path) -> list[Path]:
    """Put the files of submodels' weights where the spec's text names them, seen from ``folder``.

    A spec opens no file outside its own folder. A name that two files have, or that is the run's own
    bundle's, is left out: the wrong weights would be worse than none.

    Returns:
        the files that were not there before.
    """
    found: dict[str, set[Path]] = {}
    for graph in graphs(spec.graph):
        for layer in graph.layers.values():
            if layer.weights is not None and layer.weights.path is not None:
                found.setdefault(layer.weights.name, set()).add(layer.weights.path)
    new = []
    for name, files in found.items():
        target, file = folder / name, min(files)
        there = target.exists()
        if len(files) > 1 or name == f"{spec.name}.zoo" or (there and filecmp.cmp(file, target, False)):
            continue
        if not there:
            new.append(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(target, file.read_bytes())
    return new
