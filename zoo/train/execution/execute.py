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
    mark = (plan.way, tuple(plan.loops.items()) if plan.way == "loops" else ())
    if getattr(model, "_execution", ("keras", ())) != mark:
        model.train_function = model.test_function = None
        # past Keras's own bookkeeping of what a model is made of
        object.__setattr__(model, "_execution", mark)
    if plan.way == "keras":
        yield
        return
    jit, predict = model._jit_compile, model.predict_function
    with contextlib.ExitStack() as stack:
        if plan.way == "xla":
            # the public switch does nothing while TensorFlow keeps one order of summation, as it does here;
            # on a processor XLA keeps one anyway
            model._jit_compile = True
        else:
            from zoo.tensorflow_loops.layers import compiled_loops

            stack.enter_context(compiled_loops(model, plan.loops))
        try:
            yield
        finally:
            model._jit_compile = jit
            model.predict_function = predict
