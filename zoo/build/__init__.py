"""Graph → keras.Model. The package is callable: ``zoo.build(spec)``."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras

    from zoo.spec import Spec


class _Room(ModuleType):
    # `import zoo.build.model` binds the package to `zoo.build`; a callable package keeps `zoo.build(spec)`
    # working.
    def __call__(self, spec: Spec, *, pretrained: bool = True) -> keras.Model:
        from zoo.build.tensorflow_start import import_keras_quietly

        import_keras_quietly()
        from zoo.build.model import build

        return build(spec, pretrained=pretrained)


sys.modules[__name__].__class__ = _Room
