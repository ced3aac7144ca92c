"""Every form of the grammar, one small spec each in forms/: known without Keras, and there and back."""

from __future__ import annotations

import warnings
from pathlib import Path

import keras
import numpy as np
import pytest

import zoo
from zoo.build.picture import dot
from zoo.spec.source import Source
from zoo.spec.tools.draw import mermaid, rails
from zoo.spec.tools.fill import fill_text
from zoo.spec.tools.fmt import format_text
from zoo.spec.tools.resolve import resolve

FORMS = Path(__file__).parent / "forms"
SPECS = sorted(path.stem for path in FORMS.glob("*.yaml"))
# its operand is an array, whose shape the table does not read
UNKNOWN = {"ops"}


def _spec(name: str) -> zoo.Spec:
    return zoo.loads((FORMS / f"{name}.yaml").read_text())


@pytest.mark.parametrize("name", SPECS)
def test_shapes_and_weights_are_known_without_keras(name: str) -> None:
    spec, model = _spec(name), zoo.build(_spec(name))
    assert spec.trace.parameters == model.count_params()
    for output, tensor in zip(spec.outputs, model.outputs, strict=True):
        known = spec.trace.shape(spec.graph.outputs[output])
        assert known == tuple(tensor.shape) or (known is None and name in UNKNOWN)


@pytest.mark.parametrize("name", SPECS)
def test_every_text_of_it_is_the_same_spec(name: str) -> None:
    spec = _spec(name)
    assert zoo.loads(spec.to_yaml()) == spec
    assert zoo.loads(resolve(spec).text) == spec
    formatted = format_text(spec.text)
    assert zoo.loads(formatted) == spec
    assert format_text(formatted) == formatted
    assert zoo.diff(zoo.loads(fill_text(Source("text", spec.text)).text), spec).changes == ()
    for drawn in (mermaid(spec), rails(spec), dot(spec)):
        assert all(output in drawn for output in spec.outputs)


@pytest.mark.parametrize("name", SPECS)
def test_it_comes_back_from_keras(name: str) -> None:
    first = zoo.build(_spec(name))
    second = zoo.build(zoo.from_keras(first))
    assert [weight.shape for weight in first.weights] == [weight.shape for weight in second.weights]
    second.set_weights(first.get_weights())
    draw = np.random.default_rng(0)
    samples = [draw.integers(0, 2, [size or 3 for size in tensor.shape]) for tensor in first.inputs]
    given = [sample.astype(str(tensor.dtype)) for sample, tensor in zip(samples, first.inputs, strict=True)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a mask that a Flatten drops
        before, after = (keras.tree.flatten(model(given)) for model in (first, second))
    for one, other in zip(before, after, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)
