"""The item ``walk``: a whole walk-forward, for its score alone."""

from __future__ import annotations

from typing import Any

from zoo.train.work.items import Bench, Item


def do_walk(item: Item, bench: Bench) -> dict[str, Any]:
    """Walk as ``zoo.walk_forward`` would, Keras's way: walks that run side by side cannot measure another.

    Options, each may be missing: ``epochs``, ``batch_size``.

    Returns:
        ``scores``: ``walk_forward``, the mean loss over the last quarter of the steps.

    Raises:
        ZooError: what ``zoo.walk_forward`` raises.
    """
    from zoo.spec import loads
    from zoo.train.walk.forward import walk_forward

    options = item.options
    walk = walk_forward(
        loads(item.spec),
        bench.data,
        epochs=options.get("epochs"),
        batch_size=options.get("batch_size"),
        seed=item.seed,
        verbose=0,
        plan="off",
    )
    return {"scores": {"walk_forward": walk.score}}
