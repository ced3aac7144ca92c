# The rest of what Python can do, against Python itself.

dense <- "
spec: 1
name: dense
params: {lookback: 3, columns: 2}
inputs: {past: {shape: [=lookback, =columns]}}
graph: {flat: [past, Flatten], hidden: [flat, {Dense: {units: 4, activation: tanh}}], y: [hidden, {Dense: 1}]}
outputs: {y: {loss: mse}}
training: {optimizer: adam, batch_size: 32, seed: 1}
"
classes <- sub("loss: mse", "loss: sparse_categorical_crossentropy", fixed = TRUE,
               sub("{Dense: 1}", "{Dense: {units: 2, activation: softmax}}", dense, fixed = TRUE))

indices <- function(n = 200) {
  frame <- as.data.frame(EuStockMarkets)[seq_len(n), ]
  frame$day <- as.Date("1991-07-01") + seq_len(n)
  frame
}

test_that("texts of specs: resolved, filled, compared, begun, laid out", {
  skip_without_python()
  resolved <- zoo_resolve("hrnn_lob", window = 50)
  expect_equal(resolved$values$inputs$book$shape, c(50L, 20L, 1L))
  expect_true(zoo_check(text = resolved$text)$ok)
  expect_equal(zoo_resolve(text = dense, columns = 5)$values$inputs$past$shape, c(3L, 5L))
  origins <- zoo_resolve("hrnn_lob", window = 50, origin = TRUE)
  row <- origins[origins$path == "data.window", ]
  expect_match(row$value, "length: 50", fixed = TRUE)
  expect_equal(row$expression, "=window")
  expect_match(row$file, "hrnn_lob.yaml$")
  expect_match(zoo_fill(text = dense)$text, "use_bias: true", fixed = TRUE)
  expect_true("use_bias" %in% zoo_fill("hrnn_lob")$added$argument)
  expect_true(zoo_diff("hrnn_lob", "hrnn_lob")$same)
  difference <- zoo_diff("hrnn_lob", zoo_spec("hrnn_lob", row_units = 64))
  expect_false(difference$same)
  expect_equal(difference$changes$after, c("64", "64"))
  begun <- zoo_new("table", name = "indices", inputs = "past:20x4", outputs = c("price", "side:2"))
  expect_true(zoo_check(text = begun$text)$ok)
  expect_named(zoo_spec(text = begun$text)$inputs, "past")
  expect_equal(zoo_fmt(text = begun$text)$text, begun$text)
  expect_match(zoo_schema(), "\"$schema\"", fixed = TRUE)
  expect_error(zoo_new(inputs = "past:20by4"), class = "speczoo_error")
  expect_error(zoo_fill("no_such_model"), class = "speczoo_error")
})

test_that("weights come out by name and go in by name, or not at all", {
  skip_without_python()
  model <- zoo_model(text = dense, seed = 1)
  weights <- get_weights(model)
  expect_named(weights, c("hidden", "y"))
  expect_equal(dim(weights$hidden$kernel), c(6L, 4L))
  x <- array(sin(1:24), c(4, 3, 2))
  by_hand <- tanh(matrix(aperm(x, c(1, 3, 2)), 4) %*% weights$hidden$kernel) %*% weights$y$kernel
  expect_equal(predict(model, x), by_hand, tolerance = 1e-5)
  other <- zoo_model(text = dense, seed = 2)
  expect_identical(set_weights(other, weights), other)
  expect_identical(predict(other, x), predict(model, x))
  set_weights(other, list(y = list(bias = 1)))
  expect_equal(predict(other, x), predict(model, x) + 1, tolerance = 1e-6)
  expect_snapshot(error = TRUE, {
    set_weights(model, list(hiden = list(kernel = 1)))
    set_weights(model, list(hidden = list(kernl = 1)))
    set_weights(model, list(hidden = list(kernel = matrix(0, 4, 6))))
    set_weights(model, list(hidden = list(bias = c(1, NA, 3, 4))))
    set_weights(model, list(hidden = matrix(0, 6, 4)))
    set_weights(model, weights[["y"]])
    set_weights(model, unname(weights))
    get_weights(model, "hidde")
    freeze(model, c("hidden", "nothing_like_it"))
  })
  expect_identical(get_weights(model), weights)
})

