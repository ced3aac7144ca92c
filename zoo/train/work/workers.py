"""Processes of this machine that do items, each with its share of the cores.

A worker is ``python -m zoo.train.work.worker``, started when there is something for it to do. It is no
``multiprocessing`` process: that would run the user's script again in each of them, and R has no script.
Down its standard input come the data, once, then items and answers; up its standard output come reports and
results, a line of JSON each. A worker whose parent is gone, by ``kill -9`` too, finds its input closed and
ends. Ctrl-C on the terminal reaches the parent alone, which closes the inputs.
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Generator, Iterator, Mapping
from pathlib import Path
from typing import Any

from zoo.errors import TrainError
from zoo.train.work.items import Bench, Item, Result, read_result

_ROOT = Path(__file__).resolve().parents[2]
_THREADS = (
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
)
_PATIENCE = 10.0
Report = Callable[[Item, Mapping[str, Any]], bool]
Done = Generator[tuple[Item, Result], None, None]


class Workers:
    """At most ``count`` processes that do items at the same time."""

    def __init__(self, count: int, bench: Bench) -> None:
        self._count = count
        self._bench = bench
        self._workers: list[_Worker] = []
        self._heard: queue.SimpleQueue[tuple[_Worker, dict[str, Any] | None]] = queue.SimpleQueue()

    def run(self, items: Iterator[tuple[str, Item]], on_report: Report | None) -> Done:
        """Do the items; see ``run_items``."""
        try:
            more = True
            while True:
                while more and (len(self._busy()) < self._count):
                    key, item = next(items, (None, None))
                    if key is None or item is None:
                        more = False
                    elif (kept := read_result(self._bench.folder, key)) is not None:
                        yield item, kept
                    else:
                        self._free().give(key, item)
                if not self._busy():
                    return
                if (done := self._listen(on_report)) is not None:
                    yield done
        finally:
            # All of them first: each takes a moment to see it.
            for worker in self._workers:
                worker.dismiss()
            for worker in self._workers:
                worker.stop()

    def _busy(self) -> list[_Worker]:
        return [worker for worker in self._workers if worker.item is not None]

    def _free(self) -> _Worker:
        free = next((worker for worker in self._workers if worker.item is None), None)
        if free is None:
            free = _Worker(self._bench, max(1, _cores() // self._count), self._heard)
            self._workers.append(free)
        return free

    def _listen(self, on_report: Report | None) -> tuple[Item, Result] | None:
        worker, message = self._heard.get()
        item = worker.item
        if message is None:
            # One that ends while it has nothing to do was told to.
            self._workers.remove(worker)
            return None if item is None else (item, Result({}, worker.epitaph()))
        assert item is not None
        if "broken" in message:
            raise TrainError(**message["broken"])
        if "report" in message:
            worker.say({"stop": on_report is not None and on_report(item, message["report"])})
            return None
        worker.item = None
        return item, Result(message["value"], message["error"], message["seconds"])


class _Worker:
    def __init__(self, bench: Bench, threads: int, heard: queue.SimpleQueue[Any]) -> None:
        self.item: Item | None = None
        # What it prints is wanted only when it dies; a pipe that nobody empties would stop it.
        self._errors = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            [_python(), "-m", "zoo.train.work.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=_environment(threads),
            # Out of the terminal's reach: Ctrl-C is the parent's to handle.
            process_group=0 if os.name == "posix" else None,
        )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._in, self._out = self._process.stdin, self._process.stdout
        threading.Thread(target=self._hear, args=(heard,), daemon=True).start()
        packed = pickle.dumps((bench.data, bench.folder), protocol=pickle.HIGHEST_PROTOCOL)
        self._write(len(packed).to_bytes(8, "little"), packed)

    def give(self, key: str, item: Item) -> None:
        self.item = item
        self.say({"key": key, "item": item.to_dict()})

    def say(self, message: Mapping[str, Any]) -> None:
        self._write(json.dumps(message).encode(), b"\n")

    def _write(self, *pieces: bytes) -> None:
        # Where it has died, the thread that hears it says so.
        with contextlib.suppress(OSError):
            for piece in pieces:
                self._in.write(piece)
            self._in.flush()

    def _hear(self, heard: queue.SimpleQueue[Any]) -> None:
        for line in self._out:
            heard.put((self, json.loads(line)))
        heard.put((self, None))

    def epitaph(self) -> dict[str, str]:
        """Why it ended by itself."""
        status = self._process.wait(_PATIENCE)
        self._errors.seek(0)
        last = self._errors.read().decode(errors="replace").strip()[-2000:]
        self.stop()
        if status < 0:
            how = f"was ended by signal {-status}"
            help_ = "a lack of memory is a usual cause: take fewer workers, or a smaller batch"
        else:
            how, help_ = f"ended with status {status}", last.splitlines()[-1] if last else ""
        return {"message": f"the worker process {how}", "help": help_, "code": "item.worker"}

    def dismiss(self) -> None:
        with contextlib.suppress(OSError):
            self._in.close()

    def stop(self) -> None:
        self.dismiss()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._out.close()
        self._errors.close()


def _environment(threads: int) -> dict[str, str]:
    """The parent's, with the threads' number, which TensorFlow reads once, when it is imported."""
    path = os.pathsep.join([str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {
        **os.environ,
        **dict.fromkeys(_THREADS, str(threads)),
        "PYTHONPATH": path,
        "TF_CPP_MIN_LOG_LEVEL": "3",
        # One process alone would take all of a GPU's memory.
        "TF_FORCE_GPU_ALLOW_GROWTH": "true",
    }


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _python() -> str:
    """This Python's program; inside R the running program is R."""
    if Path(sys.executable or "").name.startswith("python"):
        return sys.executable
    return str(Path(sys.prefix) / ("python.exe" if os.name == "nt" else "bin/python"))
