test_that("texts print as they are, and are written whole", {
  asked <- local_table(
    new = function(...) value("spec: 1\n"), schema = function() value("{}"),
    fill = function(...) value(list(text = "spec: 1\n", added = data.frame(class = "LSTM"))),
    resolve = function(...) value(list(text = "spec: 1\n", values = list(spec = 1L), origins = data.frame(path = "spec")))
  )
  file <- withr::local_tempfile(fileext = ".yaml")
  expect_output(print(zoo_new("table", name = "mine", out = file)), "spec: 1")
  expect_equal(asked$calls[[1]]$arguments$called, "mine")
  expect_equal(readLines(file), "spec: 1")
  expect_s3_class(zoo_resolve("toy", origin = TRUE), "tbl_df")
  expect_equal(zoo_resolve("toy", units = 3)$values, list(spec = 1L))
  expect_equal(asked$calls[[3]]$arguments$params, list(units = 3))
  expect_equal(as.character(zoo_fill(structure(list(yaml = "spec: 1"), class = "speczoo_spec"))), "spec: 1\n")
  expect_equal(asked$calls[[4]]$arguments, list(source = NULL, text = "spec: 1"))
  expect_snapshot(error = TRUE, transform = function(lines) gsub("`[^`]*\\.yaml`", "`FILE`", lines), {
    zoo_new("table", out = file)
    zoo_resolve("toy", out = "/no/such/folder/x.yaml")
  })
  expect_silent(zoo_schema(out = file, overwrite = TRUE))
  expect_equal(readLines(file, warn = FALSE), "{}")
})

test_that("a difference prints and is a data frame", {
  asked <- local_table(
    diff = function(a, b) value(list(same = FALSE, changes = data.frame(kind = "parameter"), text = "parameter x: 1 to 2"))
  )
  found <- zoo_diff("a", "b")
  expect_output(print(found), "parameter x: 1 to 2")
  expect_equal(as.data.frame(found), data.frame(kind = "parameter"))
})

test_that("a file is laid out in place, or only looked at", {
  local_table(fmt = function(text, ...) value(paste0(gsub(" +", " ", text), "\n")))
  file <- withr::local_tempfile(lines = "spec:   1")
  expect_true(zoo_fmt(file, check = TRUE))
  expect_equal(readLines(file), "spec:   1")
  expect_true(zoo_fmt(file))
  expect_equal(readLines(file), "spec: 1")
  expect_false(zoo_fmt(file))
  expect_output(print(zoo_fmt(text = c("a:  1", "b:  2"))), "a: 1\nb: 2", fixed = TRUE)
})

test_that("mistakes are told before Python is asked", {
  asked <- local_table()
  expect_snapshot(error = TRUE, {
    zoo_new("tabel")
    zoo_new(name = 3)
    zoo_fmt()
    zoo_fmt("no-such.yaml")
    zoo_diff("a")
    zoo_diff("a", 3)
    zoo_fill(3)
    zoo_resolve("a", 3)
    zoo_from_keras()
    zoo_from_keras(3)
    zoo_from_keras(toy_model())
    zoo_import(3)
    zoo_keras("m")
    zoo_data_orderbook()
    zoo_data_orderbook("x.csv", clean = "dorp")
    zoo_data_orderbook("x.csv", symbol = 3)
    zoo_data_simulate(0)
    zoo_plot(toy_model(), size = 3)
  })
  expect_length(asked$calls, 0)
})