test_that("frozen layers do not learn, and tidy() and glance() say so", {
  skip_without_python()
  model <- zoo_model(text = dense, seed = 1)
  x <- array(sin(1:60), c(10, 3, 2))
  fit(model, x, cos(1:10))
  before <- get_weights(model)
  freeze(model, "hidden")
  fit(model, x, cos(1:10))
  expect_identical(get_weights(model, "hidden"), before["hidden"])
  expect_false(identical(get_weights(model, "y"), before["y"]))
  layers <- tidy(model)
  expect_equal(layers$trainable[layers$layer == "hidden"], FALSE)
  expect_equal(glance(model)[c("parameters", "trainable_parameters", "epochs")],
               tibble::tibble(parameters = 33L, trainable_parameters = 5L, epochs = 2L))
  expect_equal(unfreeze(model)$num_trainable, 33L)
})

test_that("a formula trains on a data frame, and predictions stand in its rows and units", {
  skip_without_python()
  frame <- indices()
  model <- zoo_train(zoo_spec(text = dense), DAX ~ DAX + SMI, data = frame, epochs = 2)
  predicted <- predict(model, frame, type = "numeric")
  expect_equal(nrow(predicted), 200)
  expect_equal(which(is.na(predicted$.pred)), 1:2)
  raw <- predict(model, frame)
  expect_length(raw, 198)
  # zscore of the training rows: a straight line leads from the raw numbers to the column's unit.
  expect_equal(cor(predicted$.pred[-(1:2)], raw[, 1]), 1)
  expect_lt(abs(mean(predicted$.pred, na.rm = TRUE) - mean(frame$DAX)), 3 * sd(frame$DAX))
  unscaled <- zoo_train(zoo_spec(text = dense), DAX ~ DAX + SMI, data = frame, epochs = 1, scale = "none")
  expect_equal(predict(unscaled, frame, type = "numeric")$.pred[-(1:2)], predict(unscaled, frame)[, 1], tolerance = 1e-6)
  found <- augment(model, frame)
  holed <- replace(frame, "DAX", replace(frame$DAX, 7, NA))
  section <- "data: {kind: table, inputs: {past: {columns: [DAX, SMI], lookback: 3}}, targets: {y: {column: DAX, type: numeric}}}"
  cleaned <- zoo_train(text = paste0(dense, section), data = holed, epochs = 0, clean = "drop")
  expect_match(cleaned$about_data, "199 rows")
  tested <- augment(model)
  expect_equal(tested$.pred, found$.pred[tested$.row], tolerance = 1e-6)
  expect_named(found, c(names(frame), ".pred"))
  expect_identical(augment(zoo_unpack(zoo_pack(model)), frame), found)
  series <- zoo_train(zoo_spec(text = dense), DAX ~ DAX + SMI, data = EuStockMarkets, epochs = 1)
  expect_equal(nrow(predict(series, EuStockMarkets, type = "numeric")), 1860)
  # the last rows, in each form that R users cut them out in
  whole <- tail(predict(series, EuStockMarkets, type = "numeric")$.pred, 1)
  last <- function(rows) tail(suppressMessages(predict(series, rows, type = "numeric"))$.pred, 1)
  expect_equal(last(tail(EuStockMarkets, 20)), whole, tolerance = 1e-6)
  expect_equal(last(tail(as.data.frame(EuStockMarkets), 20)), whole, tolerance = 1e-6)
  expect_message(predict(series, tail(EuStockMarkets, 20)), class = "speczoo_order_message")
})

