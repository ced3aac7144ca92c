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

test_that("what is asked for is checked", {
  expect_error(zoo_plan(), class = "speczoo_argument_error")
  expect_error(zoo_plan("gru_lob", batch_size = 0), class = "speczoo_argument_error")
  expect_error(zoo_train("gru_lob", plan = "of"), "did you mean \"off\"", class = "speczoo_argument_error")
  expect_error(zoo_walk_forward("gru_lob", plan = "of"), "did you mean \"off\"", class = "speczoo_argument_error")
  expect_error(zoo_tune("gru_lob", plan = "of"), "did you mean \"off\"", class = "speczoo_argument_error")
  expect_error(
    zoo_sweep("gru_lob", over = list(units = 2), plan = "of"), "did you mean \"off\"", class = "speczoo_argument_error"
  )
})
