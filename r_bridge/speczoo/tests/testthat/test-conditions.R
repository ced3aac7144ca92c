test_that("an error of Python becomes a classed condition with its fields", {
  local_table(list_models = function(...) {
    failure(
      "row 7: the quotes cross", class = c("speczoo_data_crossed", "speczoo_data_error"), help = "drop the row",
      code = "data.crossed", data = list(row = 7L)
    )
  })
  error <- tryCatch(zoo_list(), error = identity)
  expect_s3_class(
    error, c("speczoo_data_crossed", "speczoo_data_error", "speczoo_error", "rlang_error", "error", "condition"),
    exact = TRUE
  )
  expect_equal(error$data, list(row = 7L))
  expect_equal(error$code, "data.crossed")
  expect_equal(rlang::call_name(error$call), "zoo_list")
  expect_snapshot(zoo_list(), error = TRUE)
})

test_that("no traceback is shown unless asked for", {
  local_table(list_models = function(...) failure("KeyError: 'x'", class = "speczoo_internal_error"))
  expect_snapshot(zoo_list(), error = TRUE)
  expect_output(print(zoo_last_error()), "Traceback: here")
})

test_that("the backtrace ends at the call of the user", {
  local_table(list_models = function(...) failure())
  error <- tryCatch(zoo_list(), error = identity)
  calls <- vapply(error$trace$call, function(call) paste(deparse(call), collapse = ""), "")
  expect_match(calls[[length(calls)]], "^(speczoo::)?zoo_list")
})

test_that("someone who waits is told that Python starts, and may not want to know", {
  expect_snapshot(speczoo:::say_start("python", waits = TRUE))
  expect_silent(suppressMessages(speczoo:::say_start("python", waits = TRUE)))
  expect_silent(speczoo:::say_start("python", waits = FALSE))
})

test_that("a spec with mistakes carries its diagnostics as a tibble", {
  local_table(spec = function(...) {
    failure("error[G201]: ...", class = "speczoo_spec_error", diagnostics = data.frame(code = "G201", line = 10))
  })
  error <- tryCatch(zoo_spec("bad.yaml"), speczoo_spec_error = identity)
  expect_s3_class(error$diagnostics, "tbl_df")
  expect_equal(error$diagnostics$code, "G201")
})

test_that("an interrupt in Python interrupts R", {
  local_table(list_models = function(...) list(tag = "interrupt"))
  expect_equal(tryCatch(zoo_list(), interrupt = function(i) "interrupted"), "interrupted")
})

test_that("warnings of Python are warnings of R", {
  local_table(list_models = function(...) {
    list(tag = "value", value = data.frame(name = "a", tags = "b, c"), warnings = "three rows were dropped")
  })
  expect_warning(zoo_list(), "three rows were dropped", class = "speczoo_warning")
})

test_that("an answer R cannot read is an error, never NULL", {
  local_table(list_models = function(...) NULL)
  expect_error(zoo_list(), class = "speczoo_internal_error")
})
