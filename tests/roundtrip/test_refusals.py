"""What cannot be said is refused by name and place; what is no model of Keras is told apart."""

from __future__ import annotations

import copy
import json
import random
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keras
import pytest
from keras import layers, ops

import zoo
from tests.roundtrip.models import MODELS
from zoo.build.lift import LiftError, archive, serialised
from zoo.errors import ZooError


class Doubled(layers.Layer):
    def call(self, x: Any) -> Any:
        return x * 2


class Own(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.dense = layers.Dense(1)

    def call(self, x: Any) -> Any:
        return self.dense(x)


def _around(make: Callable[[Any], Any]) -> keras.Model:
    x = keras.Input((6, 4))
    return keras.Model(x, make(x))


def _inside() -> keras.Model:
    x = keras.Input((6, 4))
    inner = keras.Model(x, Doubled(name="mine")(x), name="inner")
    return _around(inner)


def _wrapped_and_not() -> keras.Model:
    inner = layers.Dense(2, name="inner")
    x, y = keras.Input((5, 4)), keras.Input((4,))
    return keras.Model([x, y], [layers.TimeDistributed(inner, name="each")(x), inner(y)])


def _wrapped_twice() -> keras.Model:
    i = keras.Input((4,))
    inner = keras.Model(i, layers.Dense(2)(i), name="inner")
    x, y = keras.Input((5, 4)), keras.Input((6, 4))
    return keras.Model(
        [x, y], [layers.TimeDistributed(inner, name=name)(z) for name, z in (("a", x), ("b", y))]
    )


def _two_alike() -> keras.Model:
    """Two submodels with a layer of one name each, one of which stands outside as well."""
    x = keras.Input((4,))
    alike = [layers.Dense(4, name="alike") for _ in range(2)]
    around = []
    for name, layer in zip("ab", alike, strict=True):
        z = keras.Input((4,))
        around.append(keras.Model(z, layer(z), name=name)(x))
    return keras.Model(x, layers.Add()([*around, alike[1](x)]))


@pytest.mark.parametrize(
    ("make", "said"),
    [(_wrapped_and_not, "inside a wrapper"), (_two_alike, "does not say with which of 2 layers like it")],
)
def test_an_archive_that_does_not_say_what_is_shared(
    make: Callable[[], keras.Model], said: str, tmp_path: Path
) -> None:
    make().save(tmp_path / "m.keras")
    with pytest.raises(LiftError, match=said):
        archive.read(tmp_path / "m.keras")


REFUSED: list[tuple[Callable[[], keras.Model], list[str]]] = [
    (lambda: _around(layers.Lambda(ops.abs, name="lam")), ["`lam` (Lambda)", "Python code"]),
    (lambda: _around(Doubled(name="mine")), ["`mine` (Doubled)", "not a layer of Keras"]),
    (_inside, ["`mine` (Doubled)", "> inner"]),
    (_wrapped_and_not, ["`inner` (Dense)", "inside `each` and outside it too"]),
    (_wrapped_twice, ["`inner` (Functional)", "inside `b` and in `a` too"]),
    (Own, ["class `Own`", "code"]),
    (lambda: _around(lambda x: x[0:1, :]), ["GetItem", "batch axis"]),
    (
        lambda: _around(lambda x: layers.Dropout(0.5, name="drop")(x, training=True)),
        ["`drop`", "training=True"],
    ),
    (
        lambda: _around(lambda x: ops.image.resize(ops.expand_dims(x, -1), (3, 3))),
        ["Resize", "not among the ops"],
    ),
    (lambda: _around(lambda x: ops.vectorized_map(ops.exp, x)), ["VectorizedMap", "not among the ops"]),
    (
        lambda: _around(
            layers.Dense(2, kernel_initializer=lambda shape, dtype=None: ops.ones(shape), name="d")
        ),
        ["`d` (Dense)", "kernel_initializer"],
    ),
    (lambda: keras.Sequential([layers.Dense(2)]), ["input shape"]),
]


@pytest.mark.filterwarnings("ignore:The object being serialized includes a `lambda`")
@pytest.mark.parametrize(("make", "words"), REFUSED, ids=[words[0] for _, words in REFUSED])
def test_refused_by_name(make: Callable[[], keras.Model], words: list[str]) -> None:
    model = make()
    with pytest.raises(LiftError) as caught:
        zoo.from_keras(model)
    for word in words:
        assert word in caught.value.message
    assert caught.value.help


def test_no_model_at_all() -> None:
    with pytest.raises(TypeError, match="takes a keras.Model, received str"):
        zoo.from_keras("model.keras")  # type: ignore[arg-type]


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    x = keras.Input((4,), name="x")
    keras.Model(x, layers.Dense(2, name="y")(x), name="small").save(tmp_path / "small.keras")
    return tmp_path / "small.keras"


def test_reads_an_archive(saved: Path) -> None:
    assert archive.read(saved).to_yaml() == (
        "spec: 1\nname: small\ninputs:\n  x: {shape: [4]}\ngraph:\n  y: [x, Dense: 2]\noutputs: [y]\n"
    )


def test_files_that_are_no_archive(saved: Path, tmp_path: Path) -> None:
    whole = saved.read_bytes()
    (tmp_path / "cut.keras").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "old.keras").write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(100))
    (tmp_path / "text.keras").write_text("spec: 1\n")
    (tmp_path / "empty.keras").write_bytes(b"")
    (tmp_path / "saved").mkdir()
    (tmp_path / "saved" / "saved_model.pb").write_bytes(b"")
    for name, words in {
        "cut.keras": "cut short",
        "old.keras": "HDF5",
        "text.keras": "not a .keras file",
        "empty.keras": "not a .keras file",
        "saved": "SavedModel folder",
        "none.keras": "there is no file",
    }.items():
        with pytest.raises(LiftError, match=words):
            archive.read(tmp_path / name)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "no config.json"),
        ("{", "not JSON"),
        ("[]", "holds no model"),
        ("[" * 100_000, "config.json"),
        ('{"class_name": "Own", "module": "m", "config": {}, "registered_name": "pkg>Own"}', "pkg>Own"),
        ('{"class_name": "Functional", "module": "keras", "config": {"layers": 3}}', "not what Keras writes"),
        (
            '{"class_name": "Functional", "module": "keras", "config":'
            ' {"layers": [], "input_layers": [["a", 0, 0]], "output_layers": [["a", 0, 0]]}}',
            "not what Keras writes",
        ),
        (
            '{"class_name": "Functional", "module": "keras", "config": ' + '{"a": ' * 300 + "1" + "}" * 301,
            "deep",
        ),
    ],
)
def test_archives_that_hold_no_model(tmp_path: Path, content: str | None, words: str) -> None:
    file = tmp_path / "strange.keras"
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("metadata.json", "{}")
        if content is not None:
            made.writestr("config.json", content)
    with pytest.raises(LiftError, match=words):
        archive.read(file)


