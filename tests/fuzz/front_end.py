"""Coverage-guided fuzzing of the front end: any bytes give a Report, in bounded time, and nothing else.

    pip install atheris
    python tests/fuzz/front_end.py CORPUS_FOLDER -max_total_time=3600 -max_len=4096 -timeout=60

Seeds: copy specs/, tests/invalid/*.yaml and zoo/spec/rules/examples/ into the corpus folder first. What is
found goes, made small, to tests/spec/found/, where the tests keep trying it.
"""

from __future__ import annotations

import builtins
import socket
import sys
from typing import Any

import atheris

with atheris.instrument_imports(include=["zoo"]):
    from zoo.spec import rules
    from zoo.spec.catalogue import paths
    from zoo.spec.check import Report, examine
    from zoo.spec.source import Source, decode

ALLOWED = {str(path) for path in paths().values()}


guarding = False  # only while an input is being read: libFuzzer itself imports and writes


class Forbidden(BaseException):
    """The front end did something it must never do; no `except Exception` may hide it."""


def forbid() -> None:
    """Imports, files other than the catalogue's, and network calls end the run."""
    real_open = builtins.open
    real_import = builtins.__import__

    def guarded_open(file: Any, *args: Any, **kwargs: Any) -> Any:
        if guarding and str(file) not in ALLOWED:
            raise Forbidden(f"opened {file}")
        return real_open(file, *args, **kwargs)

    def guarded_import(name: str, *args: Any, **kwargs: Any) -> Any:
        # unicodedata loads late by itself; a module beyond the standard library would be the text's doing
        top = name.split(".")[0]
        if guarding and top not in sys.modules and top not in sys.stdlib_module_names:
            raise Forbidden(f"imported {name}")
        return real_import(name, *args, **kwargs)

    def no_socket(*args: Any, **kwargs: Any) -> Any:
        raise Forbidden("opened a socket")

    builtins.open = guarded_open
    builtins.__import__ = guarded_import
    socket.socket = no_socket  # type: ignore[misc, assignment]


def one(data: bytes) -> None:
    """One input: decoded as a file is, examined, rendered; a clean spec read again from its resolved text."""
    text, problem = decode(data, "fuzz.yaml")
    if problem is not None:
        str(Report((problem,), {"fuzz.yaml": text}))
        return
    spec, report = examine(Source("fuzz.yaml", text), {})
    str(report)
    report.to_json()
    if spec is not None and report.ok:
        again, second = examine(Source("again.yaml", spec.to_yaml()), {})
        assert again is not None and second.ok, str(second)


def guarded(data: bytes) -> None:
    """``one``, with imports, other files and the network forbidden."""
    global guarding
    guarding = True
    try:
        one(data)
    finally:
        guarding = False


def main() -> None:
    """Runs until libFuzzer's limits are reached."""
    rules.checks()
    for warm in (
        "spec: 1\nname: a\ninputs: {x: {shape: [3]}}\ngraph: {y: [x, Dense: 1]}\noutputs: {y: {loss: mse}}\n",
        "a: [",
    ):
        one(warm.encode())
    forbid()
    atheris.Setup(sys.argv, guarded)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