test_that("a formula keeps what the spec says of windows: without an axis of columns, of several steps and inputs", {
  skip_without_python()
  series <- as.data.frame(EuStockMarkets)[1:300, ]
  steps <- zoo_train("nbeats_generic", DAX ~ DAX, data = series, horizon = 3, lookback = 6, blocks = 2, width = 4, epochs = 0)
  expect_named(predict(steps, series, type = "numeric"), c(".pred_1", ".pred_2", ".pred_3"))
  forced <- zoo_train(
    "seq2seq_lstm", DAX ~ DAX + SMI | DAX, data = series, lookback = 8, steps = 2, series = 2, units = 2, epochs = 0
  )
  expect_named(forced$inputs, c("past", "before"))
  expect_equal(forced$inputs$past, "8 x 2")
  several <- zoo_train(
    "dlinear", DAX + SMI ~ DAX + SMI, data = series, lookback = 30, horizon = 1, series = 2, average = 5, epochs = 0
  )
  expect_equal(several$outputs$future, "1 x 2")
  expect_match(several$about, "`dlinear` of DAX, SMI, to give DAX, SMI", fixed = TRUE)
  long <- predict(several, series, type = "numeric")
  expect_named(long, c(".row", ".step", ".column", ".pred"))
  expect_equal(long$.row, rep(30:300, each = 2))
  expect_equal(long$.column[1:2], c("DAX", "SMI"))
  expect_equal(nrow(predict(several, type = "numeric")), nrow(augment(several)))
})

test_that("arrays say whether they are scaled where a model's columns were", {
  skip_without_python()
  frame <- indices(60)
  model <- zoo_train(zoo_spec(text = dense), DAX ~ DAX + SMI, data = frame, epochs = 0)
  windows <- zoo_windows(frame, 3, columns = c("DAX", "SMI"))$x
  by_row <- predict(model, frame, type = "numeric")$.pred[-(1:2)]
  expect_equal(predict(model, windows, type = "numeric", scaled = FALSE)$.pred, by_row, tolerance = 1e-6)
  seen <- zoo_part(model, "test")$x
  expect_equal(predict(model, seen, scaled = TRUE), predict(model), tolerance = 1e-6)
  expect_error(predict(model, windows), "scaled = FALSE", class = "speczoo_train_scaled")
  w <- zoo_windows(frame, 3, target = "DAX", columns = c("DAX", "SMI"))
  expect_error(evaluate(model, w), "scaled = FALSE", class = "speczoo_train_scaled")
  expect_error(fit(model, w), "scaled = FALSE", class = "speczoo_train_scaled")
  expect_lt(evaluate(model, w, scaled = FALSE)[["loss"]], 100)
  expect_s3_class(fit(model, w, scaled = FALSE), "speczoo_history")
  expect_error(predict(model, windows, scaled = "no"), "TRUE or FALSE", class = "speczoo_argument_error")
})

test_that("the windows of a table and of zoo_windows() are the same", {
  skip_without_python()
  frame <- indices(60)
  model <- zoo_train(zoo_spec(text = dense), DAX ~ DAX + SMI, data = frame, epochs = 0, scale = "none")
  w <- zoo_windows(frame, 3, target = "DAX", columns = c("DAX", "SMI"))
  expect_equal(predict(model, w$x), predict(model, frame)[-58, , drop = FALSE], tolerance = 1e-6)
  expect_error(zoo_windows(frame, 70, columns = "DAX"), "no window", class = "speczoo_data_window")
})

