# Every kind of value to Python and back.

back <- function(value, ...) speczoo:::round_trip(value, ...)

test_that("settings come back as they went", {
  skip_without_python()
  values <- list(
    TRUE, 0.5, "Gr\u00f6\u00dfe", c("a", NA), c(1.5, -2, Inf), list(1.5, "a", list(b = c(0.5, 1.5))), raw(0), as.raw(0:255),
    matrix(c("a", NA, "c", "d"), 2), rlang::set_names(list(0.5, list(x = "y")), c("a b", "\u00e4\n`")),
    factor(c("u", "d", "u"), levels = c("d", "same", "u")), as.difftime(90, units = "secs")
  )
  for (value in values) expect_identical(back(value), value)
  expect_null(back(NULL))
})

test_that("whole doubles are settings that count", {
  skip_without_python()
  expect_identical(back(64), 64L)
  expect_identical(back(2^40), 2^40)
  expect_identical(back(c(a = 1, b = 2.5)), list(a = 1L, b = 2.5))
  expect_identical(back(1:1e5), 1:1e5)
})

test_that("arrays of one to five dimensions keep every number where it was", {
  skip_without_python()
  for (dims in list(5, c(2, 3), c(2, 3, 4), c(300, 20, 10), c(2, 3, 4, 5), c(150, 10, 20, 2), c(2, 2, 3, 2, 3))) {
    x <- array(seq_len(prod(dims)) / 4, dims)
    if (length(dims) == 1) x <- as.vector(x)
    for (dtype in c("float32", "float64")) expect_identical(back(x, dtype = dtype), x)
    whole <- x
    whole[] <- seq_len(prod(dims))
    storage.mode(whole) <- "integer"
    expect_identical(back(whole, dtype = "int32"), whole)
    expect_identical(back(x > 1, dtype = "bool"), x > 1)
  }
})

test_that("empty arrays keep their dimensions", {
  skip_without_python()
  for (dims in list(c(0, 3), c(2, 0, 4), c(0, 0, 0, 0))) {
    expect_identical(back(array(0, dims), dtype = "float32"), array(0, dims))
  }
  expect_identical(back(numeric(), dtype = "float32"), numeric())
})

test_that("times keep their zone and their fraction", {
  skip_without_python()
  for (zone in c("UTC", "Europe/Zurich", "America/New_York")) {
    at <- as.POSIXct(c("2024-03-31 00:30:00", "2024-10-27 02:30:00"), tz = zone) + c(0.25, 0)
    frame <- back(data.frame(at = at))
    expect_identical(attr(frame$at, "tzone"), zone)
    expect_equal(as.numeric(frame$at), as.numeric(at), tolerance = 1e-15)
  }
  expect_identical(back(data.frame(at = as.POSIXct(NA, tz = "UTC")))$at, as.POSIXct(NA_real_, origin = "1970-01-01", tz = "UTC"))
})

test_that("a tibble comes back as a data frame of the same columns", {
  skip_without_python()
  frame <- tibble::tibble(
    z = c(1.5, NaN), n = 3:4, s = c("\u00e4", NA), f = factor(c("u", "d")), l = c(TRUE, FALSE), day = .Date(c(0, 1))
  )
  made <- back(frame)
  expect_named(made, names(frame))
  for (name in c("z", "n", "s", "f", "l")) expect_identical(made[[name]], frame[[name]])
  # A day is midnight in pandas, which has no type for days.
  expect_identical(made$day, as.POSIXct(c("1970-01-01", "1970-01-02"), tz = "UTC"))
  expect_identical(dim(back(frame[0, ])), c(0L, 6L))
})

test_that("shared vectors are never written to", {
  skip_without_python()
  x <- y <- c(1, 2, 3)
  back(x, dtype = "float64")
  expect_identical(y, c(1, 2, 3))
})

test_that("a value that cannot cross says why", {
  skip_without_python()
  text <- "fa\xe7ile"
  bytes <- text
  Encoding(bytes) <- "bytes"
  expect_snapshot(error = TRUE, {
    back(c(TRUE, NA))
    back(c(1L, NA, NA))
    back(factor(c("a", NA)))
    back(addNA(factor(c("a", NA))))
    back(array(c(1, NA, 3, 4), c(2, 2)), dtype = "float32")
    back(c(1, Inf), dtype = "float32")
    back(1e300, dtype = "float32")
    back(c(1, 2.5), dtype = "int32")
    back(c(1, 300), dtype = "uint8")
    back(sum)
    back(list(a = 1, b = list(c = globalenv())))
    back(y ~ x)
    back(1i)
    back(list(a = 1, 2))
    back(list(a = 1, a = 2))
    back(as.POSIXlt("2024-01-01", tz = "UTC"))
    back(as.POSIXct("2024-01-01", tz = "UTC"), dtype = "float32")
    back(bytes)
    back(data.frame(a = 1, a = 2, check.names = FALSE))
    back("a", dtype = "float32")
    back(data.frame(a = 1, g = factor("u")), dtype = "float32")
  })
})
