versions <- function(in_r, in_python) {
  session <- speczoo:::session
  previous <- session$versions_fit
  session$versions_fit <- NULL
  on.exit(session$versions_fit <- previous)
  speczoo:::check_versions(NULL, in_r, in_python, python = "/env/bin/python")
}

test_that("equal versions and patches of one fit; what differs is told with the command", {
  expect_silent(versions("0.1.0", "0.1.0"))
  expect_silent(versions("0.2.0", "0.2.0.dev3"))
  expect_snapshot(versions("0.1.0", "0.1.2"))
  expect_snapshot(versions("0.1.0", "0.2.0"), error = TRUE)
  expect_snapshot(versions("1.0.0", "0.2.0"), error = TRUE)
})

test_that("the conditions have classes and both versions", {
  warning <- expect_warning(versions("0.1.1", "0.1.0"), class = "speczoo_version_warning")
  expect_equal(c(warning$in_r, warning$in_python), c("0.1.1", "0.1.0"))
  error <- expect_error(versions("0.1.0", "0.10.0"), class = "speczoo_version_error")
  expect_equal(c(error$in_r, error$in_python), c("0.1.0", "0.10.0"))
})

test_that("they are compared once, and Python's own version is the one that is compared", {
  session <- speczoo:::session
  withr::defer(session$versions_fit <- TRUE)
  session$versions_fit <- TRUE
  expect_silent(speczoo:::check_versions(NULL, "0.1.0", "9.0.0"))
  skip_without_python()
  zoo_list("no such model")
  expect_equal(getOption("speczoo.version"), as.character(utils::packageVersion("speczoo")))
})
