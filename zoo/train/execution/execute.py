"""A model's steps run by a plan."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import keras

from zoo.train.execution.plan import ExecutionPlan


@contextlib.contextmanager
def executed(model: keras.Model, plan: ExecutionPlan) -> Iterator[None]:
    """Within the block the model's steps are traced as the plan says.

    A step that was traced by the same plan is kept for the next fit; one traced by another is let go.
    What the model predicts by is always Keras's own.
    """
    marks = {"keras": (), "loops": tuple(plan.loops.items()), "xla": (plan.batch_size,)}
    mark = (plan.way, marks[plan.way])
    if getattr(model, "_execution", ("keras", ())) != mark:
        model.train_function = model.test_function = None
        # past Keras's own bookkeeping of what a model is made of
        object.__setattr__(model, "_execution", mark)
    if plan.way == "keras":
        yield
        return
    predict = model.predict_function
    if plan.way == "xla":
        from zoo.train.execution.whole_step import compiled_steps

        steps = compiled_steps(model, plan.batch_size)
    else:
        from zoo.tensorflow_loops.layers import compiled_loops

        steps = compiled_loops(model, plan.loops)
    with steps:
        try:
            yield
        finally:
            model.predict_function = predict
