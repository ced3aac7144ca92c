test_that("the interpreter is looked for in the documented order", {
  recorded <- environment_with("speczoo-0.1.0")
  local_search(recorded = recorded)
  dir.create("analysis")
  nearby <- environment_with("speczoo-0.1.0", folder = file.path(getwd(), ".venv"))
  own <- environment_with("speczoo-0.1.0", folder = speczoo:::own_environment())
  chosen <- environment_with()
  withr::local_dir("analysis")

  withr::with_envvar(c(RETICULATE_PYTHON = chosen), expect_equal(speczoo:::find_python(), chosen))
  withr::with_envvar(c(RETICULATE_PYTHON = dirname(dirname(chosen))), expect_equal(speczoo:::find_python(), chosen))
  withr::with_envvar(c(RETICULATE_PYTHON = "managed"), expect_equal(speczoo:::find_python(), recorded))
  expect_equal(speczoo:::find_python(), recorded)
  unlink(dirname(dirname(recorded)), recursive = TRUE)
  expect_equal(speczoo:::find_python(), own)
  unlink(dirname(dirname(own)), recursive = TRUE)
  expect_equal(normalizePath(speczoo:::find_python()), normalizePath(nearby))
})

test_that("an environment without speczoo hides none that has it", {
  local_search()
  outer <- environment_with("speczoo-0.1.0", folder = file.path(getwd(), ".venv"))
  inner <- environment_with("numpy-2.0.0", folder = file.path(getwd(), "other", ".venv"))
  withr::local_dir("other")
  expect_equal(normalizePath(speczoo:::find_python()), normalizePath(outer))
  unlink(dirname(dirname(outer)), recursive = TRUE)
  expect_equal(normalizePath(speczoo:::find_python()), normalizePath(inner))
})

test_that("a chosen interpreter that does not exist is said to be missing", {
  withr::local_envvar(RETICULATE_PYTHON = "/no/such/python")
  expect_snapshot(speczoo:::find_python(), error = TRUE)
})

test_that("where there is no Python the command to run is said", {
  local_search()
  expect_snapshot(speczoo:::find_python(), error = TRUE)
  withr::local_options(speczoo.dispatch = NULL)
  expect_false(zoo_available())
})

test_that("versions are read from file names", {
  python <- environment_with("speczoo-0.1.0", "rpy2_rinterface-3.6.5", "numpy-2.4.6")
  expect_equal(speczoo:::installed_version(python, "rpy2-rinterface"), "3.6.5")
  expect_equal(speczoo:::installed_version(python, "rpy2-robjects"), NA_character_)
  expect_equal(speczoo:::environment_version(python), "3.12.1")
})

test_that("a forked process gets a clear error", {
  expect_silent(speczoo:::check_process(NULL, Sys.getpid()))
  expect_snapshot(speczoo:::check_process(NULL, -1L), error = TRUE)
  expect_error(speczoo:::check_process(NULL, -1L), class = "speczoo_fork_error")
})
