# Windows without Python: where they end is answered by a stand-in, the rest is R.

local_ends <- function(.env = parent.frame()) {
  local_table(
    window_rows = function(rows, length, horizon, stride, groups) {
      runs <- if (is.null(groups)) list(seq_len(rows)) else split(seq_len(rows), groups)
      value(as.integer(unlist(lapply(runs, function(run) {
        last <- max(run) - horizon
        first <- min(run) + length - 1
        if (first <= last) seq(first, last, by = stride)
      }))))
    },
    .env = .env
  )
}

test_that("windows of a ts hold the rows that they say, and targets stand after them", {
  local_ends()
  w <- zoo_windows(EuStockMarkets, lookback = 20, target = "DAX", horizon = 3, stride = 7)
  expect_s3_class(w, "speczoo_windows")
  expect_equal(dim(w$x), c(length(w$rows), 20L, 4L))
  expect_equal(w$columns, colnames(EuStockMarkets))
  for (i in c(1, 5, length(w$rows))) {
    rows <- w$rows[[i]] - 19:0
    expect_equal(w$x[i, , ], matrix(EuStockMarkets[rows, ], 20), ignore_attr = TRUE)
    expect_equal(w$y[[i]], EuStockMarkets[[w$rows[[i]] + 3, "DAX"]])
    expect_equal(w$time[[i]], time(EuStockMarkets)[[w$rows[[i]]]])
  }
  expect_snapshot(print(w))
})

test_that("without a target there are windows up to the last row", {
  local_ends()
  w <- zoo_windows(1:10, lookback = 4)
  expect_null(w$y)
  expect_equal(w$rows, 4:10)
  expect_equal(w$x[7, , 1], 7:10)
  expect_equal(zoo_windows(ts(1:10, start = 2000), 4)$time, 2003:2009)
})

test_that("matrices with an index keep their times, in days or seconds", {
  local_ends()
  xts <- structure(
    matrix(c(1:5, 11:15), 5, dimnames = list(NULL, c("a", "b"))), class = c("xts", "zoo"),
    index = structure(86400 * (0:4), tzone = "UTC", tclass = "Date")
  )
  w <- zoo_windows(xts, 2, target = "b")
  expect_equal(w$time, as.Date("1970-01-02") + 0:2)
  expect_equal(w$x[1, , ], cbind(1:2, 11:12), ignore_attr = TRUE)
  expect_equal(w$y, 13:15)
  attr(xts, "index") <- structure(60 * (0:4), tzone = "Europe/Zurich", tclass = c("POSIXct", "POSIXt"))
  expect_equal(zoo_windows(xts, 2)$time[[1]], as.POSIXct("1970-01-01 01:01:00", tz = "Europe/Zurich"))
  zoo <- structure(matrix(1:4, 4), class = "zoo", index = c(2, 3, 5, 8))
  expect_equal(zoo_windows(zoo, 3)$time, c(5, 8))
})

test_that("groups are never crossed, however their rows are mixed", {
  local_ends()
  frame <- data.frame(
    day = rep(as.Date("2024-01-01") + 0:4, each = 2), symbol = factor(rep(c("b", "a"), 5)), price = 1:10,
    side = factor(rep(c("up", "down"), 5))
  )
  w <- zoo_windows(frame, 2, target = "side", group = "symbol", columns = "price")
  expect_equal(w$rows, c(3, 5, 7, 4, 6, 8))
  expect_equal(w$x[, , 1], rbind(c(1, 3), c(3, 5), c(5, 7), c(2, 4), c(4, 6), c(6, 8)), ignore_attr = TRUE)
  expect_equal(as.character(w$y), rep(c("up", "down"), each = 3))
  expect_equal(levels(w$y), levels(frame$side))
  expect_equal(w$time, frame$day[w$rows])
  several <- zoo_windows(frame, 2, target = c("price", "price2"), columns = "price", group = "symbol") |>
    tryCatch(error = conditionMessage)
  expect_match(several, "price2")
})

test_that("targets may be vectors, or several columns", {
  local_ends()
  frame <- data.frame(a = 1:6, b = 11:16)
  expect_equal(zoo_windows(frame, 2, target = c("a", "b"))$y, cbind(a = 3:6, b = 13:16))
  expect_equal(zoo_windows(frame, 2, target = 6:1, horizon = 0)$y, 5:1)
  expect_equal(zoo_windows(matrix(1:6, 6), 2, target = factor(letters[1:6]))$y, factor(letters[3:6], levels = letters[1:6]))
})

test_that("what is no series is told by column and row", {
  asked <- local_ends()
  frame <- data.frame(day = as.Date("2024-01-01") + c(0, 2, 1), price = c(1, NA, 3), name = letters[1:3])
  expect_snapshot(error = TRUE, {
    zoo_windows()
    zoo_windows(frame)
    zoo_windows(frame, 2)
    zoo_windows(frame, 2, columns = "price")
    zoo_windows(frame[c(1, 3)], 2, columns = "pric")
    zoo_windows(data.frame(frame[1], a = 1:3), 2)
    zoo_windows(data.frame(frame[1], a = 1:3, other = frame$day), 2)
    zoo_windows(frame[1], 2)
    zoo_windows(list(1, 2), 2)
    zoo_windows(1:10, 2, target = 1:3)
    zoo_windows(1:10, 2, target = c(NA, 2:10))
    zoo_windows(1:10, 2, time = 1:3)
    zoo_windows(1:10, 2, time = c(1:9, NA))
    zoo_windows(1:10, 2.5)
    zoo_windows(1:10, loockback = 2)
    zoo_windows(1:10, 2, "value", 1, 1, NULL, NULL, NULL, 5)
    zoo_windows(data.frame(a = 1:3), 2, group = "symbol")
  })
  expect_length(asked$calls, 0)
})

test_that("a model takes windows as they are", {
  told <- function(...) value(list(history = list(loss = 1), score = list(loss = 1), outputs = list(y = 1), single = TRUE))
  asked <- local_table(
    fit = told, evaluate = told, predict = told, describe = function(...) value(card()),
    window_rows = function(rows, length, horizon, ...) value(seq(length, rows - horizon))
  )
  model <- toy_model()
  w <- zoo_windows(1:6, 2, target = "value")
  fit(model, w, validation_data = w)
  evaluate(model, w)
  predict(model, w)
  given <- lapply(c("fit", "evaluate", "predict"), function(name) {
    Filter(function(call) call$name == name, asked$calls)[[1]]$arguments
  })
  for (one in given) expect_equal(one$x, w$x)
  for (one in given[1:2]) expect_equal(one$y, w$y)
  expect_equal(given[[1]][c("validation_x", "validation_y")], list(validation_x = w$x, validation_y = w$y))
  bare <- zoo_windows(1:6, 2)
  expect_snapshot(error = TRUE, {
    fit(model, bare)
    evaluate(model, bare)
    fit(model, w, validation_data = bare)
  })
})
