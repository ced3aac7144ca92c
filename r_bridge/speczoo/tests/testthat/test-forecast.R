test_that("a forecast goes on from the last row, and is drawn", {
  skip_without_python()
  m <- zoo_train("rnn_sine", units = 4, epochs = 1, seed = 1)
  wave <- data.frame(time = 0:49, value = sin(0:49))
  ahead <- zoo_forecast(m, 3, wave)
  expect_s3_class(ahead, c("speczoo_forecast", "tbl_df"))
  expect_equal(names(ahead), c("time", "step", "value"))
  expect_equal(ahead$time, 50:52)
  longer <- rbind(wave, data.frame(time = 50, value = ahead$value[1]))
  expect_equal(zoo_forecast(m, 2, longer)$value, ahead$value[2:3], tolerance = 1e-5)
  expect_equal(zoo_forecast(m, 1)$time, 2160)
  expect_s3_class(plot(ahead), "ggplot")
})

test_that("what nothing predicts is named", {
  skip_without_python()
  m <- zoo_train(
    "lstm_stateless", DAX ~ DAX + SMI, data = EuStockMarkets[1:80, ], lookback = 5, units = 2, epochs = 0, seed = 1
  )
  expect_error(zoo_forecast(m, 3), "nothing predicts the column `SMI`", class = "speczoo_data_error")
  expect_equal(nrow(zoo_forecast(m, 3, known = data.frame(SMI = c(1690, 1691)))), 3)
  file <- withr::local_tempfile(fileext = ".csv")
  utils::write.csv(data.frame(SMI = c(1690, 1691)), file, row.names = FALSE)
  expect_equal(zoo_forecast(m, 3, known = file), zoo_forecast(m, 3, known = data.frame(SMI = c(1690, 1691))))
  expect_error(zoo_forecast(m, 1.5), "whole number", class = "speczoo_argument_error")
})
