# What made a newcomer stumble.

test_that("dates stay dates and times keep their zone, in a forecast, a walk and beside predictions", {
  skip_without_python()
  set.seed(1)
  day <- as.Date("2020-01-01") + 0:59
  frame <- data.frame(day = day, sales = 100 + cumsum(rnorm(60)), temp = rnorm(60))
  train <- function(data) {
    zoo_train("lstm_stateless", sales ~ sales + temp, data, lookback = 5, units = 1, epochs = 1, seed = 1)
  }
  model <- train(frame)
  known <- data.frame(temp = c(0, 0))
  ahead <- zoo_forecast(model, 2, known = known)
  expect_identical(ahead$day, as.Date(c("2020-03-01", "2020-03-02")))
  expect_identical(zoo_forecast(zoo_unpack(zoo_pack(model)), 2, frame, known)$day, ahead$day)
  expect_s3_class(augment(model)$day, "Date")
  expect_identical(plot(ahead)$labels$x, "day")
  walk <- zoo_walk_forward(
    "lstm_stateless", sales ~ sales + temp, frame, lookback = 5, units = 1, first = 0.8, step = 20, epochs = 1, seed = 1
  )
  expect_identical(walk$frame$time, day[walk$frame$row])
  expect_identical(plot(walk)$labels$x, "time")
  frame$day <- as.POSIXct("2020-01-01", tz = "Europe/Berlin") + 3600 * 0:59
  model <- train(frame)
  expect_identical(attr(augment(model)$day, "tzone"), "Europe/Berlin")
  ahead <- zoo_forecast(model, 2, known = known)
  expect_equal(ahead$day, frame$day[[60]] + 3600 * 1:2)
})

test_that("a misspelt argument is the one that is named", {
  skip_without_python()
  expect_error(
    zoo_train("lstm_stateless", DAX ~ DAX + SMI, EuStockMarkets, lookback = 7, epoch = 1),
    "`epoch`: did you mean the argument `epochs`"
  )
})

test_that("targets of classes have no unit, and are not among the columns of a window", {
  skip_without_python()
  frame <- data.frame(a = as.numeric(1:40), move = factor(rep(c("down", "up"), 20)))
  classes <- zoo_data_windows(frame, lookback = 3, target = "move")
  expect_error(zoo_in_units(classes, 1), "`move` holds classes", class = "speczoo_argument_target")
  both <- zoo_data_windows(frame, lookback = 3, target = c("move", "a"), columns = "a", scale = "zscore")
  expect_error(zoo_in_units(both, 1, "b"), "no target `b`")
  expect_equal(zoo_in_units(both, both$test$y$a), frame$a[both$test$rows + 1], tolerance = 1e-5)
  windows <- zoo_windows(frame, 3, target = "move")
  expect_identical(windows$columns, "a")
  expect_identical(windows$y, frame$move[windows$rows + 1])
})

test_that("numbers written as texts, and lists of columns, are told what to become", {
  skip_without_python()
  frame <- data.frame(a = as.character(1:40), b = as.numeric(1:40))
  expect_error(zoo_train("lstm_stateless", a ~ b + a, frame, epochs = 1), "as.numeric(data$a)", fixed = TRUE)
  expect_error(zoo_train("lstm_stateless", b + a ~ b + a, transform(frame, a = b)), "gives the output `intercept` 2 columns")
  expect_error(zoo_sweep("lstm_stateless", over = list(units = 1), resume = TRUE), "goes on by itself")
  expect_error(zoo_sweep("lstm_stateless", over = list(units = numeric())), "write over = list(units", fixed = TRUE)
  expect_error(zoo_train("hrnn_lob", list(1, 2, 3)), "as.data.frame(data)", fixed = TRUE)
})

test_that("a decimal comma changes no number of a model's print, and warns of nothing", {
  model <- toy_model(num_parameters = 4513L, metrics = list(mae = 7.49912))
  withr::local_options(OutDec = ",")
  expect_no_warning(said <- capture.output(print(model)))
  expect_match(said, "4,513", fixed = TRUE, all = FALSE)
  expect_match(said, "mae 7.499", fixed = TRUE, all = FALSE)
})

test_that("predictions of a book stand in the rows that their windows end at", {
  skip_without_python()
  book <- zoo_data_simulate(400, levels = 5, seed = 1)
  spec <- zoo_spec("hrnn_lob", window = 5, row_units = 1, window_units = 1)
  model <- zoo_train(spec, book, epochs = 0, seed = 1)
  told <- augment(model, book)
  expect_equal(nrow(told), 400)
  expect_identical(which(is.na(told$.pred_class)), 1:4)
  expect_identical(told$.pred_class[5:400], predict(model, book, type = "class")$.pred_class)
})
