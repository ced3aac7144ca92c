"""Installs the R package ``speczoo`` from this Python package's own copy of its sources."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from zoo.errors import ZooError

SOURCES = Path(__file__).parent / "speczoo"
MARK = "python.dcf"  # in the installed package: which Python installed it, and from which sources

# R makes no user library by itself, and ignores one that does not exist.
_WHERE = """
writable <- .libPaths()[file.access(.libPaths(), 2) == 0]
cat("\\n", c(writable, Sys.getenv("R_LIBS_USER"))[[1]], sep = "")
"""


def install(*, if_changed: bool = False, verbose: bool = False) -> Path:
    """Install the R package into the first R library this user may write to.

    The installed package remembers this Python, so that ``library(speczoo)`` starts it from any folder.

    Args:
        if_changed: do nothing when the same sources were installed for the same Python before.
        verbose: show what ``R CMD INSTALL`` says, also when all goes well.

    Returns:
        The folder of the installed package.

    Raises:
        ZooError: when R is missing, or refuses the package (``r.missing``, ``r.install``).
    """
    library = _library(_rscript())
    target, mark = library / "speczoo", _mark()
    if if_changed and _read(target / MARK) == mark:
        return target
    library.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [_beside(_rscript(), "R"), "CMD", "INSTALL", "--no-multiarch", f"--library={library}", str(SOURCES)],
        stdin=subprocess.DEVNULL,
        stdout=None if verbose else subprocess.PIPE,
        stderr=None if verbose else subprocess.STDOUT,
        text=True,
    )
    if done.returncode != 0:
        raise ZooError(
            f"R could not install its package speczoo into {library}\n{(done.stdout or '').rstrip()}",
            help="R's own words above say what it lacks; install.packages() in R brings a missing package",
            code="r.install",
        )
    (target / MARK).write_text(mark, encoding="utf-8")
    return target


def _rscript() -> str:
    home = os.environ.get("R_HOME")
    found = shutil.which("Rscript", path=f"{home}/bin") if home else None
    found = found or shutil.which("Rscript")
    if found is None:
        raise ZooError(
            "R was not found: there is no Rscript on the PATH",
            help="install R >= 4.2 (Debian: apt-get install r-base-core; macOS: brew install r)",
            code="r.missing",
        )
    return found


def _beside(rscript: str, name: str) -> str:
    return str(Path(rscript).with_name(name + Path(rscript).suffix))


def _library(rscript: str) -> Path:
    asked = subprocess.run([rscript, "-e", _WHERE], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if asked.returncode != 0:
        raise ZooError(
            f"R does not start: {asked.stderr.strip()}",
            help="run Rscript -e 1 and mend what it says",
            code="r.missing",
        )
    return Path(asked.stdout.splitlines()[-1]).expanduser()


def _mark() -> str:
    digest = hashlib.sha256()
    for file in sorted(path for path in SOURCES.rglob("*") if path.is_file()):
        digest.update(file.relative_to(SOURCES).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return f"Python: {sys.executable}\nSources: {digest.hexdigest()}\n"


def _read(file: Path) -> str | None:
    return file.read_text(encoding="utf-8") if file.is_file() else None
