test_that("a walk predicts step by step, and says so in frames and pictures", {
  skip_without_python()
  walk <- zoo_walk_forward(
    "lstm_stateless", DAX ~ DAX + SMI, data = EuStockMarkets[1:60, ], lookback = 5, units = 2, first = 0.7, step = 5,
    refit = "cold", epochs = 1, batch_size = 16, seed = 1
  )
  expect_s3_class(walk, "speczoo_walk")
  expect_equal(walk$frame$actual, unname(EuStockMarkets[walk$frame$row + 1, "DAX"]))
  expect_equal(sort(unique(walk$frame$step)), seq_along(walk$step_loss))
  expect_equal(as.data.frame(walk), as.data.frame(walk$frame))
  expect_output(print(walk), "last quarter of the walk")
  expect_identical(walk$left_out, character())
  expect_true(all(c("mean", "last_value") %in% names(walk$baselines)))
  for (what in c("predictions", "step_loss", "training_loss")) expect_s3_class(plot(walk, what), "ggplot")
})

test_that("the mistakes of a walk are told", {
  skip_without_python()
  expect_snapshot(error = TRUE, {
    zoo_walk_forward()
    zoo_walk_forward("hrnn_lob", window = 10)
    zoo_walk_forward("lstm_stateless", refit = "hot")
    zoo_walk_forward("lstm_stateless", first = 500)
    zoo_walk_forward("lstm_stateless", refit = "warm", workers = 2)
    zoo_walk_forward("lstm_stateless", resume = TRUE)
  })
})

test_that("a split is drawn, and mistakes are told", {
  skip_without_python()
  file <- withr::local_tempfile(fileext = ".png")
  expect_identical(class(zoo_plot("lstm_stateless", units = 2, split = TRUE, file = file)), "speczoo_spec")
  expect_equal(readBin(file, "raw", 4)[2:4], charToRaw("PNG"))
  expect_snapshot(error = TRUE, {
    zoo_plot("lstm_stateless", data = data.frame(x = 1))
    zoo_plot("headline", split = TRUE, file = file)
    zoo_plot("lstm_stateless", split = "yes")
  })
})
