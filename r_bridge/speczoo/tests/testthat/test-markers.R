local_markers <- function(.env = parent.frame()) {
  session <- speczoo:::session
  seen <- new.env()
  session$markers <- function(name, markers, autoSelect) seen$markers <- markers
  withr::defer(session$markers <- NULL, envir = .env)
  seen
}

findings <- function(file) {
  data.frame(
    code = c("G201", "G101", "P104"), level = c("error", "note", "error"), message = c("no layer `x`", "unused", "no place"),
    file = c(file, file, NA), line = c(10L, 3L, NA), column = c(3L, 1L, NA), help = c("did you mean `y`?", "", "")
  )
}

test_that("RStudio marks the findings that have a place in a file", {
  file <- withr::local_tempfile(fileext = ".yaml", lines = "spec: 1")
  seen <- local_markers()
  local_table(
    spec = function(...) failure("two errors", class = "speczoo_spec_error", diagnostics = findings(file)),
    check = function(...) value(list(ok = FALSE, text = "", diagnostics = findings(file)[2, ]))
  )
  expect_error(zoo_spec(file), class = "speczoo_spec_error")
  expect_equal(
    seen$markers,
    data.frame(
      type = c("error", "info"), file = rep(normalizePath(file), 2), line = c(10L, 3L), column = c(3L, 1L),
      message = c("G201: no layer `x` (did you mean `y`?)", "G101: unused")
    )
  )
  zoo_check(file)
  expect_equal(seen$markers$line, 3L)
})

test_that("outside RStudio, and for inline text, nothing is marked", {
  expect_silent(speczoo:::mark_source(findings("<text>"), show = function(...) stop("marked")))
  expect_silent(speczoo:::mark_source(findings("<text>"), show = NULL))
})
