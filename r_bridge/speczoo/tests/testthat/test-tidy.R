test_that("a model is a row, its layers are rows, its history is rows", {
  skip_if_not_installed("generics")
  history <- list(loss = c(0.5, 0.25), val_loss = c(0.75, 0.5))
  model <- toy_model(num_epochs = 2L, history = history, metrics = list(accuracy = 0.5), num_trainable = 6L)
  local_table(layers = function(model) value(data.frame(layer = c("x", "y"), trainable = c(TRUE, FALSE))))
  expect_equal(
    glance(model),
    tibble::tibble(
      name = "toy", parameters = 8L, trainable_parameters = 6L, epochs = 2L, seed = 1L, loss = 0.25, val_loss = 0.5,
      test_accuracy = 0.5
    )
  )
  expect_equal(nrow(glance(toy_model())), 1)
  expect_s3_class(tidy(model), "tbl_df")
  expect_equal(tidy(model)$trainable, c(TRUE, FALSE))
  expect_equal(tidy(model$history)$value, c(0.5, 0.25, 0.75, 0.5))
})

test_that("augment sets predictions beside the data", {
  local_table(predict = function(type, x, ...) {
    if (type == "class") return(failure("numbers", class = "speczoo_argument_type"))
    value(list(outputs = list(y = data.frame(.pred = c(NaN, 2))), single = TRUE, by_row = TRUE))
  })
  found <- augment(toy_model(), data.frame(a = c(1, 2)))
  expect_equal(found, tibble::tibble(a = c(1, 2), .pred = c(NA, 2)))
  expect_false(is.nan(found$.pred[[1]]))
  expect_equal(augment(toy_model(), matrix(1, 2))$.row, 1:2)
  expect_equal(augment(toy_model(), structure(list(x = matrix(1, 2), rows = 7:8), class = "speczoo_windows"))$.row, 7:8)
  expect_snapshot(error = TRUE, {
    augment(toy_model(), data.frame(a = 1:3))
    augment(toy_model(), 1, newdata = 3)
    tidy(toy_model(), 3)
    glance(toy_model(), all = TRUE)
  })
})

test_that("several outputs have their names before their columns", {
  frames <- list(
    class = list(kind = data.frame(.pred_class = factor("up")), size = data.frame(.pred = 2)),
    prob = list(kind = data.frame(.pred_up = 0.75, .pred_down = 0.25), size = data.frame(.pred = 2))
  )
  local_table(predict = function(type, ...) value(list(outputs = frames[[type]], single = FALSE)))
  expect_named(
    augment(toy_model(), data.frame(a = 1)), c("a", "kind.pred_class", "kind.pred_up", "kind.pred_down", "size.pred")
  )
})

test_that("a series is read by its columns where the model is of tables", {
  asked <- local_table(predict = function(...) value(list(outputs = list(y = 1), single = TRUE)))
  predict(toy_model(data_kind = "table"), EuStockMarkets)
  predict(toy_model(), EuStockMarkets)
  expect_named(asked$calls[[1]]$arguments$x, c("time", colnames(EuStockMarkets)))
  expect_identical(asked$calls[[2]]$arguments$x, EuStockMarkets)
})

test_that("autoplot draws the history of a model too", {
  skip_if_not_installed("ggplot2")
  model <- toy_model(history = list(loss = c(2, 1)))
  expect_s3_class(ggplot2::autoplot(model), "ggplot")
  expect_s3_class(ggplot2::autoplot(model$history), "ggplot")
  expect_error(ggplot2::autoplot(model, 3), class = "speczoo_argument_error")
})

test_that("layers and weights of the wrong kind are refused before Python is asked", {
  asked <- local_table()
  model <- toy_model()
  expect_snapshot(error = TRUE, {
    freeze(model, 3)
    freeze(model, "x", "y")
    unfreeze(model, name = "x")
    get_weights(model, NA_character_)
    set_weights(model)
    set_weights(model, list(), "x")
  })
  expect_length(asked$calls, 0)
})

test_that("objects say what they are in a line", {
  expect_equal(format(toy_model()), "<model toy>")
  expect_equal(format(toy_model(history = list(loss = 1))$history), "<history of toy: 1 epoch>")
  expect_equal(format(structure(list(name = "toy"), class = "speczoo_spec")), "<spec toy>")
})
