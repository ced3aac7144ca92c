# What a saved model brings with it.

saved <- function(x) unserialize(serialize(x, NULL))

test_that("a model that was saved opens itself where it is used, once", {
  model <- toy_model()
  model$bytes <- as.raw(7:9)
  asked <- local_table(
    unpack = function(blob) value(card(handle = number(12L), num_epochs = 4L)), summary = function(model) value("layers"),
    layers = function(model) value(data.frame(layer = "x"))
  )
  old <- saved(list(a = list(model), b = "beside"))$a[[1]]
  expect_length(asked$calls, 0)
  expect_output(summary(old), "layers")
  tidy(old)
  expect_equal(vapply(asked$calls, `[[`, "", "name"), c("unpack", "summary", "layers"))
  expect_equal(asked$calls[[1]]$arguments$blob, as.raw(7:9))
  expect_equal(asked$calls[[3]]$arguments$model$number, 12L)
  expect_equal(old$num_epochs, 4L)
})

test_that("a model that is alive is not opened again", {
  asked <- local_table(summary = function(model) value("layers"))
  model <- toy_model()
  model$bytes <- as.raw(1)
  expect_output(summary(model))
  expect_equal(vapply(asked$calls, `[[`, "", "name"), "summary")
})

test_that("the bytes follow every change", {
  taken <- 0
  asked <- local_table(
    pack = function(model) value(as.raw(taken <<- taken + 1)), describe = function(...) value(card()[-1]),
    compile = function(...) value(NULL), set_trainable = function(...) value(NULL), set_weights = function(...) value(NULL),
    fit = function(...) value(list(history = list(loss = 1), epochs = 1L))
  )
  model <- toy_model()
  compile(model, loss = "mse")
  expect_equal(model$bytes, as.raw(1))
  fit(model, 1, 1)
  expect_equal(model$bytes, as.raw(2))
  freeze(model)
  unfreeze(model, "x")
  set_weights(model, list())
  expect_equal(model$bytes, as.raw(5))
})

test_that("a change that fails halfway leaves no bytes of before", {
  during <- "unset"
  model <- toy_model()
  model$bytes <- as.raw(9)
  local_table(
    fit = function(...) {
      during <<- model$bytes
      failure("it broke")
    },
    describe = function(...) value(card()[-1])
  )
  expect_error(fit(model, 1, 1), "it broke")
  expect_null(during)
  expect_equal(model$bytes, as.raw(1:3))
})

test_that("a spec that was saved is read again from its text, once", {
  asked <- local_table(
    spec = function(...) value(list(handle = number(5L, "spec"), name = "toy", yaml = "spec: 1")),
    seed_of = function(...) value(1L), model = function(...) value(card())
  )
  old <- saved(zoo_spec("toy"))
  zoo_model(old)
  zoo_model(old)
  expect_equal(vapply(asked$calls, `[[`, "", "name"), c("spec", "spec", "seed_of", "model", "pack", "seed_of", "model", "pack"))
  expect_equal(asked$calls[[2]]$arguments, list(text = "spec: 1"))
})

test_that("what carries nothing says so, and what is no model too", {
  asked <- local_table()
  model <- toy_model()
  old <- saved(model)
  expect_snapshot(error = TRUE, {
    predict(old, 1)
    zoo_unpack("bytes")
    zoo_unpack()
    zoo_pack(3)
  })
  expect_error(predict(old, 1), class = "speczoo_handle_stale")
  expect_length(asked$calls, 0)
})

test_that("packed models live in a list column", {
  local_table(unpack = function(blob) value(card(name = paste0("n", as.integer(blob[[1]])))))
  models <- tibble::tibble(name = c("a", "b"), model = list(as.raw(1), as.raw(2)))
  expect_equal(zoo_unpack(models$model[2])$name, "n2")
  expect_equal(zoo_unpack(models$model[[1]])$name, "n1")
})

page <- "
spec: 1
name: toy
inputs: {a: {shape: [3, 2]}}
graph: {hidden: [a, Flatten, {Dense: {units: 4, activation: tanh}}], y: [hidden, {Dense: 1}]}
outputs: {y: {loss: mse}}
"

test_that("a model, a list of models and a workspace predict the same in a new process", {
  skip_without_python()
  skip_if_not_installed("callr")
  x <- array(sin(1:60), c(10, 3, 2))
  model <- zoo_model(text = page, seed = 3)
  freeze(model, "hidden")
  fit(model, x, cos(1:10), epochs = 2)
  files <- file.path(withr::local_tempdir(), c("one.rds", "list.rds", "all.RData"))
  models <- list(inner = list(model), spec = zoo_spec(text = page))
  saveRDS(model, files[[1]])
  saveRDS(models, files[[2]])
  save(model, models, file = files[[3]])
  found <- callr::r(
    function(files, x) {
      library(speczoo)
      one <- readRDS(files[[1]])
      before <- predict(one, x)
      list <- readRDS(files[[2]])
      load(files[[3]])
      fit(one, x, cos(1:10))
      list(
        one = before, list = predict(list$inner[[1]], x), workspace = predict(model, x), epochs = one$num_epochs,
        frozen = tidy(models$inner[[1]])$trainable, spec = zoo_model(list$spec, seed = 1)$num_parameters
      )
    },
    list(files, x), libpath = .libPaths()
  )
  for (name in c("one", "list", "workspace")) expect_identical(found[[name]], predict(model, x))
  expect_equal(found$epochs, 3L)
  expect_equal(found$frozen, tidy(model)$trainable)
  expect_equal(found$spec, 33L)
})

test_that("a copy read in the same session is a model of its own", {
  skip_without_python()
  x <- array(sin(1:60), c(10, 3, 2))
  model <- zoo_model(text = page, seed = 3)
  before <- predict(model, x)
  copy <- saved(model)
  expect_identical(predict(copy, x), before)
  fit(copy, x, cos(1:10), epochs = 2)
  expect_identical(predict(model, x), before)
  expect_false(identical(predict(copy, x), before))
  rm(model)
  invisible(gc())
  zoo_list("no such model")  # delivers the dropped handle
  expect_length(predict(copy, x), 10)
  expect_identical(predict(zoo_unpack(zoo_pack(copy)), x), predict(copy, x))
})