test_that("series of several groups keep their rows, and factors their levels", {
  skip_without_python()
  frame <- data.frame(
    day = rep(as.Date("2024-01-01") + 0:79, each = 2), symbol = rep(c("b", "a"), 80), a = sin(1:160), b = cos(1:160)
  )
  frame$side <- factor(ifelse(frame$a > 0, "up", "down"), levels = c("up", "down"))
  model <- zoo_train(zoo_spec(text = classes), side ~ a + b, data = frame, group = "symbol", epochs = 1)
  found <- augment(model, frame)
  expect_equal(which(is.na(found$.pred_class)), 1:4)
  expect_equal(levels(found$.pred_class), c("up", "down"))
  expect_named(found[-(1:5)], c(".pred_class", ".pred_up", ".pred_down"))
  expect_equal(as.character(found$.pred_class[-(1:4)]), ifelse(found$.pred_up > found$.pred_down, "up", "down")[-(1:4)])
  alone <- augment(model, frame[frame$symbol == "a", ])
  expect_equal(alone$.pred_up, found$.pred_up[frame$symbol == "a"], tolerance = 1e-6)
})

test_that("what a formula gives and a model takes must agree", {
  skip_without_python()
  frame <- indices(40)
  frame$name <- "x"
  expect_snapshot(error = TRUE, {
    zoo_train(zoo_spec(text = dense), DAX ~ ., data = frame)
    zoo_train(zoo_spec(text = dense), DAX ~ DAX | SMI, data = frame)
    zoo_train(zoo_spec(text = dense), DAX ~ DAX + SMY, data = frame)
    zoo_train(zoo_spec(text = dense), DAX ~ DAX + name, data = frame)
    zoo_train("dense_net", DAX ~ SMI, data = frame)
    zoo_train("hrnn_lob", DAX ~ SMI, data = frame)
    zoo_train(zoo_spec(text = classes), DAX ~ DAX + SMI, data = frame)
    zoo_train(zoo_spec(text = dense), DAX ~ DAX + SMI, data = frame, lookbck = 3)
    zoo_train("lstm_stateless", DAX ~ DAX + SMI + CAC, data = frame, lookback = 4)
    zoo_train("lstm_stateless", DAX ~ DAX + SMI, data = replace(frame, "DAX", c(1, NA, 3:40)), lookback = 4)
    zoo_train("lstm_stateless", name ~ DAX + SMI, data = frame, lookback = 4)
    zoo_train("lstm_stateless", data = frame)
    augment(zoo_unpack(zoo_pack(zoo_train(zoo_spec(text = dense), DAX ~ DAX + SMI, data = frame, epochs = 0))))
    predict(zoo_model("lstm_stateless", lookback = 4), as.matrix(frame[c("DAX", "SMI")]))
    evaluate(zoo_unpack(zoo_pack(zoo_train(zoo_spec(text = dense), DAX ~ DAX + SMI, data = frame, epochs = 0))))
  })
})

test_that("books are read and simulated as tibbles", {
  skip_without_python()
  book <- zoo_data_simulate(300, levels = 3, seed = 1)
  expect_s3_class(book, "tbl_df")
  expect_identical(book, zoo_data_simulate(300, levels = 3, seed = 1))
  file <- withr::local_tempfile(fileext = ".csv")
  utils::write.csv(book, file, row.names = FALSE)
  read <- zoo_data_orderbook(file, levels = 2)
  expect_equal(read$ask_price_2, book$ask_price_2)
  expect_equal(attr(read, "counts")[["rows"]], 300)
  expect_false("ask_price_3" %in% names(read))
  expect_error(zoo_data_orderbook("no-such.csv"), class = "speczoo_data_no_file")
  folder <- withr::local_tempdir()
  book$time_ns <- as.numeric(seq_len(300)) * 1e9
  days <- file.path(folder, c("day1.csv", "day2.csv"))
  utils::write.csv(book, days[1], row.names = FALSE)
  book$time_ns <- book$time_ns + 1e12
  utils::write.csv(book, days[2], row.names = FALSE)
  both <- zoo_data_orderbook(days)
  expect_equal(unique(both$session), basename(days))
  expect_identical(zoo_data_orderbook(folder), both)
  expect_equal(nrow(zoo_data_orderbook(file.path(folder, "day*.csv"), clean = list(opening = 1))), 480)
  expect_error(zoo_data_orderbook(folder, clean = list(open = 1)), class = "speczoo_data_clean")
  expect_error(zoo_data_simulate(10, levels = 99), class = "speczoo_data_simulate")
})

