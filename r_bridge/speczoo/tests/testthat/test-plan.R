test_that("the ways of training are measured, and one of them is chosen", {
  skip_without_python()
  ask <- function(...) zoo_plan("gru_lob", ..., batch_size = 8)
  found <- ask()
  expect_s3_class(found, "speczoo_plan")
  expect_true(all(c("keras", "loops") %in% found$way))
  expect_equal(sum(found$chosen), 1)
  expect_true(all(found$step > 0))
  expect_output(print(found), "Keras's own step")
  # kept: the second answer is the first one
  expect_equal(ask()$step, found$step)
})

test_that("a plan takes the data that a training takes", {
  skip_without_python()
  drawn <- zoo_plan("gru_lob", data = list(simulate = list(snapshots = 3000, seed = 2)), batch_size = 8)
  expect_equal(sum(drawn$chosen), 1)
  table <- zoo_plan("lstm_stateless", DAX ~ DAX + SMI, data = EuStockMarkets, lookback = 10, units = 2)
  expect_equal(sum(table$chosen), 1)
  expect_error(zoo_plan("gru_lob", data = list(1, 2, 3)), "must be list(x, y)", fixed = TRUE, class = "speczoo_argument_error")
})

test_that("what is asked for is checked", {
  expect_error(zoo_plan(NULL), "`model` is NULL", class = "speczoo_argument_error")
  expect_error(zoo_plan(), class = "speczoo_argument_error")
  expect_error(zoo_plan("gru_lob", batch_size = 0), class = "speczoo_argument_error")
  expect_error(zoo_train("gru_lob", plan = "of"), "did you mean \"off\"", class = "speczoo_argument_error")
  expect_error(zoo_walk_forward("gru_lob", plan = "of"), "did you mean \"off\"", class = "speczoo_argument_error")
  expect_error(zoo_tune("gru_lob", plan = "of"), "did you mean \"off\"", class = "speczoo_argument_error")
  expect_error(
    zoo_sweep("gru_lob", over = list(units = 2), plan = "of"), "did you mean \"off\"", class = "speczoo_argument_error"
  )
})
