# Windows that Python splits and scales, with the real table.

prices <- function(n = 200) data.frame(day = as.Date("1991-07-01") + seq_len(n), as.data.frame(EuStockMarkets)[seq_len(n), ])

test_that("parts hold scaled windows, and scaled numbers lead back to the column's unit", {
  skip_without_python()
  frame <- prices()
  w <- zoo_data_windows(frame, lookback = 10, target = "DAX", horizon = 3, calendar = "weekday", scale = "zscore")
  expect_s3_class(w$train, "speczoo_windows")
  expect_equal(w$test$columns, c("DAX", "SMI", "CAC", "FTSE", "weekday_sin", "weekday_cos"))
  expect_equal(dim(w$test$x), c(length(w$test$rows), 10L, 6L))
  expect_equal(zoo_in_units(w, w$test$y), frame$DAX[w$test$rows + 3], tolerance = 1e-6)
  expect_equal(as.Date(w$test$time), frame$day[w$test$rows])
  training <- frame$DAX[1:140]
  scaled <- (frame$DAX[w$test$rows] - mean(training)) / sqrt(mean((training - mean(training))^2))
  expect_equal(w$test$x[, 10, 1], scaled, tolerance = 1e-5)
  new <- transform(w, frame)
  expect_null(new$y)
  expect_equal(new$x[new$rows %in% w$test$rows, , ], w$test$x, tolerance = 1e-6)
  expect_output(print(w), "windows of 10 rows x 6 columns")
})

test_that("targets of mixed type, gaps and empty cells", {
  skip_without_python()
  frame <- prices()
  frame$side <- factor(ifelse(c(0, diff(frame$DAX)) > 0, "up", "down"), levels = c("up", "down"))
  frame$CAC[[5]] <- NA
  frame$day[101:200] <- frame$day[101:200] + 30
  w <- zoo_data_windows(
    frame, 5, target = c("DAX", "side"), horizon = c(DAX = 2, side = 1), missing = "fill", gap = "3d",
    scale = list(method = "minmax", range = c(-1, 1)), split = list(train = 1)
  )
  expect_equal(range(w$train$x), c(-1, 1))
  expect_equal(w$train$y$side, frame$side[w$train$rows + 1])
  expect_equal(zoo_in_units(w, w$train$y$DAX, "DAX"), frame$DAX[w$train$rows + 2], tolerance = 1e-6)
  # Windows of five rows and two rows ahead, on both sides of the gap.
  expect_equal(w$train$rows, c(5:98, 105:198))
  expect_match(w$about, "1 cell filled with the last known value")
  typed <- zoo_data_windows(frame[-4], 5, target = c(DAX = "numeric", side = "categorical"), levels = list(side = c("down", "up")))
  expect_equal(levels(typed$train$y$side), c("down", "up"))
})

test_that("mistakes are told in words of R", {
  skip_without_python()
  expect_error(zoo_data_windows(prices(), 5, target = "DAXX"), "no column `DAXX`", class = "speczoo_data_columns")
  expect_error(zoo_data_windows(prices(), 5, calendar = "weekdy"), "weekday", class = "speczoo_data_recipe")
  expect_error(zoo_data_windows(prices()), "lookback", class = "speczoo_argument_error")
  expect_error(zoo_in_units(list(), 1), "zoo_data_windows", class = "speczoo_argument_error")
  w <- zoo_data_windows(prices(), 5)
  expect_error(transform(w, prices(), 3), "unnamed", class = "speczoo_argument_error")
})
