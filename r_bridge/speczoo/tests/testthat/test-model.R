test_that("fit changes the one model that every variable refers to", {
  local_table(
    fit = function(...) value(list(history = list(loss = c(0.9, 0.5), val_loss = c(1, 0.75)), epochs = 2L)),
    describe = function(...) value(card(num_epochs = 2L)[-1])
  )
  model <- toy_model()
  other <- model
  history <- model |> fit(1, 2, epochs = 2)
  expect_equal(other$num_epochs, 2L)
  expect_snapshot(print(history))
  expect_snapshot(print(as.data.frame(history)))
})

test_that("compile returns the model, so that a pipe goes on", {
  asked <- local_table(compile = function(...) value(NULL), describe = function(...) value(card()[-1]))
  model <- toy_model()
  expect_identical(model |> compile(loss_weights = c(y = 2)), model)
  expect_equal(asked$calls[[1]]$arguments$loss_weights, c(y = 2))
  expect_null(asked$calls[[1]]$arguments$optimizer)
})

test_that("a model prints on one screen and returns invisibly", {
  model <- toy_model(
    num_parameters = 5200610L, num_epochs = 3L, metrics = list(accuracy = 0.71234), about_data = "a book of 9 rows"
  )
  expect_snapshot(print(model))
  expect_invisible(print(model))
})

test_that("several outputs come back as a named list, one alone", {
  local_table(predict = function(...) value(list(outputs = list(a = 1, b = data.frame(.pred = 2)), single = FALSE)))
  both <- predict(toy_model(), 1)
  expect_named(both, c("a", "b"))
  expect_s3_class(both$b, "tbl_df")
  local_table(predict = function(...) value(list(outputs = list(a = 1), single = TRUE)))
  expect_equal(predict(toy_model(), 1), 1)
})

test_that("R's generator gives the seed where the spec has none", {
  asked <- local_table(
    spec = function(...) value(list(handle = number(kind = "spec"), name = "toy")),
    seed_of = function(...) value(NULL),
    model = function(...) value(card())
  )
  set.seed(1)
  zoo_model("toy")
  set.seed(1)
  zoo_model("toy")
  zoo_model("toy", seed = 7)
  seeds <- lapply(Filter(function(call) call$name == "model", asked$calls), function(call) call$arguments$seed)
  expect_equal(seeds[[1]], seeds[[2]])
  expect_equal(seeds[[3]], 7)
})

test_that("a history plots, also one that stopped early or has no epoch", {
  skip_if_not_installed("ggplot2")
  for (history in list(list(loss = c(2, 1), val_loss = c(2, 3)), list(loss = 1), list())) {
    plot <- plot(speczoo:::new_history(history, "toy"))
    expect_s3_class(plot, "ggplot")
    if (length(history) > 0) expect_no_error(ggplot2::ggplot_build(plot))
  }
})

test_that("a history is written to a file, and one epoch draws no line", {
  skip_if_not_installed("ggplot2")
  history <- speczoo:::new_history(list(loss = 1, accuracy = NaN), "toy")
  file <- withr::local_tempfile(fileext = ".pdf")
  expect_silent(plot(history, file = file))
  expect_gt(file.size(file), 0)
  expect_error(plot(history, width = 3), class = "speczoo_argument_error")
  expect_error(as.data.frame(history, wide = TRUE), class = "speczoo_argument_error")
  expect_error(plot(history, file = "graph.nothing"), class = "speczoo_file_error")
})

test_that("an evaluation is a data frame of the model and its baselines", {
  reply <- list(text = "", metrics = list(accuracy = 0.5, nll = 1), baselines = list(majority = list(accuracy = 0.4)))
  local_table(evaluate = function(...) value(reply))
  expect_equal(
    as.data.frame(evaluate(toy_model())),
    data.frame(who = c("model", "majority"), accuracy = c(0.5, 0.4), nll = c(1, NA))
  )
})

test_that("dropped handles are told with the next call", {
  asked <- local_table(list_models = function(...) value(data.frame(name = "a", tags = "b, c")))
  handle <- speczoo:::take_handles(number(41L))
  expect_s3_class(handle, "speczoo_handle")
  rm(handle)
  invisible(gc())
  zoo_list()
  expect_true(41L %in% asked$calls[[1]]$dropped)
  zoo_list()
  expect_false(41L %in% asked$calls[[2]]$dropped)
})
