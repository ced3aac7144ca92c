test_that("misspelt arguments name the nearest one", {
  model <- toy_model()
  expect_snapshot(error = TRUE, {
    fit(model, 1, 1, epoch = 5)
    fit(model, 1, 1, 5)
    predict(model, 1, tipe = "class")
    predict(model, 1, type = "clas")
    compile(model, optimiser = "adam")
    evaluate(model, 1, 1, batchsize = 2)
    evaluate(1, 2)
  })
})

test_that("values of the wrong kind are refused before Python is asked", {
  asked <- local_table()
  model <- toy_model()
  expect_snapshot(error = TRUE, {
    fit(model, 1, 1, epochs = 1.5)
    fit(model, 1, 1, epochs = NA)
    fit(model, 1, 1, validation_data = 3)
    zoo_open(3)
    zoo_save("m", "file.zoo")
    zoo_spec(7)
    zoo_spec("hrnn_lob", 64)
    zoo_model(structure(list(), class = "speczoo_spec"), window = 3)
    zoo_train("hrnn_lob", seed = -1)
  })
  expect_length(asked$calls, 0)
})

test_that("the keras way to name evaluate's arguments works", {
  asked <- local_table(evaluate = function(...) value(list(score = list(loss = 0.5, accuracy = 0.75))))
  model <- toy_model()
  expect_equal(evaluate(model, x = matrix(1), y = 2), c(loss = 0.5, accuracy = 0.75))
  expect_equal(asked$calls[[1]]$arguments[c("x", "y")], list(x = matrix(1), y = 2))
})
