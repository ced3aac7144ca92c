searched <- "
spec: 1
name: searched
params: {units: {default: 2, min: 1, tune: [1, 2, 3]}}
inputs: {x: {shape: [4, 1]}}
graph: {y: [x, Flatten, Dense: =units, Dense: 1]}
outputs: {y: {loss: mse}}
data: {kind: table, inputs: {x: {columns: [DAX], lookback: 4}}, targets: {y: {column: DAX, horizon: 1}}}
"
prices <- data.frame(DAX = as.numeric(EuStockMarkets[1:120, "DAX"]))

test_that("a search gives its trials and a model, and goes on where it was", {
  skip_without_python()
  out <- withr::local_tempdir()
  search <- function(...) zoo_tune(text = searched, data = prices, sampler = "grid", epochs = 1, seed = 1, out = out, ...)
  tuned <- search()
  expect_equal(sort(tuned$trials$units), 1:3)
  expect_equal(tuned$best_value, min(tuned$trials$value))
  expect_equal(tuned$best_params$units, tuned$trials$units[which.min(tuned$trials$value)])
  expect_s3_class(tuned$model, "speczoo_model")
  expect_length(predict(tuned$model, prices), 117)
  expect_s3_class(plot(tuned), "ggplot")
  expect_output(print(tuned), "units")
  expect_error(search(), class = "speczoo_train_error")
  expect_equal(search(resume = TRUE)$trials$value, tuned$trials$value)
})

test_that("a sweep scores a parameter's values", {
  skip_without_python()
  swept <- zoo_sweep(text = searched, data = prices, over = list(units = c(1, 3)), seeds = 2, epochs = 1, seed = 1)
  expect_equal(swept$frame$value, c(1, 1, 3, 3))
  expect_true(all(is.finite(swept$frame$score)))
  expect_s3_class(plot(swept), "ggplot")
  expect_equal(as.data.frame(swept), as.data.frame(swept$frame))
})

test_that("the mistakes of a search are told", {
  skip_without_python()
  expect_snapshot(error = TRUE, {
    zoo_tune()
    zoo_tune("lstm_stateless", sampler = "randm")
    zoo_sweep("lstm_stateless")
    zoo_sweep("lstm_stateless", over = c(1, 2))
    zoo_sweep("lstm_stateless", over = list(unitz = 1:2))
  })
})

test_that("a formula names the columns of a search, a sweep and a split", {
  skip_without_python()
  prices <- EuStockMarkets[1:60, ]
  swept <- zoo_sweep(
    "lstm_stateless", DAX ~ DAX + SMI, data = prices, lookback = 5, over = list(units = c(1, 2)), epochs = 1, seed = 1
  )
  expect_equal(swept$frame$value, c(1, 2))
  # Each value makes a model of its own, the one that zoo_train() makes with it.
  alone <- lapply(1:2, function(units) {
    zoo_train("lstm_stateless", DAX ~ DAX + SMI, prices, lookback = 5, units = units, epochs = 1, seed = 1)
  })
  expect_equal(swept$frame$score, vapply(alone, function(model) glance(model)$val_loss, 1), tolerance = 1e-5)
  expect_gt(abs(diff(swept$frame$score)), 1e-4)
  lengths <- zoo_sweep("lstm_stateless", DAX ~ DAX + SMI, prices, over = list(lookback = c(3, 6)), units = 1, epochs = 1, seed = 1)
  expect_true(all(is.finite(lengths$frame$score)))
  tuned <- zoo_tune("lstm_stateless", DAX ~ DAX + SMI, prices, lookback = 5, trials = 1, epochs = 1, seed = 1)
  expect_named(augment(tuned$model, prices), c(colnames(prices), ".pred"))
  file <- withr::local_tempfile(fileext = ".png")
  zoo_plot("lstm_stateless", DAX ~ DAX + SMI, data = prices, lookback = 5, split = TRUE, file = file)
  expect_equal(readBin(file, "raw", 4)[2:4], charToRaw("PNG"))
  expect_error(zoo_sweep("lstm_stateless", DAX ~ DXA + SMI, data = prices, over = list(units = 1)), "did you mean|no column")
})
