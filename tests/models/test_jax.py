"""Every model gives the same numbers on JAX, from the same weights and inputs; one process for all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.models import formula, small

ON_JAX = {
    "KERAS_BACKEND": "jax",
    "JAX_PLATFORMS": "cpu",
    # nothing runs twice: compiling is the time
    "XLA_FLAGS": "--xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true",
}


@pytest.fixture(scope="module")
def on_jax(tmp_path_factory: pytest.TempPathFactory, root: Path) -> dict[str, np.ndarray]:
    path = tmp_path_factory.mktemp("jax") / "outputs.npz"
    done = subprocess.run(
        [sys.executable, "-m", "tests.models.on_backend", str(path)],
        env={**os.environ, **ON_JAX},
        cwd=root,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return dict(np.load(path))


@pytest.mark.parametrize("name", small.NAMES)
def test_gives_the_same_numbers_on_jax(name: str, on_jax: dict[str, np.ndarray]) -> None:
    assert name not in on_jax, str(on_jax[name])
    made = small.filled(name)
    for number, ours in enumerate(formula.outputs(made.model, formula.inputs(made.spec, 2))):
        np.testing.assert_allclose(on_jax[f"{name}/{number}"], ours, atol=1e-4)
