"""The versions of everything that takes part, for ``zoo_sitrep()``."""

from __future__ import annotations

import importlib.metadata
import platform

import zoo

_PACKAGES = ("keras", "tensorflow", "numpy", "rpy2-rinterface", "rpy2-robjects")


def versions() -> dict[str, str | None]:
    """Version by name, None where a package is missing. Imports none of them."""
    return {
        "Python": platform.python_version(),
        "speczoo (Python)": zoo.__version__,
        **{package: _version(package) for package in _PACKAGES},
    }


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None
