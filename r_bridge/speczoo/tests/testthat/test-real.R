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
  expect_true("orderbook" %in% models$tags[[which(models$name == "hrnn_lob")]])
  expect_equal(nrow(zoo_list("no such model")), 0)
})

test_that("the catalogue filters and sorts", {
  skip_without_python()
  small <- zoo_list(tag = c("orderbook", "classification"), input = "orderbook", max_params = "20k", sort = "params")
  expect_true(all(c("lob_lstm", "hrnn_lob") %in% small$name))
  expect_identical(zoo_list("rnn_sine")$published, NA_real_)
  expect_false(is.unsorted(small$parameters))
  expect_lte(max(small$parameters), 20000)
  expect_equal(small$published[small$name == "hrnn_lob"], 12771)
  unknown <- zoo_list()$published
  expect_true(anyNA(unknown) && !any(is.nan(unknown)))
  expect_equal(small$inputs[small$name == "hrnn_lob"], "book (100 x 20 x 1)")
  expect_error(zoo_list(input = "orderbok"), "orderbook", class = "speczoo_error")
  expect_error(zoo_list(min_params = "ten"), "10k", class = "speczoo_error")
})

test_that("a card prints as a page and holds R's values", {
  skip_without_python()
  withr::local_options(width = 70)
  card <- zoo_show("deeplob")
  expect_s3_class(card, "speczoo_card")
  printed <- capture.output(print(card))
  expect_equal(printed, format(card))
  expect_equal(printed[[1]], "deeplob")
  expect_lte(max(nchar(printed)), 70)
  expect_true(any(grepl('plot(zoo_model("deeplob"))', printed, fixed = TRUE)))
  expect_equal(card$inputs$book$shape, c(100L, 40L, 1L))
  expect_equal(card$params$units$tune, c(32L, 64L, 128L))
  expect_equal(card$parameters, card$published)
  expect_equal(card$uncounted, character())
  wider <- zoo_show("hrnn_lob", row_units = 64)
  expect_equal(wider$params$row_units$value, 64L)
  expect_equal(zoo_show(zoo_spec("hrnn_lob", row_units = 64))$parameters, wider$parameters)
  expect_named(zoo_show(text = page)$outputs, c("kind", "size"))
  expect_error(zoo_show("deeplb"), "deeplob", class = "speczoo_error")
})

test_that("a check reports every mistake with its place", {
  skip_without_python()
  report <- zoo_check(text = sub("pooled, b]", "poold, b]", page, fixed = TRUE))
  expect_false(report$ok)
  expect_true("G101" %in% report$diagnostics$code)
  expect_identical(as.data.frame(report), as.data.frame(report$diagnostics))
  expect_named(
    as.data.frame(report),
    c("code", "level", "message", "file", "line", "column", "end_line", "end_column", "help")
  )
  expect_true(zoo_check(text = page)$ok)
  error <- tryCatch(zoo_model(text = sub("pooled, b]", "poold, b]", page, fixed = TRUE)), speczoo_error = identity)
  expect_s3_class(error, "speczoo_spec_error")
  # a condition that passed for a spec would be printed as one
  expect_false(inherits(error, "speczoo_spec"))
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
  run <- zoo_train(zoo_spec(text = single), list(data$x, data$y$kind), epochs = 1, seed = 3)
  weights <- c(low = 1, mid = 2, high = 1)
  by_level <- zoo_train(zoo_spec(text = single), list(data$x, data$y$kind), epochs = 1, seed = 3, class_weight = weights)
  numbered <- zoo_train(
    zoo_spec(text = single), list(data$x, data$y$kind), epochs = 1, seed = 3, class_weight = setNames(weights, 0:2)
  )
  expect_equal(by_level$history$metrics, numbered$history$metrics)
  expect_false(identical(by_level$history$metrics$loss, run$history$metrics$loss))
  judged <- evaluate(run)
  expect_equal(dimnames(judged$confusion), list(true = c("low", "mid", "high"), predicted = c("low", "mid", "high")))
  expect_equal(sum(judged$confusion), nrow(augment(run)))
  expect_equal(run$metrics, judged$metrics)
  expect_match(judged$text, "low  mid  high")
  expect_no_match(judged$text, "windows")
  relabelled <- factor(as.character(data$y$kind), levels = c("high", "low", "mid"))
  expect_equal(evaluate(model, data$x, relabelled), evaluate(model, data$x, data$y$kind))
  expect_snapshot(evaluate(model, data$x, factor(rep("hihg", 24))), error = TRUE)
  fresh <- zoo_model(text = single, seed = 3)
  unused <- factor(data$y$kind, levels = c("none", levels(data$y$kind)))
  expect_snapshot(error = TRUE, {
    fit(fresh, data$x, unused)
    fit(fresh, data$x, factor(rep(c("low", "high"), 12)))
    zoo_train(zoo_spec(text = single), list(data$x, unused), epochs = 0)
  })
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
    compile(model, loss = list(kind = list(SparseCategoricalCrossentropy = list(from_logits = TRUE))))
    compile(model, loss = c(kind = "crossentropy", size = "mse"))
    compile(model, loss = c(kind = "binary_crossentropy", size = "binary_crossentropy"))
    compile(model, metrics = list(kind = "acuracy"))
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
    fit(model, data$x, data$y, class_weight = c(1, 2, 3))
    fit(model, data$x, data$y, class_weight = list(kind = c(1, 2, 3)))
    fit(model, data$x, data$y, class_weight = list(kind = c(low = 1, tall = 2)))
    zoo_open("no-such-file.zoo")
    zoo_open(tempdir())
    zoo_spec("hrnn_lbo")
    zoo_save(model, "/no/such/folder/m.zoo")
  }, transform = function(lines) gsub(tempdir(), "<tempdir>", lines, fixed = TRUE))
})

