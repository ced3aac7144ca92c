"""A run's folder while the run goes on: who may write there, and what becomes of it when the run ends.

A finished result is never lost by beginning another run, nor are the epochs of an unfinished one: the folder
then is refused, unless the caller says ``overwrite``.
"""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zoo.errors import TrainError, ZooError
from zoo.files import remove_leftovers
from zoo.train.files import write_atomic
from zoo.train.runs import record
from zoo.train.runs.folder import check_folder
from zoo.train.runs.record import Record
from zoo.train.runs.weights_files import copy_weights

if TYPE_CHECKING:
    from zoo.spec import Spec


class Claim:
    """A folder that this process alone runs in; see ``claimed``.

    Args:
        path: the folder.
        progress: names of files in it that hold what was computed before the run ends.
        earlier: ``run.json`` of the run that goes on or is finished already, or None for a new one.

    Attributes:
        finished: the earlier run is finished, and nothing is left to do.
    """

    def __init__(self, path: Path, progress: Sequence[str], earlier: Record | None) -> None:
        self.path = path
        self.progress = tuple(progress)
        self.earlier = earlier
        self.finished = earlier is not None and earlier["state"] == "finished"
        self._record: Record | None = None
        self._written: list[Path] = []

    def option(self, name: str, given: Any) -> Any:
        """An option of the call; what was left out (None) is as the run was begun."""
        if given is not None or self.earlier is None:
            return given
        return (self.earlier if name == "seed" else self.earlier.get("options") or {}).get(name)

    def compare(self, asked: Record) -> None:
        """Refuse to go on with what the run was not begun with.

        Raises:
            TrainError: code ``train.resume``; ``data["differences"]`` has a sentence for each.
        """
        if self.earlier is not None:
            _refuse(self.path, record.differences(self.earlier, asked))

    def begin(self, spec: Spec, asked: Record, data: Mapping[str, Any]) -> None:
        """Say what is run, before it is: ``run.json``, ``spec.yaml``, and the weights that it names.

        Args:
            spec: what is trained.
            asked: see ``record.asked``.
            data: what the data are, with their ``fingerprint``.

        Raises:
            TrainError: code ``train.resume``, the data are others than the run's; ``file.write``.
        """
        self.compare(asked)
        self.compare_data(data)
        if self.earlier is None:
            for name in self.progress:
                # Of a run that was overwritten: this one must not go on from it.
                _discard(self.path / name)
        self._record = {**asked, "data": dict(data), **record.circumstances(), "state": "running"}
        if self.earlier is not None:
            times = [item for item in (*self.earlier.get("resumed", []), self._record["started"])]
            self._record |= {"started": self.earlier.get("started"), "resumed": times}
        self._write(record.NAME, lambda: record.write(self.path, self._record or {}))
        text = spec.to_yaml().encode()
        self._write("spec.yaml", lambda: write_atomic(self.path / "spec.yaml", text))
        self._written += copy_weights(spec, self.path)

    def compare_data(self, data: Mapping[str, Any]) -> None:
        """Refuse to go on with other data; see ``compare``."""
        if self.earlier is not None and self.earlier.get("data"):
            _refuse(self.path, record.data_differences(self.earlier, data))

    def end(self, state: str, reason: str = "") -> None:
        """Say how the run ended; a finished run needs its progress no longer."""
        if self._record is None:
            return
        self._record |= {"state": state, "ended": record.now(), **({"reason": reason} if reason else {})}
        record.write(self.path, self._record)
        if state == "finished":
            for name in self.progress:
                # A folder of results is what a finished run has to show.
                if not (self.path / name).is_dir():
                    _discard(self.path / name)

    def nothing_done(self) -> bool:
        """Whether the folder holds nothing but what ``begin`` wrote."""
        files = {file for file in self.path.rglob("*") if not file.is_dir()}
        return self.earlier is None and files <= set(self._written)

    def take_back(self) -> None:
        """Remove what ``begin`` wrote."""
        for file in self._written:
            file.unlink(missing_ok=True)
            with suppress(OSError):
                # The folder of a weights file; never the run's own, which may have been there before.
                if file.parent != self.path:
                    file.parent.rmdir()

    def _write(self, name: str, write: Any) -> None:
        if not (self.path / name).exists():
            self._written.append(self.path / name)
        write()


