small_lob <- function(...) zoo_train("hrnn_lob", window = 5, row_units = 2, window_units = 2, epochs = 0, seed = 1, ...)

test_that("a predictor gives what the model gives, of every type and kind of data", {
  skip_without_python()
  m <- small_lob()
  p <- zoo_predictor(m)
  expect_s3_class(p, "speczoo_predictor")
  expect_output(print(p), "<predictor hrnn_lob>")
  x <- zoo_part(m, rows = 1:40)$x
  expect_equal(predict(p, x), predict(m, x), tolerance = 1e-5)
  expect_equal(predict(p, x, type = "class"), predict(m, x, type = "class"))
  expect_equal(predict(p, type = "prob"), predict(m, type = "prob"), tolerance = 1e-5)
  book <- as.data.frame(zoo_data_simulate(snapshots = 60, levels = 10, seed = 3))
  expect_equal(predict(p, book), predict(m, book), tolerance = 1e-5)
  expect_equal(zoo_predictor(m, engine = "keras")$engine, "keras")
})

test_that("a predictor and a stream tell what they are on a screen, and have no picture", {
  skip_without_python()
  m <- small_lob()
  p <- zoo_predictor(m, engine = factor("keras"))
  said <- capture.output(expect_identical(summary(p), p))
  expect_match(said, "engine: +keras$", all = FALSE)
  expect_match(said, "book (5 x 20 x 1)", fixed = TRUE, all = FALSE)
  expect_match(said, "direction (down, stationary, up)", fixed = TRUE, all = FALSE)
  expect_output(summary(zoo_predictor(m, threads = 1)), "of the largest output")
  s <- zoo_stream(m)
  zoo_push(s, zoo_data_simulate(snapshots = 1, levels = 10, seed = 3))
  expect_output(summary(s), "snapshots, one at a time; 5 a window")
  expect_output(summary(s), "pushed: +1 since it began")
  expect_error(plot(p), "plot(model) draws the model's graph", fixed = TRUE, class = "speczoo_argument_error")
  expect_error(plot(s), "a stream has no picture", class = "speczoo_argument_error")
  expect_error(summary(p, digits = 2), class = "speczoo_argument_error")
})

test_that("truth values are no sizes of a book", {
  skip_without_python()
  m <- small_lob()
  book <- as.data.frame(zoo_data_simulate(snapshots = 20, levels = 10, seed = 3))
  book$ask_size_1 <- book$ask_size_1 > 5
  wrong <- "`ask_size_1` holds truth values, and a size is a number"
  expect_error(predict(m, book), wrong, class = "speczoo_data_error")
  expect_error(zoo_push(zoo_stream(m), book[1, ]), wrong, class = "speczoo_data_error")
  expect_error(zoo_push(zoo_stream(m), as.list(book[1, ])), wrong, class = "speczoo_data_error")
})

test_that("what cannot be is told", {
  skip_without_python()
  m <- small_lob()
  expect_error(zoo_predictor(m, engine = "onnxruntim"), "did you mean \"onnxruntime\"", class = "speczoo_argument_error")
  expect_error(zoo_predictor(m, threads = 0), "at least 1", class = "speczoo_argument_error")
  p <- zoo_predictor(m)
  expect_error(predict(p, tipe = "prob"), "did you mean `type`", class = "speczoo_argument_error")
  expect_error(predict(p, array(0, c(2, 3, 20, 1))), class = "speczoo_error")
  file <- withr::local_tempfile()
  saveRDS(p, file)
  expect_error(predict(readRDS(file)), "zoo_predictor(model)", fixed = TRUE, class = "speczoo_handle_stale")
})