numbers_page <- "
spec: 1
name: numbers
inputs: {a: {shape: [2]}}
graph: {y: [a, {Dense: 1}]}
outputs: {y: {loss: mse, metrics: [mae]}}
"

test_that("a data frame's columns go by name after the first fit, also in a bundle", {
  skip_without_python()
  model <- zoo_model(text = numbers_page, seed = 1)
  data <- data.frame(u = sin(1:12), v = cos(1:12))
  expect_error(fit(model, data[2:1], letters[1:12]), class = "speczoo_value_error")
  expect_named(fit(model, data, data$u)$metrics, c("loss", "mae"))
  predicted <- predict(model, data)
  expect_equal(predict(model, cbind(more = 0, data[2:1])), predicted)
  expect_equal(predict(model, as.matrix(data)), predicted)
  expect_equal(evaluate(model, data[2:1], data$u), evaluate(model, data, data$u))
  file <- withr::local_tempfile(fileext = ".zoo")
  zoo_save(model, file)
  expect_equal(predict(zoo_open(file), data[2:1]), predicted)
  trained <- zoo_train(zoo_spec(text = numbers_page), list(y = data$u, x = data), epochs = 1, seed = 1)
  expect_equal(predict(trained, data[2:1]), predict(trained, data))
  expect_snapshot(error = TRUE, {
    predict(model, data.frame(u = 1, V = 2))
    predict(model, data.frame(u = 1, w = 2))
    fit(model, data.frame(u = 1:2, v = as.Date("2024-01-01") + 0:1), 1:2)
  })
})

test_that("no row gives no row", {
  skip_without_python()
  model <- zoo_model(text = page, seed = 3)
  none <- list(a = array(0, c(0, 3, 2)), b = matrix(0, 0, 2))
  expect_equal(dim(predict(model, none)$kind), c(0L, 3L))
  expect_equal(nrow(predict(model, none, type = "class")$kind), 0)
  expect_named(predict(model, none, type = "numeric")$kind, c(".pred_0", ".pred_1", ".pred_2"))
})

test_that("what the targets or the data lack is said in R's words", {
  skip_without_python()
  model <- zoo_model(text = numbers_page, seed = 1)
  x <- matrix(sin(1:12), 6)
  expect_snapshot(error = TRUE, {
    fit(model, x, factor(rep(c("a", "b"), 3)))
    fit(model, x, rep(c(TRUE, FALSE), 3))
    fit(model, x, rep(c("a", "b"), 3))
    evaluate(model, x)
    evaluate(model)
    predict(model)
    zoo_part(model)
    predict(model, x[1, ])
    fit(model, x, cbind(1:6, 1:6))
    zoo_train(zoo_spec(text = numbers_page))
    zoo_spec("nothing_like_it")
    zoo_train(zoo_spec(text = numbers_page), list(x = x, y = factor(1:6)))
    zoo_train(zoo_spec(text = numbers_page), list(x = x, y = 1:6), clean = "drop")
  })
  expect_output(zoo_rule("g201"), "G201")
  expect_error(zoo_rule("G999"), "no rule", class = "speczoo_rule_unknown")
})

test_that("an epoch that a callback failed after is in the history", {
  skip_without_python()
  model <- zoo_model(text = numbers_page, seed = 1)
  said <- function(epoch, logs) if (epoch == 2) stop("the disk is full")
  error <- tryCatch(
    fit(model, matrix(sin(1:12), 6), 1:6, epochs = 3, callbacks = list(on_epoch_end = said)),
    speczoo_callback_error = identity
  )
  expect_equal(conditionMessage(error$parent), "the disk is full")
  expect_length(model$history$metrics$loss, 2)
})

test_that("toys and simulations of other seeds are data too", {
  skip_without_python()
  run <- zoo_train("rnn_sine", list(toy = "sine", samples = 300, seed = 3), epochs = 1)
  expect_match(run$about_data, "toy data.*seed 3")
  expect_match(evaluate(run, list(toy = "sine", samples = 150, seed = 4))$text, "seed 4")
  expect_error(zoo_train("rnn_sine", list(toy = "sin"), epochs = 0), "sin", class = "speczoo_data_error")
})

test_that("an optimizer with arguments arrives as a map", {
  skip_without_python()
  model <- zoo_model(text = numbers_page, seed = 1)
  compile(model, optimizer = list(Adam = list(learning_rate = 1e-3)))
  expect_length(fit(model, matrix(sin(1:12), 6), 1:6)$metrics$loss, 1)
})

test_that("a graph is drawn into a file", {
  skip_without_python()
  file <- withr::local_tempfile(fileext = ".svg")
  plot(zoo_spec(text = page), file = file)
  expect_match(readChar(file, 500), "<svg", fixed = TRUE)
})

test_that("a model from an earlier session that carries nothing says so", {
  skip_without_python()
  withr::local_options(speczoo.keep = FALSE)
  old <- unserialize(serialize(zoo_model(text = page, seed = 3), NULL))
  expect_snapshot(predict(old, 1), error = TRUE)
})
