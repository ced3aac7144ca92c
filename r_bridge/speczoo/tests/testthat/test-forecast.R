test_that("a forecast goes on from the last row, and is drawn", {
  skip_without_python()
  m <- zoo_train(
    "lstm_stateless", DAX ~ DAX, data = EuStockMarkets[1:80, ], lookback = 5, units = 2, epochs = 1,
    batch_size = 16, seed = 1
  )
  ahead <- zoo_forecast(m, 3, EuStockMarkets[1:80, ])
  expect_s3_class(ahead, c("speczoo_forecast", "tbl_df"))
  expect_equal(ahead$step, 1:3)
  last <- utils::tail(predict(m, EuStockMarkets[1:80, ], type = "numeric"), 1)
  expect_equal(unlist(ahead[1, "DAX"], use.names = FALSE), unlist(last, use.names = FALSE), tolerance = 1e-5)
  expect_equal(zoo_forecast(m, 3), ahead)
  expect_s3_class(plot(ahead), "ggplot")
})

test_that("what nothing predicts is named", {
  skip_without_python()
  m <- zoo_train(
    "lstm_stateless", DAX ~ DAX + SMI, data = EuStockMarkets[1:80, ], lookback = 5, units = 2, epochs = 0, seed = 1
  )
  expect_error(zoo_forecast(m, 3), "nothing predicts the column `SMI`", class = "speczoo_data_error")
  expect_equal(nrow(zoo_forecast(m, 3, known = data.frame(SMI = c(1690, 1691)))), 3)
  expect_error(zoo_forecast(m, 1.5), "whole number", class = "speczoo_argument_error")
})
