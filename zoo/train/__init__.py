"""Spec and data → a trained model, its report and its bundle.

The package is callable: ``zoo.train(spec, data=None, *, epochs=None, batch_size=None, seed=None, out=None,
resume=False, overwrite=False, params=None, class_weight=None, callbacks=(), verbose=None, plan="auto")``. It
returns a ``zoo.Trained``. All of it: ``help(zoo.train.run.train)``.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zoo.train.trained import Trained


class _Room(ModuleType):
    # `import zoo.train.run` binds the package to `zoo.train`; a callable package keeps `zoo.train(spec)`
    # working.
    def __call__(self, *args: Any, **kwargs: Any) -> Trained:
        from zoo.build.tensorflow_start import import_keras_quietly

        import_keras_quietly()
        from zoo.train.run import train

        return train(*args, **kwargs)


sys.modules[__name__].__class__ = _Room
