"""``python -m tests.models.on_backend FILE [NAME…]``: what the small models give on this backend."""

from __future__ import annotations

import sys
from typing import Any

import keras
import numpy as np

from tests.models import formula, small


def main(arguments: list[str]) -> None:
    """Writes the outputs as ``NAME/0``, ``NAME/1``, …; a model that fails is a text under its name."""
    path, *names = arguments
    found = {}
    for name in names or small.NAMES:
        try:
            made = small.filled(name)
            arrays = formula.outputs(made.model, formula.inputs(made.spec, 2), _compiled(made.model))
        except Exception as error:  # one model must not hide the others
            found[name] = np.array(f"{type(error).__name__}: {error}")
            continue
        found |= {f"{name}/{number}": array for number, array in enumerate(arrays)}
    np.savez(path, **found)


def _compiled(model: keras.Model) -> Any:
    """As one program on JAX, which compiles every op by itself otherwise; a state cannot leave a program."""
    if keras.backend.backend() != "jax" or formula.stateful(model):
        return model
    import jax

    return jax.jit(model, static_argnames="training")


if __name__ == "__main__":
    main(sys.argv[1:])
