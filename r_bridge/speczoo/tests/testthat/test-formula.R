columns <- function(formula, names = c("y", "a", "b", "day"), ...) speczoo:::formula_columns(formula, names, ...)

test_that("a formula names columns", {
  expect_equal(columns(y ~ a + b), list(left = list("y"), right = list(c("a", "b"))))
  expect_equal(columns(y ~ ., others = "day")$right, list(c("a", "b")))
  expect_equal(columns(y ~ . - b, others = "day")$right, list("a"))
  expect_equal(columns(y ~ y + .)$right, list(c("y", "a", "b", "day")))
  expect_equal(columns(y ~ a | (b + y))$right, list("a", c("b", "y")))
  expect_equal(columns(y | a ~ b)$left, list("y", "a"))
  expect_equal(columns(cbind(y, a) ~ b)$left, list(c("y", "a")))
  expect_equal(columns(`a b` ~ y, names = c("a b", "y"))$left, list("a b"))
})

test_that("what is no column is refused", {
  expect_snapshot(error = TRUE, {
    columns(~ a)
    columns(log(y) ~ a)
    columns(y ~ a * b)
    columns(y ~ 1)
    columns(y ~ ., names = "y")
  })
})

local_run <- function(params = list(window = 10L, horizon = 1L), .env = parent.frame()) {
  local_table(
    spec = function(...) value(list(handle = number(kind = "spec"), name = "toy", params = params)),
    seed_of = function(...) value(3L), train_table = function(...) value(card()), .env = .env
  )
}

test_that("the frame, columns, times, groups and parameters arrive where they belong", {
  asked <- local_run()
  frame <- data.frame(day = as.Date("2024-01-01") + 0:2, y = 1:3, a = 4:6, s = "x")
  zoo_train("toy", y ~ a, data = frame, lookback = 5, horizon = 2, group = "s", scale = "none", epochs = 2)
  specs <- Filter(function(call) call$name == "spec", asked$calls)
  expect_equal(specs[[2]]$arguments$params, list(window = 5, horizon = 2))
  told <- Filter(function(call) call$name == "train_table", asked$calls)[[1]]$arguments
  expect_equal(told[c("left", "right")], list(left = list(list("y")), right = list(list("a"))))
  expect_equal(told[c("time", "group", "scale", "epochs")], list(time = "day", group = "s", scale = "none", epochs = 2))
  expect_null(told$horizon)
})

test_that("a horizon that is no parameter is the data's; a frame may come second; a ts is a frame", {
  asked <- local_run(params = list(lookback = 10L))
  zoo_train("toy", DAX ~ DAX + SMI, EuStockMarkets, lookback = 5, horizon = 2)
  told <- asked$calls[[length(asked$calls) - 1]]$arguments
  expect_equal(told$horizon, 2)
  expect_equal(told$time, "time")
  expect_named(told$data, c("time", colnames(EuStockMarkets)))
  expect_equal(Filter(function(call) call$name == "spec", asked$calls)[[2]]$arguments$params, list(lookback = 5))
})

test_that("mistakes in a formula's call are told before anything is trained", {
  asked <- local_run()
  frame <- data.frame(y = 1:3, a = 4:6)
  expect_snapshot(error = TRUE, {
    zoo_train("toy", y ~ a)
    zoo_train("toy", y ~ a, data = list(1))
    zoo_train("toy", y ~ a, data = frame, time = "dya")
    zoo_train("toy", y ~ a, data = frame, group = "b")
    zoo_train("toy", y ~ a, data = frame, scale = "zcore")
    zoo_train("toy", y ~ a, data = frame, scale = "none", epochs = -1)
  })
  expect_length(Filter(function(call) call$name == "train_table", asked$calls), 0)
})
