# The same functions against Python itself.

page <- "
spec: 1
name: toy
params: {units: 4}
inputs: {a: {shape: [3, 2]}, b: {shape: [2]}}
graph:
  pooled: [a, GlobalAveragePooling1D]
  hidden: [[pooled, b], Concatenate, Dense: {units: =units, activation: relu}]
  kind: [hidden, Dense: {units: 3, activation: softmax}]
  size: [hidden, Dense: 1]
outputs:
  kind: {loss: sparse_categorical_crossentropy, metrics: [accuracy]}
  size: {loss: mse}
training: {optimizer: adam, batch_size: 8}
"

toy_data <- function(n = 24) {
  kinds <- c("low", "mid", "high")
  list(
    x = list(a = array(sin(seq_len(n * 6)), c(n, 3, 2)), b = matrix(cos(seq_len(n * 2)), n)),
    y = list(kind = factor(rep(kinds, length.out = n), levels = kinds), size = sin(seq_len(n)))
  )
}

test_that("the catalogue is a tibble", {
  skip_without_python()
  models <- zoo_list()
  expect_s3_class(models, "tbl_df")
  expect_true("hrnn_lob" %in% models$name)
  expect_equal(nrow(zoo_list("no such model")), 0)
})

test_that("a check reports every mistake with its place", {
  skip_without_python()
  report <- zoo_check(text = sub("pooled, b]", "poold, b]", page, fixed = TRUE))
  expect_false(report$ok)
  expect_true("G101" %in% report$diagnostics$code)
  expect_true(zoo_check(text = page)$ok)
  error <- tryCatch(zoo_model(text = sub("pooled, b]", "poold, b]", page, fixed = TRUE)), speczoo_error = identity)
  expect_s3_class(error, "speczoo_spec_error")
  expect_equal(error$diagnostics$line[error$diagnostics$code == "G101"], 8)
  error <- tryCatch(zoo_model(text = page, unts = 3), speczoo_spec_error = identity)
  expect_equal(error$diagnostics$help, "did you mean `units`?")
})

test_that("several inputs and outputs go by name and in order, and factors come back", {
  skip_without_python()
  data <- toy_data()
  model <- zoo_model(text = page, units = 5, seed = 3)
  expect_named(model$outputs, c("kind", "size"))
  history <- fit(model, data$x, data$y, epochs = 2)
  expect_equal(model$num_epochs, 2L)
  expect_length(history$metrics$loss, 2)
  raw <- predict(model, data$x)
  expect_equal(dim(raw$kind), c(24L, 3L))
  expect_equal(raw, predict(model, unname(data$x)))
  expect_equal(raw, predict(model, rev(data$x)))
  prob <- predict(model, data$x, type = "prob")$kind
  expect_named(prob, c(".pred_low", ".pred_mid", ".pred_high"))
  expect_equal(unname(as.matrix(prob)), raw$kind, tolerance = 1e-6)
})

test_that("classes come back with the levels they were given with", {
  skip_without_python()
  single <- sub("  size: [hidden, Dense: 1]\n", "", sub("  size: {loss: mse}\n", "", page, fixed = TRUE), fixed = TRUE)
  data <- toy_data()
  model <- zoo_model(text = single, seed = 3)
  fit(model, data$x, data$y$kind, epochs = 1)
  classes <- predict(model, data$x, type = "class")
  expect_equal(levels(classes$.pred_class), c("low", "mid", "high"))
  raw <- predict(model, data$x)
  expect_equal(as.integer(classes$.pred_class), max.col(raw))
  relabelled <- factor(as.character(data$y$kind), levels = c("high", "low", "mid"))
  expect_equal(evaluate(model, data$x, relabelled), evaluate(model, data$x, data$y$kind))
  expect_snapshot(evaluate(model, data$x, factor(rep("hihg", 24))), error = TRUE)
})

test_that("a saved model predicts the same and keeps its levels", {
  skip_without_python()
  data <- toy_data()
  model <- zoo_model(text = page, seed = 3)
  fit(model, data$x, data$y, epochs = 1)
  file <- withr::local_tempfile(fileext = ".zoo")
  zoo_save(model, file)
  opened <- zoo_open(file)
  expect_equal(predict(opened, data$x), predict(model, data$x), tolerance = 1e-7)
  expect_equal(levels(predict(opened, data$x, type = "class")$kind$.pred_class), c("low", "mid", "high"))
})

test_that("compile keeps what is left out, and goes by order or by name", {
  skip_without_python()
  data <- toy_data()
  model <- zoo_model(text = page, seed = 3)
  full <- evaluate(model, data$x, data$y)
  model |> compile(loss_weights = c(kind = 0, size = 2))
  weighted <- evaluate(model, data$x, data$y)
  expect_equal(weighted[["loss"]], 2 * full[["size_loss"]], tolerance = 1e-5)
  model |> compile(loss_weights = list(0, 2))
  expect_equal(evaluate(model, data$x, data$y)[["loss"]], weighted[["loss"]])
  expect_snapshot(error = TRUE, {
    compile(model, loss_weights = c(kind = 1, siz = 2))
    compile(model, loss_weights = c(1, 2, 3))
    compile(model, loss = list(kind = "mse", "mae"))
  })
})

test_that("the same seed in R gives the same model", {
  skip_without_python()
  data <- toy_data()
  losses <- lapply(1:2, function(i) {
    set.seed(11)
    fit(zoo_model(text = page), data$x, data$y, epochs = 1)$metrics$loss
  })
  expect_identical(losses[[1]], losses[[2]])
})

test_that("the mistakes people make end in words they can act on", {
  skip_without_python()
  model <- zoo_model(text = page, seed = 3)
  data <- toy_data()
  bad <- data$x$a
  bad[2, 3, 1] <- NA
  integers <- data$x
  integers$b <- matrix(c(1L, NA, 3:48), 24)
  expect_snapshot(error = TRUE, {
    fit(model, list(a = bad, b = data$x$b), data$y)
    fit(model, integers, data$y)
    fit(model, list(a = data$x$a, bb = data$x$b), data$y)
    fit(model, list(a = data$x$a, data$x$b), data$y)
    fit(model, data$x$a, data$y)
    fit(model, list(a = aperm(data$x$a, c(1, 3, 2)), b = data$x$b), data$y)
    fit(model, list(a = data$x$a[1, , ], b = data$x$b), data$y)
    fit(model, list(a = data$x$a, b = letters), data$y)
    fit(model, data$x, list(kind = rep(1:3, 8), size = data$y$size))
    zoo_open("no-such-file.zoo")
    zoo_open(tempdir())
    zoo_spec("hrnn_lbo")
    zoo_save(model, "/no/such/folder/m.zoo")
  }, transform = function(lines) gsub(tempdir(), "<tempdir>", lines, fixed = TRUE))
})

test_that("a graph is drawn into a file", {
  skip_without_python()
  file <- withr::local_tempfile(fileext = ".svg")
  plot(zoo_spec(text = page), file = file)
  expect_match(readChar(file, 500), "<svg", fixed = TRUE)
})

test_that("a model from an earlier session says so", {
  skip_without_python()
  model <- zoo_model(text = page, seed = 3)
  file <- withr::local_tempfile()
  saveRDS(model, file)
  old <- readRDS(file)
  assign("process", "another", envir = old$handle)
  expect_snapshot(predict(old, 1), error = TRUE)
})
