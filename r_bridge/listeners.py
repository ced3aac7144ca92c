"""R functions that Keras calls during a training: the user's callbacks, and the progress that R draws."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import keras

from r_bridge import r_memory
from r_bridge.errors import RCallbackError, RJump
from r_bridge.models import loss_first
from r_bridge.r_calls import call_guarded
from r_bridge.to_python import plain


class Listener(keras.callbacks.Callback):
    """One R function, told of the events it asks for.

    Args:
        function: an R closure of ``(event, at, logs, params)`` that never stops; see `call_guarded`.
        events: Keras's names of the events.
        pace: seconds that lie between two steps that are told of, at least.
    """

    # What an R function remembers is in R: a run that goes on may be given others.
    resumed = ()

    def __init__(self, function: Any, events: frozenset[str], pace: float) -> None:
        super().__init__()
        self._function, self._events, self._pace = function, events, pace
        self._told = 0.0
        self.left: tuple[str, str] | None = None

    def on_train_begin(self, logs: Mapping[str, Any] | None = None) -> None:
        self._tell("on_train_begin", None, logs)

    def on_train_end(self, logs: Mapping[str, Any] | None = None) -> None:
        if self.left is not None:
            raise KeyboardInterrupt
        self._tell("on_train_end", None, logs)

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        self._tell("on_epoch_begin", epoch, logs)

    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        self._tell("on_epoch_end", epoch, logs)

    def on_train_batch_begin(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        self._tell("on_train_batch_begin", batch, logs)

    def on_train_batch_end(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        now = time.perf_counter()
        if now - self._told >= self._pace:
            self._told = now
            self._tell("on_train_batch_end", batch, logs)

    def _tell(self, event: str, at: int | None, logs: Mapping[str, Any] | None) -> None:
        if event not in self._events:
            return
        numbers = {name: float(value) for name, value in loss_first(logs or {}).items()}
        params = {name: self.params.get(name) for name in ("epochs", "steps")}
        reply = call_guarded(self._function, event, None if at is None else at + 1, numbers, params)
        outcome = plain(reply)
        if outcome["tag"] != "value":
            # Like Ctrl-C, so that the epochs before are kept, and the best weights.
            self.left = outcome["tag"], event
            if event != "on_epoch_end":
                raise KeyboardInterrupt
        # An epoch that is over belongs to the history, which is told of it after the callbacks: no hurry.
        if self.left is not None or outcome["stop"]:
            self.model.stop_training = True


@contextmanager
def listening(listeners: Any) -> Iterator[list[Listener]]:
    """Keras callbacks for the R package's listeners; how one of them left R is raised after the training.

    Args:
        listeners: an R list of ``list(events, pace, call)``, or None.

    Raises:
        RCallbackError: an R function stopped.
        RJump: a handler that was set up before the call wants to go on elsewhere.
        KeyboardInterrupt: the training or an R function was interrupted.
    """
    made = [] if listeners is None else [_listener(item) for item in r_memory.elements(listeners)]
    try:
        yield made
    except KeyboardInterrupt:
        for tag, event in (listener.left for listener in made if listener.left is not None):
            if tag == "error":
                raise RCallbackError(
                    f"the callback `{event}` failed",
                    help="the model has its best weights so far",
                    data={"callback": event},
                ) from None
            if tag == "jump":
                raise RJump from None
        raise


def _listener(sexp: Any) -> Listener:
    fields = dict(zip(r_memory.names(sexp) or [], r_memory.elements(sexp), strict=True))
    events = frozenset(event or "" for event in r_memory.strings(fields["events"]))
    return Listener(fields["call"], events, float(plain(fields["pace"])))
