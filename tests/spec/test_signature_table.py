"""The signature table against Keras's classes: arguments, defaults, choices, aliases, drift."""

from __future__ import annotations

import inspect
import json
import warnings
from typing import Any

import keras
import pytest

from zoo import layers
from zoo.build import signature_kinds, signature_scan
from zoo.build import signatures as generator
from zoo.spec import signatures
from zoo.spec.signatures import Argument, lookup, names

CLASS_FAMILIES = tuple(family for family in signatures.FAMILIES if family not in ("ops", "activations"))
CLASSES = [
    (family, name)
    for family in CLASS_FAMILIES
    for name in names(family)
    if (family, name) != ("metrics", "accuracy")
]
# What stands in a required argument when a class is constructed; (class, argument) before argument.
SAMPLES: dict[Any, Any] = {
    "activation": "relu",
    "axes": 1,
    "backup_dir": "runs",
    "boundaries": [1],
    "period": 4,
    "cell": lambda: keras.layers.LSTMCell(2),
    "cells": lambda: [keras.layers.LSTMCell(2)],
    "decay_rate": 0.5,
    "decay_steps": 10,
    "default_optimizer": lambda: keras.optimizers.Adam(),
    "dims": [2, 1],
    "directory": "runs",
    "equation": "ab,bc->ac",
    "factor": 0.2,
    ("RandomPosterization", "factor"): 4,
    "filename": "runs.csv",
    "filepath": "run.keras",
    "filters": 4,
    "first_decay_steps": 10,
    "head_dim": 2,
    "height": 4,
    "height_factor": 0.2,
    "initial_learning_rate": 0.1,
    "indices": [0],
    "inner_optimizer": lambda: keras.optimizers.Adam(),
    "input_dim": 5,
    "kernel_size": 3,
    "key_dim": 2,
    "layer": lambda: keras.layers.LSTM(2, return_sequences=True),
    "layers": lambda: [keras.layers.RandomFlip()],
    "max_number": 3,
    "n": 3,
    "num_bins": 4,
    "num_classes": 3,
    "num_heads": 2,
    "num_key_value_heads": 2,
    "num_query_heads": 2,
    "optimizer_map": lambda: keras.optimizers.OptimizerMap(keras.optimizers.Adam()),
    "output_dim": 2,
    "output_shape": 3,
    "output_size": 2,
    "pool_size": 2,
    "precision": 0.5,
    "rate": 0.2,
    "recall": 0.5,
    "scale": 0.5,
    "sensitivity": 0.5,
    "size": 3,
    "specificity": 0.5,
    "stddev": 0.1,
    "steps": 2,
    "stride": 2,
    "target_class_ids": [0],
    "target_shape": [4],
    "units": 3,
    "values": [0.1, 0.2],
    "width": 4,
    "width_factor": 0.2,
}
# Classes that want one of two arguments which both have a default.
ALSO_NEEDED = {"CategoryEncoding": {"num_tokens": 4}, "Discretization": {"num_bins": 3}}
NEEDS_A_PACKAGE = {"OrbaxCheckpoint": "orbax-checkpoint"}
# Keras finds a wrong choice of these only when the layer is called or the model is fitted.
CHECKED_LATER = {
    *((f"{kind}Pooling{rank}D", "padding") for kind in ("Average", "Max") for rank in (1, 2, 3)),
    ("MelSpectrogram", "window"),
    ("RandomFlip", "mode"),
    ("Resizing", "interpolation"),
    ("Resizing", "fill_mode"),
    ("UpSampling2D", "interpolation"),
    ("EarlyStopping", "mode"),
    ("ReduceLROnPlateau", "mode"),
}
# What a choice needs beside itself to be accepted.
WITH_CHOICE = {
    ("TextVectorization", "output_mode"): {"max_tokens": 5},
}


def _class(family: str, name: str) -> Any:
    own = getattr(signature_scan._namespace(family), name, None)
    return own if own is not None else layers.registered(family, name)


def _make(family: str, name: str, /, **arguments: Any) -> Any:
    signature = lookup(family, name)
    assert signature is not None
    given = dict(ALSO_NEEDED.get(name, {}))
    for argument in signature.arguments.values():
        if argument.required and argument.name not in arguments:
            sample = SAMPLES.get((name, argument.name), SAMPLES.get(argument.name))
            given[argument.name] = sample() if callable(sample) else sample
    return _class(family, name)(**given, **arguments)


def _ids(pairs: list[tuple[str, str]]) -> list[str]:
    return [f"{family}.{name}" for family, name in pairs]


