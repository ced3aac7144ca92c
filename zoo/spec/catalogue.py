"""Where specs are: the zoo's own by name, any other by path."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from zoo.errors import ZooError
from zoo.files import nearest_path
from zoo.spec.source import MAX_BYTES, Source, decode, too_large
from zoo.spec.suggest import did_you_mean


def folder() -> Path:
    """The folder of the zoo's own specs: inside the wheel, or at the root of a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "_specs"
    return inside if inside.is_dir() else package.parent / "specs"


@cache
def paths() -> dict[str, Path]:
    """Every model of the zoo: name → file."""
    return {file.stem: file for file in sorted(folder().rglob("*.yaml"), key=lambda file: file.stem)}


def locate(name_or_path: str | Path) -> Path:
    """The file of a catalogue name or a path.

    Raises:
        ZooError: there is no such model or file.
    """
    text = str(name_or_path)
    if isinstance(name_or_path, str) and text in paths():
        return paths()[text]
    path = Path(text).expanduser()
    looks_like_path = path.suffix in (".yaml", ".yml") or "/" in text or "\\" in text
    if path.is_dir():
        raise ZooError(f"{text} is a folder, not a spec", help="name a .yaml file in it", code="spec.folder")
    if path.exists():
        return path
    if looks_like_path:
        near = nearest_path(path, "*.y*ml")
        mend = f"did you mean `{near}`?" if near else "check the path; `zoo list` shows the models by name"
        raise ZooError(f"there is no file {text}", help=mend, code="spec.missing")
    mend = did_you_mean(text, paths()) or "`zoo list` shows the models; a file is named with its .yaml"
    raise ZooError(f"the zoo has no model named `{text}`", help=mend, code="spec.unknown")


def read(path: Path) -> tuple[Source, object]:
    """A file as a source, with the diagnostic that says why it cannot be one (or None).

    Raises:
        ZooError: the file cannot be opened.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise ZooError(
            f"{path} cannot be read: {error.strerror}",
            help="check the path and its rights",
            code="spec.unreadable",
        ) from None
    if size > MAX_BYTES:
        return Source(str(path), "", path), too_large(size, str(path))
    text, problem = decode(data, str(path))
    return Source(str(path), text, path), problem
