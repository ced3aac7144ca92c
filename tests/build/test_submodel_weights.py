"""`weights:` of a submodel: a trained tower, kept in a file, used in another spec."""

from __future__ import annotations

import json
from pathlib import Path

import keras
import numpy as np
import pytest

import zoo
from zoo.build.deep import check_deep
from zoo.build.weights import to_safetensors
from zoo.errors import BuildError
from zoo.spec.tools.diff import diff
from zoo.spec.tools.fill import fill
from zoo.spec.tools.fmt import format_text
from zoo.spec.tools.resolve import resolve

TOWER = """\
spec: 1
name: tower
params: {units: 4}
inputs: {x: {shape: [6, 2]}}
layers: {shared: {Dense: 2}}
graph: {code: [x, shared, LSTM: =units, Dropout: 0.5, BatchNormalization]}
outputs: {code: {loss: mse}}
training: {epochs: 1, batch_size: 8, seed: 3}
"""
USER = """\
spec: 1
name: user
params: {file: tower.zoo}
inputs: {a: {shape: [6, 2]}, b: {shape: [6, 2]}}
models:
  tower: {use: tower, weights: =file, trainable: false}
graph:
  one: [a, tower]
  two: [b, tower]
  y: [[one, two], Concatenate, Dense: 1]
outputs: {y: {loss: mse}}
training: {epochs: 1, batch_size: 8, seed: 4}
"""
INLINE = """\
spec: 1
name: inline
inputs: {a: {shape: [6, 2]}}
models:
  tower:
    inputs: {x: {shape: [6, 2]}}
    graph: {code: [x, Dense: 2, LSTM: 4, BatchNormalization]}
    outputs: [code]
    weights: parts/tower.safetensors
graph: {y: [a, tower, Dense: 1]}
outputs: {y: {loss: mse}}
"""
X = np.random.default_rng(0).normal(size=(32, 6, 2)).astype("float32")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trained tower, as a bundle and as safetensors, beside two specs that use it."""
    folder = tmp_path_factory.mktemp("specs")
    for name, text in (("tower", TOWER), ("user", USER), ("inline", INLINE)):
        (folder / f"{name}.yaml").write_text(text)
    run = zoo.train(
        zoo.load(folder / "tower.yaml"), data=(X, X.mean(axis=(1, 2))[:, None] * np.ones(4)), verbose=0
    )
    run.save(folder / "tower.zoo")
    (folder / "parts").mkdir()
    (folder / "parts" / "tower.safetensors").write_bytes(to_safetensors(run.model))
    return folder


@pytest.fixture(scope="module")
def tower(folder: Path) -> keras.Model:
    return zoo.open(folder / "tower.zoo").model


def _code(model: keras.Model) -> np.ndarray:
    return np.asarray(model.get_layer("tower")(X))


@pytest.mark.parametrize("spec", ["user.yaml", "inline.yaml"])
def test_a_trained_tower_gives_the_same_elsewhere(folder: Path, tower: keras.Model, spec: str) -> None:
    model = zoo.build(zoo.load(folder / spec))
    np.testing.assert_array_equal(_code(model), np.asarray(tower(X)))
    frozen = spec == "user.yaml"
    assert len(model.trainable_weights) == (2 if frozen else 2 + len(tower.trainable_weights))


def test_frozen_weights_stay_and_the_bundle_needs_no_file(
    folder: Path, tower: keras.Model, tmp_path: Path
) -> None:
    spec = zoo.load(folder / "user.yaml")
    run = zoo.train(spec, data=({"a": X, "b": X}, np.ones((32, 1), "float32")), verbose=0)
    np.testing.assert_array_equal(_code(run.model), np.asarray(tower(X)))
    blob = run.to_bytes()
    opened = zoo.from_bytes(blob)
    assert opened.spec == spec
    assert [item.code for item in opened.spec.diagnostics] == ["D301"]
    np.testing.assert_array_equal(opened.predict({"a": X, "b": X}), run.predict({"a": X, "b": X}))
    assert opened.to_bytes() == blob


def test_a_tower_of_the_importers_weights(folder: Path, tower: keras.Model, tmp_path: Path) -> None:
    from zoo.build.lift import weights

    tower.save(tmp_path / "tower.keras")
    assert weights.write(tmp_path / "tower.keras", tmp_path / "tower.safetensors") == len(tower.weights)
    (tmp_path / "tower.yaml").write_text(TOWER)
    (tmp_path / "user.yaml").write_text(USER)
    model = zoo.build(zoo.load(tmp_path / "user.yaml", file="tower.safetensors"))
    np.testing.assert_array_equal(_code(model), np.asarray(tower(X)))


def test_text_says_the_file_and_gives_an_equal_spec(folder: Path) -> None:
    spec = zoo.load(folder / "user.yaml")
    again = zoo.loads(spec.to_yaml())
    assert again == spec
    assert [item.level for item in again.diagnostics if item.code == "E104"] == ["warning"]
    assert zoo.loads(resolve(folder / "user.yaml").text) == spec
    assert "weights: tower.zoo" in resolve(folder / "user.yaml").text
    assert diff(zoo.loads(fill(folder / "inline.yaml").text), folder / "inline.yaml").changes == ()
    assert zoo.loads(format_text(INLINE)) == zoo.load(folder / "inline.yaml")
    # a text has no folder to look in
    with pytest.raises(BuildError, match="text has no folder"):
        zoo.build(again)
    assert zoo.build(again, pretrained=False).count_params() == spec.trace.parameters


def test_another_file_is_a_difference(folder: Path) -> None:
    found = diff(folder / "user.yaml", zoo.load(folder / "user.yaml", file="parts/tower.safetensors"))
    assert "argument tower.weights: tower.zoo → parts/tower.safetensors" in str(found)


def _zero(folder: Path, name: str, data: bytes) -> str:
    (folder / name).write_bytes(data)
    return name


def test_what_does_not_fit_is_told(folder: Path, tower: keras.Model) -> None:
    small = keras.Sequential([keras.Input((6, 2)), keras.layers.Dense(2)])
    other = zoo.build(zoo.load(folder / "tower.yaml", units=5))
    whole = (folder / "parts" / "tower.safetensors").read_bytes()
    bundle = (folder / "tower.zoo").read_bytes()
    cases = {
        _zero(folder, "cut.safetensors", whole[:100]): "its safetensors cannot be read",
        _zero(folder, "empty.safetensors", b""): "its safetensors cannot be read",
        _zero(folder, "small.safetensors", to_safetensors(small)): "holds 2 weights, and the model .* has 9",
        _zero(
            folder, "wide.safetensors", to_safetensors(other)
        ): r"of shape \(2, 16\), received .* \(2, 20\)",
        _zero(folder, "cut.zoo", bundle[:-30]): "cut short",
        _zero(folder, "text.zoo", b"spec: 1"): "not a bundle",
    }
    for name, said in cases.items():
        with pytest.raises(BuildError, match=said) as error:
            zoo.build(zoo.load(folder / "user.yaml", file=name))
        assert f"`{name}` for the model `tower`" in error.value.message
        assert "user.yaml:6" in error.value.message
        assert error.value.code == "build.weights"


def test_deep_tells_it_at_its_line(folder: Path, tmp_path: Path) -> None:
    assert check_deep(folder / "user.yaml").ok
    (tmp_path / "tower.yaml").write_text(TOWER)
    (tmp_path / "user.yaml").write_text(USER.replace("=file", "t.safetensors"))
    (tmp_path / "t.safetensors").write_bytes(b"nothing")
    assert zoo.check(tmp_path / "user.yaml").ok  # not opened before the model is built
    found = json.loads(check_deep(tmp_path / "user.yaml").to_json())[-1]
    assert (found["code"], found["line"], found["column"]) == ("E104", 6, 32)
    assert found["message"].startswith("the weights in `t.safetensors` for the model `tower` do not fit it")


def test_a_file_gone_since_the_check(folder: Path, tmp_path: Path) -> None:
    for name in ("tower.yaml", "user.yaml", "tower.zoo"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    spec = zoo.load(tmp_path / "user.yaml")
    (tmp_path / "tower.zoo").unlink()
    with pytest.raises(BuildError, match="No such file"):
        zoo.build(spec)
    assert "E104" in str(zoo.check(tmp_path / "user.yaml"))


def test_a_link_out_of_the_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    for name in ("tower.yaml", "user.yaml"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    (tmp_path / "tower.zoo").symlink_to(folder / "tower.zoo")
    report = zoo.check(tmp_path / "user.yaml")
    assert [item.code for item in report.diagnostics if item.level == "error"] == ["E104"]
    assert "is not in the folder of this spec" in str(report)


def test_two_submodels_of_one_spec_share_nothing(folder: Path) -> None:
    (folder / "both.yaml").write_text(
        "spec: 1\nname: both\ninputs: {a: {shape: [6, 2]}}\n"
        "models:\n  one: {use: tower, weights: tower.zoo}\n  two: {use: tower, params: {units: 3}}\n"
        "graph: {y: [a, one], z: [a, two]}\noutputs: {y: {loss: mse}, z: {loss: mse}}\n"
    )
    spec = zoo.load(folder / "both.yaml")
    model = zoo.build(spec)
    assert model.count_params() == spec.trace.parameters
    assert not np.array_equal(
        model.get_layer("one").get_layer("shared").get_weights()[0],
        model.get_layer("two").get_layer("shared").get_weights()[0],
    )
    assert zoo.build(zoo.loads(spec.to_yaml()), pretrained=False).count_params() == spec.trace.parameters
