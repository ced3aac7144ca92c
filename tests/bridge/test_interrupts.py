"""A real SIGINT to a real process, wherever a session can be: it stops what runs, and the session lives."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from r_bridge import install

SCRIPT = """
library(speczoo)
m <- zoo_model(text = "
spec: 1
name: toy
inputs: {a: {shape: [2]}}
graph: {y: [a, Dense: 1]}
outputs: {y: {loss: mse}}
training: {optimizer: {SGD: {learning_rate: 2.5}}, batch_size: 32}
", seed = 1)
x <- matrix(sin(1:64), 32)
y <- x[, 1]
say <- function(...) { cat(..., "\\n"); flush(stdout()) }
answer <- function(label, code) {
  say(tryCatch({ code; "finished" }, interrupt = function(i) "interrupted", error = conditionMessage), label)
}
train <- function(epochs, f) fit(m, x, y, epochs = epochs, callbacks = list(on_epoch_end = f))
seen <- list()
losses <- c()
answer("callback that sleeps", train(9, function(epoch, logs) {
  # The learning rate is too high: every epoch is worse than the one before, and the first is the best.
  losses <<- c(losses, logs$loss)
  seen[[epoch]] <<- predict(m, x)
  if (epoch == 4) { say("ready"); Sys.sleep(60) }
}))
now <- predict(m, x)
say(which.min(losses), identical(now, seen[[which.min(losses)]]), identical(now, seen[[4]]))
compile(m, optimizer = "adam")
answer("callback that works", train(9, function(epoch, logs) { say("ready"); repeat i <- 1 }))
answer("training with callbacks", train(1e6, function(epoch, logs) if (epoch == 3) say("ready")))
say("ready")
answer("silent training", fit(m, x, y, epochs = 1e6))
answer("loop", { say("ready"); repeat i <- 1 })
answer("sleep", { say("ready"); Sys.sleep(60) })
say(dim(predict(m, x)), length(fit(m, x, y, epochs = 2)$metrics$loss), nrow(zoo_list()) > 0)
"""

HOSTS = {"rscript": ["Rscript"], "hosted": [sys.executable, "-m", "r_bridge"]}


@pytest.mark.parametrize("host", HOSTS)
def test_ctrl_c_stops_what_runs_and_the_session_lives(host, library, tmp_path):
    script = tmp_path / "script.R"
    script.write_text(SCRIPT, encoding="utf-8")
    environment = {**os.environ, "R_LIBS": str(library), "PYTHONPATH": str(Path(install.__file__).parents[1])}
    command, answers = [*HOSTS[host], str(script)], []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        for line in map(str.strip, process.stdout):
            if line == "ready":
                time.sleep(0.5)
                os.kill(process.pid, signal.SIGINT)
            elif line:  # R itself ends the line that it was interrupted in
                answers.append(line)
    assert process.returncode == 0
    places = [
        "callback that sleeps",
        "callback that works",
        "training with callbacks",
        "silent training",
        "loop",
        "sleep",
    ]
    assert answers[0] == f"interrupted {places[0]}"
    assert answers[1] == "1 TRUE FALSE"
    assert answers[2:-1] == [f"interrupted {place}" for place in places[1:]]
    assert answers[-1] == "32 1 2 TRUE"
