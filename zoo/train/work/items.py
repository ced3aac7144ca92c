"""Work that can be done anywhere and need not be done twice: items, their keys, their results on disk.

An item is plain JSON; its key says what it is and on which data. Whoever does it, a process of this machine
or of another one, leaves one file, ``items/KEY.json``, whole or absent. Going on after a kill is therefore
nothing but doing what has no file yet.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any

from zoo.errors import TrainError, ZooError
from zoo.train.files import write_atomic
from zoo.train.fingerprint import fingerprint_of
from zoo.train.runs.folder import check_folder
from zoo.train.work.progress import ItemProgress

# kind → what does it, MODULE:FUNCTION, loaded when first used: (item, bench) → a map of plain values.
KINDS = MappingProxyType(
    {
        "fit": "zoo.train.work.fit:do_fit",
        "walk": "zoo.train.work.walk:do_walk",
        "walk_step": "zoo.train.walk.step:do_walk_step",
    }
)
FOLDER = "items"


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of work.

    Args:
        kind: a name of ``KINDS``.
        spec: the resolved text.
        options: plain values that the kind knows.
        seed: of everything random in it.
        label: what progress calls it; no part of the key.
    """

    kind: str
    spec: str
    options: Mapping[str, Any] = field(default_factory=dict, hash=False)
    seed: int = 0
    label: str = ""

    def key(self, fingerprint: str) -> str:
        """SHA-256 of the item and of the data's fingerprint: the same work has the same key everywhere."""
        said = {**self.to_dict(), "label": None, "data": fingerprint}
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()

    def to_dict(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of an item.

    Args:
        value: what it gave; empty when it failed.
        error: ``{"message", "help", "code"}`` when it failed, else None.
        seconds: that it took, where it was done.
        cached: it was done another time, and its file was there.
    """

    value: Mapping[str, Any]
    error: Mapping[str, str] | None = None
    seconds: float = 0.0
    cached: bool = False


def _no_report(message: Mapping[str, Any]) -> bool:
    return False


@dataclass(slots=True)
class Bench:
    """What lies at hand where items are done.

    Args:
        data: what the caller calls data.
        folder: of the whole run.
        report: takes plain values while an item runs; True means that it should stop.
        kept: what one item leaves for the next, such as prepared data.
    """

    data: Any
    folder: Path
    report: Callable[[Mapping[str, Any]], bool] = _no_report
    kept: dict[str, Any] = field(default_factory=dict)


def run_items(
    items: Iterable[Item],
    data: Any,
    folder: str | Path,
    *,
    workers: int = 1,
    on_done: Callable[[Item, Result], None] | None = None,
    on_report: Callable[[Item, Mapping[str, Any]], bool] | None = None,
    verbose: int = 0,
    total: int | None = None,
    kept: Mapping[str, Any] | None = None,
) -> Iterator[tuple[Item, Result]]:
    """Do the items whose result is not in ``folder`` yet; yield each with its result as it ends.

    ``items`` is read one by one, whenever somebody is free: what is still to be done may depend on what has
    been yielded. An item that fails has its error for a result and ends no other. Leaving the loop early, by
    Ctrl-C too, stops the workers; what had ended by then is kept.

    Args:
        items: the work.
        data: what the items are done on; given to each process once.
        folder: where the results are kept.
        workers: processes; 1 does everything in this one. Each has its share of the cores.
        on_done: called with each result before it is yielded.
        on_report: called with what an item reports while it runs; True tells the item to stop.
        verbose: 0 silent, 1 a bar on a terminal and a line an item elsewhere, 2 always lines.
        total: number of items, for the estimate of the time left; counted where ``items`` is a list.
        kept: what the caller has made ready already, for the bench of this process.

    Raises:
        TrainError: codes ``train.workers``, ``train.out``, ``train.data``, ``file.write``.
    """
    from zoo.train.work.workers import Workers

    count = check_workers(workers)
    bench = Bench(data, check_folder(folder), kept=dict(kept or {}))
    check_folder(bench.folder / FOLDER)
    known = len(items) if total is None and isinstance(items, (list, tuple)) else total
    fingerprint = fingerprint_of(data)
    with ItemProgress(verbose, known, count) as progress:
        keyed = ((item.key(fingerprint), item) for item in items)
        done = _here(keyed, bench, on_report) if count == 1 else Workers(count, bench).run(keyed, on_report)
        try:
            for item, result in done:
                progress.add(item.label or item.kind, result)
                if on_done is not None:
                    on_done(item, result)
                yield item, result
        finally:
            done.close()


def check_workers(workers: Any) -> int:
    """A whole number of processes, 1 or more.

    Raises:
        TrainError: code ``train.workers``.
    """
    number = isinstance(workers, (int, float)) and not isinstance(workers, bool)
    if not number or workers != workers or int(workers) != workers or workers < 1:
        raise TrainError(
            f"workers must be a whole number, 1 or more, received {workers!r}",
            help="give as many as the machine has cores, or fewer",
            code="train.workers",
        )
    return int(workers)


def _here(
    items: Iterator[tuple[str, Item]],
    bench: Bench,
    on_report: Callable[[Item, Mapping[str, Any]], bool] | None,
) -> Generator[tuple[Item, Result], None, None]:
    for key, item in items:
        if on_report is not None:
            bench.report = lambda message, item=item: on_report(item, message)  # type: ignore[misc]
        yield item, read_result(bench.folder, key) or do_item(key, item, bench)


def do_item(key: str, item: Item, bench: Bench) -> Result:
    """Do one item and leave its file; a failure is a result too.

    A mistake of a user's is kept like a value: doing it again would end in the same way. Any other failure,
    such as a lack of memory, leaves no file, so that the next run tries again.
    """
    started = time.perf_counter()
    value: Mapping[str, Any] = {}
    error, keep = None, True
    try:
        value = _function(item.kind)(item, bench)
    except ZooError as failure:
        error = {"message": failure.message, "help": failure.help, "code": failure.code}
    except Exception as failure:
        # Whatever it is, the other items go on.
        error = {"message": f"{type(failure).__name__}: {failure}", "help": "", "code": "item.failed"}
        keep = False
    result = Result(value, error, time.perf_counter() - started)
    if keep:
        said = {"item": item.to_dict(), "value": value, "error": error, "seconds": result.seconds}
        write_atomic(_file(bench.folder, key), json.dumps(said, indent=1).encode())
    return result


def read_result(folder: Path, key: str) -> Result | None:
    """The result of an item that was done another time, or None."""
    try:
        said = json.loads(_file(folder, key).read_bytes())
        return Result(said["value"], said["error"], said["seconds"], cached=True)
    except (OSError, ValueError, KeyError, TypeError):
        # A file that is no result, whoever altered it, is no reason to stop: the item is done again.
        return None


def _file(folder: Path, key: str) -> Path:
    return folder / FOLDER / f"{key}.json"


def _function(kind: str) -> Callable[[Item, Bench], Mapping[str, Any]]:
    module, _, name = KINDS[kind].partition(":")
    found: Callable[[Item, Bench], Mapping[str, Any]] = getattr(import_module(module), name)
    return found
