"""The versions that made a run."""

from __future__ import annotations

import importlib.metadata


def version(package: str) -> str:
    """The installed version of a package, or ``unknown`` for one that runs from its sources."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "unknown"
