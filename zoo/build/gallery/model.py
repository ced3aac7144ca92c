"""What the pages are made of: each model's spec and card."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from zoo.spec import load
from zoo.spec.card import Card, card
from zoo.spec.spec import Spec

FOLDERS = {
    "functional": "The functional API",
    "recurrent": "Recurrent networks",
    "orderbook": "Limit order books",
    "timeseries": "Time series",
    "vision": "Vision",
    "text": "Text",
}


@dataclass(frozen=True, slots=True)
class Model:
    """One model of the gallery."""

    spec: Spec
    card: Card

    @property
    def stem(self) -> str:
        """The name of its file, which its page has too."""
        return Path(self.spec.file).stem

    @property
    def group(self) -> str:
        """The heading it stands under."""
        return FOLDERS.get(self.card.folder, self.card.folder or "Others")


def models(names_or_paths: Iterable[str | Path]) -> list[Model]:
    """The models as the gallery shows them: by folder, then by name.

    Raises:
        SpecError: a spec has errors.
        ZooError: there is no such model or file.
    """
    order = list(FOLDERS)
    found = [Model(load(name), card(name)) for name in names_or_paths]

    def place(model: Model) -> tuple[int, str, str]:
        folder = model.card.folder
        return order.index(folder) if folder in order else len(order), folder, model.stem

    return sorted(found, key=place)
