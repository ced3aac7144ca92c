"""What a long session must bear: thousands of errors, R's collector at any moment, forks and workers."""

from __future__ import annotations

import pytest

BOTH = pytest.mark.parametrize("host", ["rscript", "hosted"])

TOY = """
library(speczoo)
m <- zoo_model(text = "
spec: 1
name: toy
inputs: {a: {shape: [2]}}
graph: {y: [a, Dense: 1]}
outputs: {y: {loss: mse}}
", seed = 1)
x <- matrix(sin(1:64), 32)
"""


@pytest.fixture
def run(request, host):
    return request.getfixturevalue(host)


FAILING = (
    TOY
    + """
resident <- function() as.numeric(strsplit(readLines("/proc/self/statm"), " ")[[1]][[2]]) * 4096 / 2^20
bad <- x
bad[7, 2] <- NA
classes <- c()
fail <- function(times) for (i in seq_len(times)) {
  error <- tryCatch(
    switch(1 + i %% 4,
      zoo_spec("no_such_model"), predict(m, bad), speczoo:::round_trip(list(sum)),
      speczoo:::ask_python("no_such_function")
    ),
    speczoo_error = identity
  )
  classes[1 + i %% 4] <<- class(error)[[1]]
}
fail(1000)
invisible(gc())
before <- resident()
fail(10000)
invisible(gc())
cat(resident() - before < 20, classes, dim(predict(m, x)))
"""
)


@BOTH
@pytest.mark.slow
def test_ten_thousand_failing_calls_leave_the_session_alive_and_memory_flat(run):
    done = run(FAILING)
    expected = "speczoo_spec_unknown speczoo_value_missing speczoo_value_unsupported speczoo_bridge_error"
    assert done.stdout == f"TRUE {expected} 32 1", done.stdout + done.stderr


TORTURED = """
library(speczoo)
values <- list(
  1.5, c(a = 0.5, b = 2.5), "Gr\\u00f6\\u00dfe", c("a", NA), TRUE, list(1.5, "a", list(b = "c")), as.raw(1:9),
  factor(c("u", "d")), matrix(c("a", "b", "c", NA), 2), as.difftime(90, units = "secs"),
  data.frame(x = c(1.5, NaN), s = c("a", NA), f = factor(c("u", "d"))), NULL
)
arrays <- list(c(0.5, 1.5), matrix(1:6 / 2, 2), array(1:24 / 4, c(2, 3, 4)), array(0, c(0, 3)))
identical(speczoo:::round_trip(values[[11]]), values[[11]])
invisible(gctorture2(step = 50))
same <- vapply(values, function(value) {
  made <- speczoo:::round_trip(value)
  if (is.list(value) || is.null(names(value))) identical(made, value) else identical(unlist(made), value)
}, NA)
kept <- vapply(arrays, function(value) identical(speczoo:::round_trip(value, dtype = "float32"), value), NA)
error <- tryCatch(speczoo:::round_trip(NA), speczoo_value_error = conditionMessage)
invisible(gctorture2(step = 0))
cat(sum(same), sum(kept), grepl("missing value", error))
"""


@BOTH
def test_rs_collector_may_run_at_any_moment_of_a_conversion(run):
    done = run(TORTURED)
    assert done.stdout.endswith("12 4 TRUE"), done.stdout + done.stderr


FORKED = (
    TOY
    + """
forked <- parallel::mclapply(1:2, function(i) {
  tryCatch(predict(m, x), speczoo_fork_error = function(error) class(error)[[1]])
}, mc.cores = 2)
cat(unlist(forked), dim(predict(m, x)))
"""
)


@BOTH
def test_a_forked_child_gets_an_error_and_the_parent_goes_on(run):
    done = run(FORKED)
    assert (done.stdout, done.stderr) == ("speczoo_fork_error speczoo_fork_error 32 1", "")


WORKERS = (
    TOY
    + """
file <- tempfile(fileext = ".zoo")
zoo_save(m, file)
cluster <- parallel::makePSOCKcluster(1)
there <- parallel::clusterCall(cluster, function(file, x) {
  library(speczoo)
  predict(zoo_open(file), x)
}, file, x)
parallel::stopCluster(cluster)
cat(all.equal(there[[1]], predict(m, x), tolerance = 1e-7))
"""
)


@BOTH
def test_a_worker_process_opens_the_model_itself(run):
    done = run(WORKERS)
    assert done.stdout == "TRUE", done.stderr


CALLBACKS = (
    TOY
    + """
seen <- list()
history <- fit(m, x, x[, 1], epochs = 9, callbacks = list(
  on_epoch_end = function(epoch, logs) { seen[[epoch]] <<- logs; if (epoch == 3) "stop" }
))
losses <- unlist(seen, use.names = FALSE)
cat(length(seen), is.double(losses), identical(losses, history$metrics$loss), "")
train <- function(epochs, ...) fit(m, x, x[, 1], epochs = epochs, callbacks = list(...))
warned <- 0
withCallingHandlers(train(2, on_epoch_end = function(epoch, logs) warning("high")), warning = function(w) {
  warned <<- warned + (conditionMessage(w) == "high")
  invokeRestart("muffleWarning")
})
say <- function(epoch, logs) warning("epoch ", epoch)
cat(warned, tryCatch(train(9, on_epoch_end = say), warning = conditionMessage), "")
before <- m$num_epochs
error <- tryCatch(train(9, on_epoch_end = function(epoch, logs) if (epoch == 3) stop("oh")), error = identity)
cat(class(error)[[1]], conditionMessage(error$parent), m$num_epochs - before, "")
train(1, on_train_end = function() inner <<- predict(m, x))
cat(dim(inner))
"""
)


@BOTH
def test_callbacks_stop_warn_fail_and_call_back(run):
    done = run(CALLBACKS)
    expected = "3 TRUE TRUE 2 epoch 1 speczoo_callback_error oh 3 32 1"
    assert (done.stdout, done.stderr) == (expected, "")
