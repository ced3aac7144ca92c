# What every machine has differently is left out of the snapshots.
steady <- function(lines) {
  lines <- gsub("/\\S*/R/speczoo/venv|/\\S*(/R)?/speczoo/venv", "DATA/venv", lines)
  lines <- gsub("/\\S*(Rtmp|file)[^/ ]*(/\\S*)?/bin/python", "FOLDER/bin/python", lines)
  lines <- gsub("'FOLDER/bin/python'|'/\\S*/bin/python'", "'FOLDER/bin/python'", lines)
  sub("^(  (R|reticulate|speczoo \\(R\\)) +)[0-9.]+.*$", "\\1VERSION", lines)
}

test_that("without Python it says so, and starts nothing", {
  local_search()
  withr::local_options(speczoo.dispatch = NULL, speczoo.host = NULL, speczoo.python = NULL)
  expect_snapshot(zoo_sitrep(start = FALSE), transform = steady)
  found <- zoo_sitrep(start = FALSE)
  expect_true(is.na(found$python))
  expect_false(found$started)
  expect_equal(nrow(found$problems), 1)
})

test_that("what is wrong is told with its mend, from files alone", {
  python <- environment_with("speczoo-0.9.0", "rpy2_rinterface-99.0.0", "keras-3.15.0", version = "3.9.2")
  local_search(recorded = python)
  withr::local_options(speczoo.dispatch = NULL, speczoo.host = NULL, speczoo.python = NULL)
  local_function("r_versions", function() c(R = "4.2.2", `speczoo (R)` = "0.1.0", reticulate = "1.28"))
  expect_snapshot(zoo_sitrep(start = FALSE), transform = steady)
})

test_that("an environment without speczoo, and one without rpy2, are told with the command", {
  withr::local_options(speczoo.dispatch = NULL, speczoo.host = NULL, speczoo.python = NULL)
  local_search(recorded = environment_with("numpy-2.0.0"))
  found <- zoo_sitrep(start = FALSE)$problems
  expect_match(found$problem, "has no package speczoo")
  expect_match(found$mend, "-m pip install 'speczoo[r]'", fixed = TRUE)
  local_search(recorded = environment_with("speczoo-0.1.0"))
  found <- zoo_sitrep(start = FALSE)$problems
  expect_match(found$problem, "rpy2 is not installed")
})

test_that("a Python that is chosen and missing is a problem, not an error", {
  withr::local_options(speczoo.dispatch = NULL, speczoo.host = NULL, speczoo.python = NULL)
  withr::local_envvar(RETICULATE_PYTHON = "/no/such/python")
  found <- zoo_sitrep(start = FALSE)
  expect_equal(found$problems$problem, "RETICULATE_PYTHON is `/no/such/python`, which does not exist")
  expect_match(found$problems$mend, "unset it")
})

test_that("the Python that runs is asked", {
  skip_without_python()
  found <- zoo_sitrep()
  expect_true(found$started)
  expect_equal(found$python, getOption("speczoo.python"))
  expect_equal(found$versions[["speczoo (Python)"]], as.character(utils::packageVersion("speczoo")))
  expect_match(found$versions[["rpy2-rinterface"]], "^[0-9.]+$")
  expect_equal(nrow(found$problems), 0)
  expect_equal(capture.output(print(found)), format(found))
})

test_that("start is TRUE or FALSE", {
  expect_error(zoo_sitrep("no"), "`start`", class = "speczoo_argument_error")
})