@contextmanager
def claimed(
    out: str | os.PathLike[str] | None,
    function: str,
    *,
    progress: Sequence[str],
    resume: bool = False,
    overwrite: bool = False,
) -> Iterator[Claim | None]:
    """Hold a run's folder while the block runs; afterwards ``run.json`` says how it ended.

    A run that failed before it did anything leaves nothing behind.

    Args:
        out: the folder; None keeps nothing.
        function: whose run it is; a folder of another's is refused.
        progress: names of files, or folders, that hold what was computed before the run ends. Files are gone
            when it is finished.
        resume: go on with the run in it, where there is one.
        overwrite: begin another run, whatever it holds.

    Raises:
        TrainError: ``train.out``, no folder that may be written to; ``train.taken``, it holds a run;
            ``train.busy``, a run is going on in it; ``train.resume``, another function's run.
    """
    if out is None:
        if resume:
            raise TrainError(
                "resume goes on with the run in a folder, and no folder was given",
                help="give out= as well",
                code="train.resume",
            )
        yield None
        return
    if resume and overwrite:
        raise TrainError(
            "resume goes on with a run, and overwrite loses it: only one of them can be meant",
            help="leave one of them out",
            code="train.resume",
        )
    made = _missing(Path(out))
    folder = check_folder(out)
    try:
        with _alone(folder):
            remove_leftovers(folder)
            claim = Claim(folder, progress, _earlier(folder, function, progress, resume, overwrite))
            yield from _watched(claim)
    finally:
        for path in made:
            # Only empty ones can be removed: those of a run that came to nothing.
            with suppress(OSError):
                path.rmdir()


def holds(folder: Path, progress: Sequence[str]) -> str:
    """What a folder holds that another run would destroy, in words; empty where there is nothing."""
    found = record.read(folder)
    if found is None:
        # Older versions wrote no run.json.
        old = (folder / "history.csv").exists() and any(folder.glob("*.zoo"))
        return "the bundle of a run" if old else ""
    name = f"of `{(found.get('spec') or {}).get('name')}`"
    if found["state"] == "finished":
        return f"a finished run {name}"
    kept = any((folder / item).exists() for item in progress)
    return f"an unfinished run {name}" if kept else ""


def default_folder(name: str, progress: Sequence[str], *, resume: bool = False) -> Path:
    """Where a run goes when nobody says: ``runs/NAME``, ``runs/NAME-2``, … the first that loses nothing.

    Args:
        name: of the spec.
        progress: see ``claimed``.
        resume: take the last that holds an unfinished run; where there is none, the last.
    """
    numbered = (Path("runs") / (name if n == 1 else f"{name}-{n}") for n in itertools.count(1))
    if not resume:
        return next(folder for folder in numbered if not folder.exists() or _is_free(folder, progress))
    there = list(itertools.takewhile(Path.exists, numbered))
    unfinished = [folder for folder in there if holds(folder, progress).startswith("an unfinished")]
    return (unfinished or there or [Path("runs") / name])[-1]


def _discard(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _is_free(folder: Path, progress: Sequence[str]) -> bool:
    try:
        with _alone(folder):
            return not holds(folder, progress)
    except TrainError:
        return False


def _watched(claim: Claim) -> Iterator[Claim]:
    try:
        yield claim
    except (Exception, KeyboardInterrupt) as failure:
        if claim.nothing_done():
            claim.take_back()
        else:
            # The disk may be full: why the run ended matters more than that it cannot be written down.
            with suppress(ZooError):
                if isinstance(failure, KeyboardInterrupt):
                    claim.end("interrupted")
                else:
                    claim.end("failed", str(failure))
        raise
    claim.end("finished")


def _earlier(
    folder: Path, function: str, progress: Sequence[str], resume: bool, overwrite: bool
) -> Record | None:
    found = record.read(folder) if resume else None
    if found is not None:
        if found.get("function") != function:
            raise TrainError(
                f"`{folder}` holds a run of `{found.get('function')}`, not of `{function}`",
                help="resume it with the function that began it, or give another folder",
                code="train.resume",
            )
        return found
    taken = "" if overwrite else holds(folder, progress)
    if taken:
        raise TrainError(
            f"`{folder}` holds {taken}",
            help="resume=True goes on with it, or returns it when it is finished; "
            "give another out=, or overwrite=True to lose it",
            code="train.taken",
        )
    return None


def _refuse(folder: Path, found: Sequence[str]) -> None:
    if found:
        raise TrainError(
            f"the run in `{folder}` cannot go on with this: {'; '.join(found)}",
            help="give what it was begun with, as its run.json says, or another folder",
            code="train.resume",
            data={"differences": list(found)},
        )


def _missing(path: Path) -> list[Path]:
    """The folders on the way to ``path`` that are yet to be made, the innermost first."""
    return [folder for folder in (path, *path.parents) if not folder.exists()]


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other processes from running in the folder; a process that dies lets go of it."""
    try:
        import fcntl
    except ImportError:  # Windows has none
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise TrainError(
                f"a run is going on in `{folder}`",
                help="wait for it, end it, or give another folder",
                code="train.busy",
            ) from None
        except OSError:
            pass  # some network disks have no locks
        yield
    finally:
        os.close(descriptor)