@pytest.fixture(autouse=True)
def _somewhere(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_table_is_what_the_installed_keras_gives(capsys: pytest.CaptureFixture[str]) -> None:
    assert generator.main(["--check"]) == 0, capsys.readouterr().err


def test_check_says_what_drifted(tmp_path: Any, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    table = json.loads(generator.TABLE.read_text())
    del table["families"]["layers"]["Dense"]
    table["families"]["layers"]["Gone"] = {"arguments": {}}
    table["families"]["layers"]["Dropout"]["arguments"]["rate"] = ["int!"]
    other = tmp_path / "signatures.json"
    other.write_text(generator.render(table))
    monkeypatch.setattr(generator, "TABLE", other)
    assert generator.main(["--check"]) == 1
    said = capsys.readouterr().err
    assert "layers: Dense is new" in said and "layers: Gone is gone" in said
    assert 'layers: Dropout was {"positional": "rate"' in said and "--write" in said
    assert generator.main(["--write"]) == 0 and generator.main(["--check"]) == 0


def test_the_table_is_sorted_and_has_a_line_a_class() -> None:
    lines = generator.TABLE.read_text().splitlines()
    assert len([line for line in lines if line.startswith('"LSTM":')]) == 1
    for family in signatures.FAMILIES:
        assert list(names(family)) == sorted(names(family))


@pytest.mark.parametrize(("family", "name"), CLASSES, ids=_ids(CLASSES))
def test_every_class_takes_its_required_arguments_and_its_defaults(family: str, name: str) -> None:
    if name in NEEDS_A_PACKAGE:
        with pytest.raises(ImportError, match=NEEDS_A_PACKAGE[name]):
            _make(family, name)
        return
    signature = lookup(family, name)
    assert signature is not None
    _make(family, name)
    for argument in signature.arguments.values():
        assert argument.required or argument.problem(argument.default) is None, argument
        if not argument.required and argument.name not in ALSO_NEEDED.get(name, {}):
            _make(family, name, **{argument.name: argument.default})
        if argument.nullable and argument.name not in ALSO_NEEDED.get(name, {}):
            _make(family, name, **{argument.name: None})


@pytest.mark.parametrize(("family", "name"), CLASSES, ids=_ids(CLASSES))
def test_documented_arguments_and_defaults_are_those_of_the_constructor(family: str, name: str) -> None:
    signature = lookup(family, name)
    assert signature is not None
    own = {
        p.name: p
        for p in signature_scan._parameters(_class(family, name).__init__)
        if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)
    }
    assert set(own) <= set(signature.arguments)
    for parameter in own.values():
        argument = signature.arguments[parameter.name]
        assert argument.required == (parameter.default is parameter.empty)
        if not argument.required:
            assert argument.default == signature_scan._plain(parameter.default)
    if signature.positional is not None:
        assert signature.positional == next(iter(own))


CHOOSING = [
    (family, name, argument)
    for family, name in CLASSES
    for argument in signatures.lookup(family, name).arguments.values()  # type: ignore[union-attr]
    if argument.choices and name not in NEEDS_A_PACKAGE
]


@pytest.mark.parametrize(
    ("family", "name", "argument"), CHOOSING, ids=[f"{f}.{n}.{a.name}" for f, n, a in CHOOSING]
)
def test_choices_are_accepted_and_others_are_not(family: str, name: str, argument: Argument) -> None:
    for choice in argument.choices:
        _make(family, name, **WITH_CHOICE.get((name, argument.name), {}), **{argument.name: choice})
        assert argument.problem(choice) is None
    expected = argument.problem("no_such")
    assert expected is not None and expected[1] == argument.choices
    if (name, argument.name) in CHECKED_LATER:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _make(family, name, **{argument.name: "no_such"})
    else:
        with pytest.raises((ValueError, TypeError, NotImplementedError)):
            _make(family, name, **{argument.name: "no_such"})


@pytest.mark.parametrize(
    "family", ["losses", "metrics", "optimizers", "initializers", "regularizers", "constraints"]
)
def test_aliases_mean_what_keras_means(family: str) -> None:
    space = signature_scan._namespace(family)
    for alias, name in signatures._rows("aliases", family).items():
        if name in (
            "accuracy",
            "LossScaleOptimizer",
            "MultiOptimizer",
            "OptimizerMap",
        ):
            continue
        try:
            found = space.get(alias)
        except ValueError:  # public names that `get` does not know: `keras.regularizers.l1_l2`
            assert getattr(space, alias) is getattr(space, name)
            continue
        except (TypeError, KeyError):  # it wants arguments, so it was found
            continue
        if inspect.isfunction(found):
            assert found is _class(family, name)().fn
        else:
            assert type(found).__name__ == _class(family, name).__name__


def test_every_layer_that_takes_a_list_is_known() -> None:
    from keras.src.layers.merging.base_merge import Merge

    merging = {name for name in names("layers") if issubclass(_class("layers", name), Merge)}
    of_keras = signature_kinds.LIST_LAYERS - set(layers.names("layers"))
    assert merging | {"Attention", "AdditiveAttention", "HashedCrossing"} == of_keras