def test_a_config_that_unpacks_beyond_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_CONFIG", 1000)
    file = tmp_path / "bomb.keras"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("config.json", " " * 100_000)
    with pytest.raises(LiftError, match="larger than 1,000 bytes"):
        archive.read(file)


def test_a_vocabulary_in_a_file_is_not_read(saved: Path, tmp_path: Path) -> None:
    document = archive.config(saved)
    document["config"]["layers"][1]["class_name"] = "StringLookup"
    document["config"]["layers"][1]["config"] = {"name": "y", "vocabulary": "/etc/passwd"}
    file = tmp_path / "lookup.keras"
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("config.json", json.dumps(document))
    with pytest.raises(LiftError, match="it names a file"):
        archive.read(file)


def _places(item: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if place:
        yield place
    pairs = item.items() if isinstance(item, dict) else enumerate(item) if isinstance(item, list) else ()
    for key, part in pairs:
        yield from _places(part, (*place, key))


def _mutated(document: Any, chance: random.Random) -> Any:
    """The document with one part replaced by something else, or gone."""
    changed = copy.deepcopy(document)
    *way, last = chance.choice(list(_places(changed)))
    inside = changed
    for key in way:
        inside = inside[key]
    if chance.random() < 0.3:
        del inside[last]
    else:
        inside[last] = chance.choice(
            [None, True, -1, 10**30, "", "Lambda", "=1", [], {}, [1], {"a": 1}, [[]]]
        )
    return changed


@pytest.mark.parametrize(
    "name", ["ops_on_tensors", "bidirectional_with_states", "compiled_with_lists_and_maps"]
)
def test_a_strangers_archive_gives_a_spec_or_a_told_error(name: str, tmp_path: Path) -> None:
    document = serialised(MODELS[name]())
    chance = random.Random(11)
    outcomes = {True: 0, False: 0}
    for number in range(80):
        file = tmp_path / f"{number}.keras"
        with zipfile.ZipFile(file, "w") as made:
            made.writestr("config.json", json.dumps(_mutated(document, chance)))
        try:
            archive.read(file)
            outcomes[True] += 1
        except ZooError as error:
            assert error.message
            outcomes[False] += 1
    assert min(outcomes.values()) > 5