test_that("Keras models go out to reticulate and come in again", {
  skip_without_python()
  model <- zoo_model(text = dense, seed = 1)
  x <- array(sin(1:24), c(4, 3, 2))
  if (!reticulate::py_available()) {
    expect_error(zoo_keras(model), class = "speczoo_python_error")
    return()
  }
  keras <- zoo_keras(model)
  expect_equal(as.integer(reticulate::py_to_r(keras$count_params())), 33L)
  spec <- zoo_from_keras(keras)
  expect_s3_class(spec, "speczoo_spec")
  expect_equal(zoo_model(spec, seed = 1)$num_parameters, 33L)
  expect_identical(predict(zoo_from_keras(keras, weights = TRUE), x), predict(model, x))
  file <- withr::local_tempfile(fileext = ".keras")
  keras$save(file)
  expect_equal(zoo_import(file)$name, "dense")
  expect_identical(predict(zoo_from_keras(file, weights = TRUE), x), predict(model, x))
  keras$get_layer("y")$bias$assign(list(5))
  expect_equal(get_weights(model)$y$bias, 5)
  expect_error(zoo_from_keras(reticulate::import("sys")), class = "speczoo_error")
  expect_error(zoo_import("no-such.keras"), class = "speczoo_error")
})

test_that("heads follow from the service's maps, as lists or as JSON, and come back in units and labels", {
  skip_without_python()
  encoders <- list(side = list(categories = c("up", "down")))
  frame <- indices(120)
  frame$side <- ifelse(c(0, diff(frame$DAX)) > 0, "up", "down")
  names(frame)[names(frame) == "DAX"] <- "dax"
  spec <- zoo_spec(
    "multi_output_regressor", columns = c("dax", "SMI"), rows = 4, units1 = 2, units2 = 2,
    target_types = c(dax = "numeric", side = "categorical"),
    target_encoders = '{"side": {"categories": ["up", "down"]}}'
  )
  listed <- zoo_spec(
    "multi_output_regressor", columns = c("dax", "SMI"), rows = 4, units1 = 2, units2 = 2,
    target_types = list(dax = "numeric", side = "categorical"), target_encoders = encoders
  )
  expect_equal(format(spec), format(listed))
  frame$time <- frame$day
  model <- zoo_train(spec, frame, epochs = 1, verbose = 0)
  found <- augment(model, frame)
  expect_true(all(c("dax.pred", "side.pred_class", "side.pred_up", "side.pred_down") %in% names(found)))
  expect_equal(levels(found$side.pred_class), c("up", "down"))
  expect_lt(abs(mean(found$dax.pred, na.rm = TRUE) - mean(frame$dax)), 3 * sd(frame$dax))
})

test_that("a run goes on where it was broken off, and is not replaced unasked", {
  skip_without_python()
  out <- withr::local_tempdir()
  train <- function(...) zoo_train("lstm_stateless", lookback = 4, units = 2, epochs = 3, seed = 1, out = out, ...)
  whole <- zoo_train("lstm_stateless", lookback = 4, units = 2, epochs = 3, seed = 1)
  expect_error(
    train(callbacks = list(on_epoch_begin = function(epoch, logs) if (epoch == 3) stop("enough"))),
    class = "speczoo_callback_error"
  )
  expect_snapshot(train(), error = TRUE, transform = function(lines) gsub(out, "OUT", lines, fixed = TRUE))
  went_on <- train(resume = TRUE)
  expect_equal(went_on$history$metrics, whole$history$metrics)
  expect_equal(get_weights(went_on), get_weights(whole))
  expect_equal(get_weights(train(resume = TRUE)), get_weights(whole))
  expect_snapshot(train(resume = "yes"), error = TRUE)
  expect_equal(get_weights(train(overwrite = TRUE)), get_weights(whole))
})