test_that("a stream gives what predict gives, however its snapshots are written", {
  skip_without_python()
  m <- small_lob()
  s <- zoo_stream(m)
  expect_output(print(s), "snapshots, 5 a window")
  book <- as.data.frame(zoo_data_simulate(snapshots = 12, levels = 10, seed = 3))
  wanted <- predict(m, book)
  columns <- grep("_(price|size)_", names(book), value = TRUE)
  named <- as.matrix(book[columns])
  found <- lapply(seq_len(12), function(row) zoo_push(s, book[row, ]))
  expect_true(all(vapply(found[1:4], is.null, TRUE)))
  expect_named(found[[5]], c("down", "stationary", "up"))
  expect_equal(unname(do.call(rbind, found[5:12])), unname(wanted), tolerance = 1e-5)
  expect_output(print(s), "pushed: 12")
  for (write in list(function(row) row, unname, as.list)) {
    zoo_reset(s)
    again <- lapply(seq_len(12), function(row) zoo_push(s, write(named[row, ])))
    expect_equal(again, found, tolerance = 1e-6)
  }
})

test_that("a stream says what is wrong with a snapshot, and keeps nothing of it", {
  skip_without_python()
  s <- zoo_stream(small_lob())
  book <- as.data.frame(zoo_data_simulate(snapshots = 3, levels = 10, seed = 3))
  expect_error(zoo_push(s, book), "has 3 rows", class = "speczoo_argument_error")
  expect_error(zoo_push(s, c(1, 2, 3)), "multiple of four; received 3", class = "speczoo_stream_row")
  expect_error(zoo_push(s, c(ask_price_1 = 1)), "has no `ask_size_1`", class = "speczoo_stream_row")
  expect_error(zoo_push(s, rep(NA_real_, 40)), class = "speczoo_data_error")
  expect_error(zoo_push(s), "`snapshot` is missing", class = "speczoo_argument_error")
  expect_error(zoo_push(1, book[1, ]), "must be a stream", class = "speczoo_argument_error")
  expect_error(zoo_stream(small_lob(), engine = "tpu"), "must be one of", class = "speczoo_argument_error")
})

