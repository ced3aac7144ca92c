"""A model's weights ↔ safetensors: numbers and names, nothing that could run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import safetensors
from safetensors.numpy import load, save

from zoo.build import archive
from zoo.errors import BuildError, BundleError, ZooError
from zoo.spec.graph import Layer, WeightsFile

if TYPE_CHECKING:
    import keras


def to_safetensors(model: keras.Model) -> bytes:
    """All weights, trained or not, in the model's order and dtype; optimizer state stays out."""
    return save({name: np.array(weight, order="C") for name, weight in _named(model)})


def load_safetensors(model: keras.Model, data: bytes, where: str) -> None:
    """Give ``model`` the weights written by ``to_safetensors``.

    Raises:
        BundleError: damaged data, or weights of other names, shapes or dtypes than the model's.
    """
    _give(model, data, lambda what: _mismatch(where, what))


def load_submodel(model: keras.Model, layer: Layer) -> None:
    """Give a submodel the weights of the file that its spec names.

    Args:
        model: the submodel, just built.
        layer: its layer in the graph, which knows the file.

    The file is what ``zoo import --weights`` and a bundle hold; a bundle (``.zoo``) is opened for them.

    Raises:
        BuildError: code ``build.weights``: the file is not there, is damaged, or holds weights of other
            names, shapes or dtypes than the submodel's.
    """
    file = layer.weights
    assert file is not None
    data = _read(layer.name, file)
    _give(model, data, lambda what: _unfit(layer.name, file, f"do not fit it: {what}"))


def _read(name: str, file: WeightsFile) -> bytes:
    if file.path is None:
        raise _unfit(
            name,
            file,
            "cannot be found: the spec was read from text, and text has no folder",
            "load the spec from its file; for a model of fresh weights, zoo.build(spec, pretrained=False)",
        )
    try:
        if file.path.stat().st_size > archive.LARGEST:
            raise _unfit(name, file, "are larger than any bundle (4 GiB)")
        data = file.path.read_bytes()
    except OSError as failure:
        raise _unfit(
            name, file, f"cannot be read: {failure.strerror}", "put the file beside the spec"
        ) from None
    if file.path.suffix != ".zoo":
        return data
    try:
        return archive.decode(data, archive.MEMBERS, f"`{file.name}`")[0]["weights.safetensors"]
    except BundleError as failure:
        raise _unfit(name, file, f"cannot be read: {failure.message}", failure.help) from None


def _give(model: keras.Model, data: bytes, wrong: Callable[[str], ZooError]) -> None:
    try:
        stored = load(data)
    except (
        safetensors.SafetensorError,
        ValueError,
        KeyError,
        TypeError,
        OverflowError,
        MemoryError,
    ) as failure:
        raise wrong(f"its safetensors cannot be read ({failure})") from None
    expected = _named(model)
    if len(stored) != len(expected):
        raise wrong(f"it holds {len(stored)} weights, and the model it describes has {len(expected)}")
    values = []
    for (name, weight), (found, value) in zip(expected, sorted(stored.items()), strict=True):
        if _role(found) != _role(name):
            raise wrong(f"it holds weight `{found[:120]}` where the model has `{name}`")
        if value.shape != weight.shape or value.dtype != weight.dtype:
            raise wrong(
                f"weight `{name}` should be {weight.dtype} of shape {weight.shape}, "
                f"received {value.dtype} of shape {value.shape}",
            )
        values.append(value)
    model.set_weights(values)


def _named(model: keras.Model) -> list[tuple[str, np.ndarray]]:
    # The number keeps names unique and in order where two paths are equal; a dot in a name is text to
    # safetensors.
    return [
        (f"{i:05d} {variable.path}", value)
        for i, (variable, value) in enumerate(zip(model.weights, model.get_weights(), strict=True))
    ]


def _role(name: str) -> str:
    # Keras numbers layers nobody named by what else the process has built (`lstm_cell_3`), so that only the
    # order and the last word of a path (`kernel`, `bias`) are the same in every process.
    return name[:5] + name.rsplit("/", 1)[-1]


def _mismatch(where: str, what: str) -> BundleError:
    return BundleError(
        f"the weights of {where} do not fit: {what}",
        help="open it with the speczoo that wrote it, or train the model again",
        code="bundle.weights",
    )


def _unfit(name: str, file: WeightsFile, what: str, mend: str = "") -> BuildError:
    where = f" ({file.span.file}:{file.span.line})" if file.span else ""
    return BuildError(
        f"the weights in `{file.name}` for the model `{name}`{where} {what}",
        help=mend or "give the file of a model with the same graph and parameters",
        code="build.weights",
        data={"layer": name, "weights": file.name, "reason": what},
    )
