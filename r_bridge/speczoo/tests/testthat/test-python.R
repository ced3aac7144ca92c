test_that("the interpreter is looked for in the documented order", {
  folder <- withr::local_tempdir()
  inner <- file.path(folder, "project", "analysis")
  dir.create(inner, recursive = TRUE)
  python <- file.path(folder, "project", ".venv", "bin", "python")
  dir.create(dirname(python), recursive = TRUE)
  file.create(python)
  other <- file.path(folder, "other-python")
  file.create(other)
  withr::local_dir(inner)

  withr::local_envvar(RETICULATE_PYTHON = other)
  expect_equal(speczoo:::find_python(), other)

  withr::local_envvar(RETICULATE_PYTHON = NA)
  expect_true(normalizePath(python) %in% normalizePath(speczoo:::nearby_python(getwd()), mustWork = FALSE))
  recorded <- speczoo:::recorded_python()
  if (length(recorded) == 0 || !file.exists(recorded)) {
    expect_equal(normalizePath(speczoo:::find_python()), normalizePath(python))
  } else {
    expect_equal(speczoo:::find_python(), recorded)
  }
})

test_that("a chosen interpreter that does not exist is said to be missing", {
  withr::local_envvar(RETICULATE_PYTHON = "/no/such/python")
  expect_snapshot(speczoo:::find_python(), error = TRUE)
})

test_that("a forked process gets a clear error", {
  expect_silent(speczoo:::check_process(NULL, Sys.getpid()))
  expect_snapshot(speczoo:::check_process(NULL, -1L), error = TRUE)
  expect_error(speczoo:::check_process(NULL, -1L), class = "speczoo_fork_error")
})