test_that("numbers of a model of arrays are pushed as it sees them", {
  skip_without_python()
  m <- zoo_model(text = "
spec: 1
name: moves
inputs: {past: {shape: [3, 2]}}
graph: {move: [past, Flatten, Dense: 1]}
outputs: {move: {loss: mse}}
", seed = 1)
  s <- zoo_stream(m)
  x <- matrix(rnorm(10), 5)
  found <- lapply(1:5, function(row) zoo_push(s, x[row, ]))
  expect_equal(found[[5]], as.vector(predict(m, array(x[3:5, ], c(1, 3, 2)))), tolerance = 1e-5)
  expect_error(zoo_push(s, c(1, 2, 3)), class = "speczoo_stream_row")
})

test_that("a bare NA is a missing number, and scaled features are taken by their names", {
  skip_without_python()
  rows <- data.frame(price = 100 + sin(1:60), volume = 10 + cos(1:60))
  m <- zoo_train("lstm_stateless", price ~ price + volume, rows, lookback = 3, epochs = 0, seed = 1, clean = "drop")
  s <- zoo_stream(m)
  for (row in 1:3) kept <- zoo_push(s, rows[row, ])
  bare <- rows[4, ]
  bare$price <- NA
  expect_null(zoo_push(s, bare))
  expect_null(zoo_push(s, list(price = NA, volume = 10)))
  expect_error(zoo_push(s, list(price = "a", volume = 10)), "not a number", class = "speczoo_data_error")
  for (row in 1:3) {
    forwards <- zoo_push(s, rows[row, ], scaled = TRUE)
    expect_false(is.null(forwards))
  }
  zoo_reset(s)
  for (row in 1:3) backwards <- zoo_push(s, rows[row, 2:1], scaled = TRUE)
  expect_equal(backwards, forwards)
})

test_that("a row of a matrix goes by the names of its columns", {
  skip_without_python()
  rows <- data.frame(price = 100 + sin(1:60), volume = 10 + cos(1:60))
  m <- zoo_train("lstm_stateless", price ~ price + volume, rows, lookback = 3, epochs = 0, seed = 1)
  s <- zoo_stream(m)
  for (row in 1:4) wanted <- zoo_push(s, rows[row, ])
  matrix <- as.matrix(rows[2:1])
  zoo_reset(s)
  for (row in 1:4) found <- zoo_push(s, matrix[row, , drop = FALSE])
  expect_equal(found, wanted)
  expect_error(zoo_push(s, matrix), "has 60 rows", class = "speczoo_argument_error")
})

test_that("each group of a table has a window of its own, and dates may stand in a list", {
  skip_without_python()
  rows <- data.frame(
    day = rep(as.Date("2024-01-01") + 0:29, each = 2), symbol = factor(rep(c("A", "B"), 30)),
    price = rep(c(1, 50), 30) + sin(1:60), volume = cos(1:60)
  )
  m <- zoo_train(
    "lstm_stateless", price ~ price + volume, rows, time = "day", group = "symbol", lookback = 3, epochs = 0, seed = 1
  )
  wanted <- predict(m, rows, type = "numeric")$.pred
  s <- zoo_stream(m)
  found <- vapply(1:60, function(row) {
    one <- rows[row, ]
    one$symbol <- as.character(one$symbol)
    zoo_push(s, if (row %% 3 == 0) as.list(one) else rows[row, ]) %||% NA_real_
  }, 0)
  expect_equal(is.na(found), is.na(wanted))
  expect_equal(found, wanted, tolerance = 1e-5)
  late <- rows[1, ]
  expect_error(zoo_push(s, late), "name each row's group, `symbol`", class = "speczoo_data_error")
  expect_error(zoo_push(s, transform(rows[60, ], day = 5)), "`day` is a number, and that of the row before is a date")
})

test_that("a book model that was trained with clean = \"drop\" predicts so, from a file, a frame and a stream", {
  skip_without_python()
  book <- as.data.frame(zoo_data_simulate(snapshots = 1000, levels = 10, seed = 3))
  book$ask_price_1[c(7, 200)] <- NA
  m <- zoo_train("hrnn_lob", data = book, window = 5, row_units = 2, window_units = 2, epochs = 0, seed = 1, clean = "drop")
  expect_match(m$about_data, "998 snapshots")
  expect_equal(nrow(predict(m, book)), 994)
  s <- zoo_stream(m)
  expect_true(is.null(zoo_push(s, book[7, ])))
  expect_output(summary(s), "left out by `clean` so far: 1")
})

test_that("what was saved and read again says that it is no longer alive, and a changed plan is printed as it is", {
  skip_without_python()
  p <- unserialize(serialize(zoo_predictor(small_lob()), NULL))
  expect_output(print(p), "no longer alive")
  expect_output(summary(p), "no longer alive")
  expect_error(predict(p), "saved and read again", class = "speczoo_handle_stale")
  whole <- new_view(list(frame = tibble::tibble(way = c("keras", "loops"), step = 1:2), text = "the text", name = "m"), "speczoo_plan")
  expect_output(print(whole), "the text")
  expect_output(print(whole[2:1, ]), "way.*loops.*keras")
  expect_output(print(whole[, "way"]), "way")
  expect_output(print(transform(whole, step = 9)), "9")
})

test_that("an empty path is no folder, and a model that was not trained on rows says so", {
  skip_without_python()
  m <- small_lob()
  expect_error(predict(m, ""), "empty text", class = "speczoo_data_no_file")
  file <- withr::local_tempfile(fileext = ".csv")
  book <- as.data.frame(zoo_data_simulate(snapshots = 12, levels = 10, seed = 3))
  expect_error(zoo_predict_file(m, file, ""), "empty text", class = "speczoo_data_no_file")
  expect_error(
    zoo_predict_file(zoo_model("hrnn_lob", window = 5, seed = 1), file, book), "was not trained on rows",
    class = "speczoo_argument_error"
  )
})
