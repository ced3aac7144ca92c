test_that("a file of predictions has a line for each window", {
  skip_without_python()
  m <- zoo_train("hrnn_lob", window = 5, row_units = 2, window_units = 2, epochs = 0, seed = 1)
  folder <- withr::local_tempdir()
  file <- file.path(folder, "predictions.csv")
  lines <- zoo_predict_file(m, file)
  written <- read.csv(file)
  expect_equal(nrow(written), lines)
  expect_equal(written$p_up, predict(m, type = "prob")$.pred_up, tolerance = 1e-5)
  expect_equal(written$class, as.character(predict(m, type = "class")$.pred_class))
  expect_error(zoo_predict_file(m, folder), "is a folder", class = "speczoo_predict_out")
  expect_error(zoo_predict_file(m), "path", class = "speczoo_argument_error")
  expect_error(zoo_predict_file(m, file, part = "tset"), "did you mean \"test\"", class = "speczoo_argument_error")
  expect_error(
    zoo_predict_file(m, file, array(0, c(2, 5, 20, 1))), "an array was given", class = "speczoo_argument_new_data"
  )
})
