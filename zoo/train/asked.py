"""What a spec and its losses ask of the data, in the words of the data room."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from zoo.data.asked import Asked, AskedInput, AskedTarget
from zoo.train.tasks import Task

if TYPE_CHECKING:
    from zoo.spec import Spec


def asked_of(spec: Spec, tasks: Mapping[str, Task]) -> Asked:
    """Shapes, number types and vocabularies of the inputs, forms of the targets."""
    words = spec.vocabularies
    return Asked(
        {
            name: AskedInput(tuple(item.shape), item.dtype, words.get(name))
            for name, item in spec.inputs.items()
        },
        {name: AskedTarget(task.target_shape, task.kind, task.classes) for name, task in tasks.items()},
    )
