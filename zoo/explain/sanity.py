"""A check of attributions: those of a model with random weights must be other ones (Adebayo et al. 2018)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from zoo.explain.ranks import correlation, ranks
from zoo.explain.written import write_view

if TYPE_CHECKING:
    import keras
    import pandas as pd

Attribute = Callable[["keras.Model"], Mapping[str, NDArray[Any]]]

# Rank correlation with signs that may be left when nothing is left of the model. That of sizes is told beside
# it and not judged: part of it is the input's own size, where attributions are a product with it, and part
# the architecture's, as the last steps count most to a recurrent layer whatever its weights.
LIMIT = 0.5
_STAGES = 10


@dataclass(frozen=True, eq=False)
class Sanity:
    """How attributions change as the model's layers are made random, from the outputs down.

    Args:
        frame: a line a stage: ``layer``, the last one made random in it; ``layers``, how many are by then;
            ``size``, rank correlation of the attributions' sizes with those of the trained model, mean over
            the windows; ``signed``, that of the attributions with their signs.
        model: name of the spec.
        about: of which attributions and windows, a line for people.
    """

    frame: pd.DataFrame
    model: str
    about: str

    @property
    def passed(self) -> bool:
        """With all weights random, less than half a rank correlation is left."""
        return bool(self.frame["signed"].iloc[-1] < LIMIT)

    def write(self, folder: str | Path) -> dict[str, Path]:
        """Write ``sanity.txt`` and ``sanity.csv``.

        Args:
            folder: is made where it is missing; each file is whole or absent.
        """
        return write_view(self, self.frame, "sanity", folder)

    def __str__(self) -> str:
        rows = self.frame.to_dict("records")
        width = max(len(row["layer"]) for row in rows)
        lines = [f"{self.model}: {self.about}", f"  {'random down to':<{width}}  sizes  signed"]
        lines += [f"  {row['layer']:<{width}}  {row['size']:5.2f}  {row['signed']:6.2f}" for row in rows]
        left, sizes = self.frame["signed"].iloc[-1], self.frame["size"].iloc[-1]
        said = "they follow the trained weights" if self.passed else "they hardly depend on what was learnt"
        lines.append(f"  with all of it random, {left:.2f} of their order is left: {said} (limit {LIMIT:g})")
        if sizes >= LIMIT:
            lines.append(
                f"  {sizes:.2f} of the order of their sizes: inputs or architecture say where they are"
            )
        return "\n".join(lines)


def cascade(
    model: keras.Model, random: keras.Model, attribute: Attribute
) -> list[dict[str, str | int | float]]:
    """A line a stage: rank correlations of attributions before and after layers were made random.

    The trained model is only read: its weights are copied into the random one, whose own come back layer by
    layer. Nothing has to be put back, whatever happens on the way.

    Args:
        model: trained.
        random: the same model with fresh weights; it is changed.
        attribute: model → input → (sample, …).
    """
    layers = [layer for layer in reversed(random.layers) if layer.weights]
    fresh = {layer.name: layer.get_weights() for layer in layers}
    random.set_weights(model.get_weights())
    trained = _flat(attribute(model))
    lines: list[dict[str, str | int | float]] = []
    for stage in _stages(layers):
        for layer in stage:
            layer.set_weights(fresh[layer.name])
        now = _flat(attribute(random))
        done = (int(lines[-1]["layers"]) if lines else 0) + len(stage)
        size, signed = _alike(np.abs(trained), np.abs(now)), _alike(trained, now)
        lines.append({"layer": stage[-1].name, "layers": done, "size": size, "signed": signed})
    return lines


def _stages(layers: Sequence[Any]) -> list[list[Any]]:
    """At most ten stages of about as many layers each; the first is the output's layer alone."""
    rest = np.array_split(np.arange(1, len(layers)), min(_STAGES - 1, max(len(layers) - 1, 0)) or 1)
    places = [[0], *(part.tolist() for part in rest if len(part))]
    return [[layers[place] for place in part] for part in places]


def _flat(attributions: Mapping[str, NDArray[Any]]) -> NDArray[np.float64]:
    """(sample, number) of all inputs."""
    parts = [np.asarray(values, np.float64).reshape(len(values), -1) for values in attributions.values()]
    return np.concatenate(parts, axis=1)


def _alike(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Spearman's correlation of each sample's numbers, mean over the samples; 0 where all are alike."""
    found = [correlation(ranks(left), ranks(right)) for left, right in zip(a, b, strict=True)]
    return float(np.mean(found)) if found else float("nan")
