"""The ``data`` section of a spec for an order book, checked and with its defaults filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zoo.data.label_recipe import Label, read_label
from zoo.data.orderbook.cleaning import Cleaning, read_cleaning
from zoo.data.scale_recipe import Scale, read_scale
from zoo.data.values import number, refuse, section, whole, word, words

FIELDS = ("ask_price", "ask_size", "bid_price", "bid_size")
EXTRAS = (
    "spread",
    "imbalance",
    "microprice",
    "order_flow_imbalance",
    "multi_level_order_flow_imbalance",
)

# Section -> keys it may have. GRAMMAR.md's table; a key of another kind of data is refused with the reason.
KEYS: dict[str, tuple[str, ...]] = {
    "": ("kind", "source", "store", "features", "sample", "clean", "window", "label", "split", "scale"),
    "features": ("levels", "set", "fields", "prices", "sizes", "extra"),
    "sample": ("by", "every"),
    "window": ("length", "stride", "within", "reshape"),
    "split": ("by", "train", "val", "test", "purge", "embargo", "seed"),
}
SHARES = {"train": 0.7, "val": 0.15, "test": 0.15}


@dataclass(frozen=True, slots=True)
class Features:
    """Which numbers of a snapshot become features. ``levels`` None means all the book has."""

    levels: int | None
    set: str
    fields: tuple[str, ...]
    prices: str
    sizes: str
    extra: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """How rows become parts: shares of the rows, ``purge`` and ``embargo`` in rows."""

    by: str
    train: float
    val: float
    test: float
    purge: int | str
    embargo: int
    seed: int


@dataclass(frozen=True, slots=True)
class BookRecipe:
    """A checked recipe for order-book data."""

    features: Features
    sample_by: str
    sample_every: float
    clean: Cleaning
    length: int
    stride: int
    reshape: tuple[int | None, ...] | None
    label: Label
    split: Split
    scale: Scale
    store: str | None = None

    @property
    def steps(self) -> int | None:
        """How many of a window's rows have a label of their own; None where the window has one."""
        return self.length if self.label.per_step else None


def read_recipe(recipe: Mapping[str, Any]) -> BookRecipe:
    """Check the ``data`` section of an order-book spec.

    Raises:
        DataError: ``data.recipe``; the message names the key by its dotted path and the nearest valid word.
    """
    top = _section(recipe, "")
    features = _section(top.get("features"), "features")
    window = _section(top.get("window"), "window")
    sample = _section(top.get("sample"), "sample")
    if "length" not in window:
        raise refuse(
            "`data.window.length` is missing", "give the number of snapshots in a window, such as 100"
        )
    within = words(window.get("within", []), ("session", "symbol"), "window.within")
    del within  # Windows never cross either, named or not.
    by = word(sample.get("by", "event"), ("event", "time", "volume"), "sample.by")
    return BookRecipe(
        features=Features(
            levels=None if features.get("levels") is None else whole(features["levels"], "features.levels"),
            set=word(features.get("set", "fields"), ("fields", "volumes"), "features.set"),
            fields=words(features.get("fields", FIELDS), FIELDS, "features.fields"),
            prices=word(features.get("prices", "raw"), ("raw", "relative_bps", "returns"), "features.prices"),
            sizes=word(features.get("sizes", "raw"), ("raw", "log"), "features.sizes"),
            extra=words(features.get("extra") or [], EXTRAS, "features.extra"),
        ),
        sample_by=by,
        sample_every=number(sample.get("every", 1), "sample.every", low=0.0, open_low=True),
        clean=read_cleaning(top.get("clean", "error"), "data.clean"),
        length=whole(window["length"], "window.length"),
        stride=whole(window.get("stride", 1), "window.stride"),
        reshape=_reshape(window.get("reshape")),
        label=read_label(top.get("label")),
        split=read_split(top.get("split")),
        scale=read_scale(top.get("scale"), ("symbol",), "order books"),
        store=_folder(top.get("store")),
    )


def _folder(value: Any) -> str | None:
    if value is not None and (not isinstance(value, str) or not value):
        raise refuse(f"`data.store` is a folder; received {value!r}", "write for example `store: books`")
    return value


def _reshape(value: Any) -> tuple[int | None, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list | tuple) or not value:
        raise refuse(f"`data.window.reshape` is a list of sizes; received {value!r}", "write [100, 20, 1]")
    return tuple(None if size is None else whole(size, "window.reshape") for size in value)


def read_split(value: Any) -> Split:
    """The ``split`` section; shares left out take the rest in the proportion of 70/15/15."""
    said = _section(value, "split")
    by = word(said.get("by", "time"), ("time", "session", "group", "random"), "split.by")
    given = {
        name: number(said[name], f"split.{name}", low=0.0) for name in SHARES if said.get(name) is not None
    }
    left = 1.0 - sum(given.values())
    if left < -1e-9:
        raise refuse(
            f"`data.split` shares add up to {1.0 - left:.6g}, more than 1",
            "give train, val and test shares such as 0.7, 0.15, 0.15",
        )
    open_shares = {name: share for name, share in SHARES.items() if name not in given}
    total = sum(open_shares.values())
    shares = given | {name: max(0.0, left) * share / total for name, share in open_shares.items()}
    if shares["train"] <= 0:
        raise refuse("`data.split.train` leaves nothing to train on", "give train a share such as 0.7")
    purge = said.get("purge", "auto")
    if isinstance(purge, str):
        purge = word(purge, ("auto", "strict"), "split.purge", "a number of rows")
    else:
        purge = whole(purge, "split.purge", low=0)
    embargo = whole(said.get("embargo", 0), "split.embargo", low=0)
    seed = whole(said.get("seed", 0), "split.seed", low=0)
    return Split(by, shares["train"], shares["val"], shares["test"], purge, embargo, seed)


def _section(value: Any, name: str) -> dict[str, Any]:
    return section(value, name, KEYS[name], "order books")
