"""What a model sees of the future, measured: change what it must not see, and look what moves.

The package is callable: ``zoo.audit(what, data=None, *, checks=None, seed=None, epochs=None, horizon=None,
features=None, keep=(), params=None)``. Checks: ``batch``, ``causality``, ``pipeline``, ``split``, ``skill``.
It returns an ``Audit``: ``.ok``, ``.findings``, ``.frame``. All of it: ``help(zoo.audit.run.audit)``.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zoo.audit.finding import Audit


class _Room(ModuleType):
    # `import zoo.audit.run` binds the package to `zoo.audit`; a callable package keeps `zoo.audit(model)`
    # working.
    def __call__(self, *args: Any, **kwargs: Any) -> Audit:
        from zoo.build.tensorflow_start import import_keras_quietly

        import_keras_quietly()
        from zoo.audit.run import audit

        return audit(*args, **kwargs)


sys.modules[__name__].__class__ = _Room
