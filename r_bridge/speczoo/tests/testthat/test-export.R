test_that("a model is written in each format, and replaced only when asked", {
  skip_without_python()
  m <- zoo_train("hrnn_lob", window = 5, row_units = 2, window_units = 2, epochs = 0, seed = 1)
  folder <- withr::local_tempdir()
  file <- file.path(folder, "model.onnx")
  expect_equal(zoo_export(m, file), file)
  expect_gt(file.size(file), 1000)
  expect_error(zoo_export(m, file), "overwrite = TRUE to replace it", class = "speczoo_export_exists")
  expect_no_error(zoo_export(m, file, overwrite = TRUE))
  mine <- file.path(folder, "mine.onnx")
  writeLines("mine", mine)
  expect_error(zoo_export(m, mine, overwrite = TRUE), "no export of speczoo", class = "speczoo_export_foreign")
  expect_equal(readLines(mine), "mine")
  zoo_export(m, file.path(folder, "all"), format = factor("folder"))
  expect_setequal(list.files(file.path(folder, "all")), c("README.txt", "model.onnx", "pipeline.json", "predict.py"))
  zoo_export(m, file.path(folder, "saved"), format = "saved_model")
  expect_true("saved_model.pb" %in% list.files(file.path(folder, "saved")))
  expect_error(zoo_export(m, file, format = "onx"), "did you mean \"onnx\"", class = "speczoo_argument_error")
  expect_error(zoo_export(m), "path", class = "speczoo_argument_error")
})

test_that("a model that carries a state is not exported", {
  skip_without_python()
  m <- zoo_model(text = "
spec: 1
name: carried
inputs: {past: {shape: [6, 4], batch_size: 1}}
graph: {move: [past, LSTM: {units: 4, stateful: true}, Dense: 1]}
outputs: {move: {loss: mse}}
")
  expect_error(zoo_export(m, tempfile()), "carries a state", class = "speczoo_export_state")
})
