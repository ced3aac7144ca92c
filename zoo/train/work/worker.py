"""``python -m zoo.train.work.worker``: does the items that its parent gives it; see ``workers.py``."""

from __future__ import annotations

import gc
import json
import os
import pickle
import queue
import sys
import threading
from collections.abc import Mapping
from typing import Any, BinaryIO

from zoo.errors import ZooError
from zoo.train.work.items import Bench, Item, do_item


def main() -> None:
    """Do items until the parent closes this process's input."""
    # Whatever a library prints goes to the errors: the output is the parent's.
    with os.fdopen(os.dup(1), "wb") as output:
        os.dup2(2, 1)
        orders: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        source = sys.stdin.buffer
        # The parent is this very program; results, which outlive it, are JSON.
        data, folder = pickle.loads(source.read(int.from_bytes(source.read(8), "little")))
        threading.Thread(target=_hear, args=(source, orders), daemon=True).start()

        def report(message: Mapping[str, Any]) -> bool:
            _say(output, {"report": message})
            return bool(orders.get()["stop"])

        bench = Bench(data, folder, report)
        while True:
            order = orders.get()
            try:
                result = do_item(order["key"], Item(**order["item"]), bench)
            except ZooError as failure:
                # No result can be kept: nothing that follows would be of use.
                _say(
                    output,
                    {"broken": {"message": failure.message, "help": failure.help, "code": failure.code}},
                )
                continue
            _say(output, {"value": result.value, "error": result.error, "seconds": result.seconds})
            # A model's functions hold each other: left to itself, Python would keep many models in memory.
            gc.collect()


def _hear(source: BinaryIO, orders: queue.SimpleQueue[dict[str, Any]]) -> None:
    for line in source:
        orders.put(json.loads(line))
    # The parent is gone or done: files are whole or absent, so nothing is lost by ending here.
    os._exit(0)


def _say(output: BinaryIO, message: Mapping[str, Any]) -> None:
    output.write(json.dumps(message).encode() + b"\n")
    output.flush()


if __name__ == "__main__":
    main()
