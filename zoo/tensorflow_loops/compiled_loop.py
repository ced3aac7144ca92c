"""How one recurrent layer's compiled loop is run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CompiledLoop:
    """What is chosen before a step is traced.

    Args:
        blocks: into which its rows are cut.
        input_gradient: whether something before the layer learns.
    """

    blocks: int
    input_gradient: bool
