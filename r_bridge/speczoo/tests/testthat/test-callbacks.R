# What R's functions do in the middle of a training, without Python: a fake training calls them as Python does.

train_with <- function(listeners, epochs = 2L, steps = 3L) {
  tell <- function(event, at = NULL, logs = list()) {
    for (listener in Filter(function(one) event %in% one$events, listeners)) {
      reply <- listener$call(event, at, logs, list(epochs = epochs, steps = steps))
      if (reply$tag != "value") return(reply)
    }
    list(tag = "value", stop = FALSE)
  }
  tell("on_train_begin")
  for (epoch in seq_len(epochs)) {
    tell("on_epoch_begin", epoch)
    for (step in seq_len(steps)) tell("on_train_batch_end", step, list(loss = 1 / step))
    reply <- tell("on_epoch_end", epoch, list(loss = 0.5, val_loss = 0.25))
    if (reply$tag != "value") return(reply)
  }
  tell("on_train_end", NULL, list(loss = 0.5))
  list(tag = "value", value = list(history = list(loss = rep(0.5, epochs)), epochs = epochs), warnings = character())
}

local_training <- function(.env = parent.frame()) {
  local_table(
    fit = function(listeners, ...) {
      reply <- train_with(listeners)
      if (reply$tag == "error") {
        reply <- failure(
          "the callback `on_epoch_end` failed", class = "speczoo_callback_error",
          data = list(callback = "on_epoch_end")
        )
      }
      reply
    },
    describe = function(...) value(card()[-1]), .env = .env
  )
}

test_that("callbacks get epochs from 1 and a list of numbers, or fewer arguments", {
  local_training()
  seen <- list()
  fit(toy_model(), 1, 1, callbacks = list(
    on_epoch_end = function(epoch, logs) seen$epochs[[epoch]] <<- logs,
    on_train_batch_end = function(batch) seen$batch <<- batch,
    on_train_begin = function() seen$began <<- TRUE,
    on_train_end = function(...) seen$end <<- list(...)
  ))
  expect_equal(seen$epochs[[2]], list(loss = 0.5, val_loss = 0.25))
  expect_equal(seen[c("batch", "began", "end")], list(batch = 3L, began = TRUE, end = list(list(loss = 0.5))))
})

test_that("only the word stop stops", {
  for (value in list(FALSE, NULL, TRUE, "STOP", NA)) {
    reply <- speczoo:::guarded(function() value)()
    expect_equal(reply, list(tag = "value", stop = FALSE))
  }
  expect_true(speczoo:::guarded(function() "stop")()$stop)
})

test_that("an error in a callback is the parent of the one that is raised", {
  local_training()
  error <- tryCatch(
    fit(toy_model(), 1, 1, callbacks = list(on_epoch_end = function(epoch, logs) rlang::abort("mine", class = "mine"))),
    error = identity
  )
  expect_s3_class(error, c("speczoo_callback_error", "speczoo_error"))
  expect_s3_class(error$parent, "mine")
  expect_equal(error$callback, "on_epoch_end")
  expect_snapshot(
    fit(toy_model(), 1, 1, callbacks = list(on_epoch_end = function(epoch, logs) stop("the disk is full"))), error = TRUE
  )
})

test_that("nothing jumps out of a callback: the caller's handlers are served afterwards", {
  local_training()
  say <- function(what) function(epoch, logs) what(paste("epoch", epoch))
  caught <- tryCatch(fit(toy_model(), 1, 1, callbacks = list(on_epoch_end = say(warning))), warning = conditionMessage)
  expect_equal(caught, "epoch 1")
  caught <- tryCatch(fit(toy_model(), 1, 1, callbacks = list(on_epoch_end = say(message))), message = conditionMessage)
  expect_equal(caught, "epoch 1\n")
  leave <- function(epoch, logs) invokeRestart("away")
  reply <- withRestarts(speczoo:::guarded(leave)(1, list()), away = function() "left")
  expect_equal(reply, list(tag = "jump"))
  interrupted <- speczoo:::guarded(function() rlang::interrupt())()
  expect_equal(interrupted, list(tag = "interrupt"))
})

test_that("warnings and messages of callbacks reach the handlers of the caller while it runs", {
  local_training()
  callbacks <- list(on_epoch_end = function(epoch, logs) {
    message("epoch ", epoch)
    warning("loss ", logs$loss)
  })
  said <- capture_messages(warned <- capture_warnings(fit(toy_model(), 1, 1, callbacks = callbacks)))
  expect_equal(said, c("epoch 1\n", "epoch 2\n"))
  expect_equal(warned, c("loss 0.5", "loss 0.5"))
})

test_that("callbacks that are none are refused before Python is asked", {
  asked <- local_table()
  expect_snapshot(error = TRUE, {
    fit(toy_model(), 1, 1, callbacks = function(epoch, logs) 1)
    fit(toy_model(), 1, 1, callbacks = list(function(epoch, logs) 1))
    fit(toy_model(), 1, 1, callbacks = list(on_epoch_ends = function(epoch, logs) 1))
    fit(toy_model(), 1, 1, callbacks = list(whenever = function(epoch, logs) 1))
    fit(toy_model(), 1, 1, callbacks = list(on_epoch_end = "stop"))
    zoo_train("hrnn_lob", callbacks = 3)
  })
  expect_length(asked$calls, 0)
})

test_that("progress is a line an epoch where nobody watches, and can be captured", {
  local_training()
  expect_silent(fit(toy_model(), 1, 1))
  lines <- capture.output(fit(toy_model(), 1, 1, verbose = TRUE))
  expect_equal(lines, c("epoch 1/2  loss 0.5  val_loss 0.25", "epoch 2/2  loss 0.5  val_loss 0.25"))
  sunk <- withr::local_tempfile()
  withr::with_output_sink(sunk, fit(toy_model(), 1, 1, verbose = 2))
  expect_equal(readLines(sunk), lines)
})

test_that("progress is silent in knitr and in tests, unless asked for", {
  withr::local_options(rlang_interactive = TRUE)
  withr::local_envvar(TESTTHAT = "true")
  expect_false(speczoo:::is_verbose(NULL))
  withr::local_envvar(TESTTHAT = "")
  expect_true(speczoo:::is_verbose(NULL))
  withr::local_options(knitr.in.progress = TRUE)
  expect_false(speczoo:::is_verbose(NULL))
  expect_true(speczoo:::is_verbose(TRUE))
  withr::local_options(speczoo.verbose = TRUE)
  expect_true(speczoo:::is_verbose(NULL))
})

test_that("someone at a terminal sees a bar, and a line when an epoch is over", {
  local_training()
  withr::local_options(rlang_interactive = TRUE, cli.dynamic = TRUE, cli.progress_show_after = 0, cli.ansi = FALSE)
  drawn <- capture_messages(lines <- capture.output(fit(toy_model(), 1, 1, verbose = TRUE)))
  expect_match(paste(drawn, collapse = ""), "epoch 1/2 .*/3  loss")
  expect_equal(lines, c("epoch 1/2  loss 0.5  val_loss 0.25", "epoch 2/2  loss 0.5  val_loss 0.25"))
})
