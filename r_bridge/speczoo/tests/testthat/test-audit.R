test_that("a clean model has no leak, and its findings are a table", {
  skip_without_python()
  found <- zoo_audit("hrnn_lob", window = 5, row_units = 2, window_units = 2, checks = c("batch", "split"))
  expect_s3_class(found, c("speczoo_audit", "tbl_df"))
  expect_named(found, c("check", "status", "message", "number", "tolerance", "unit", "where", "rule", "help"))
  expect_equal(unique(found$status), "clean")
  expect_true(attr(found, "ok"))
  expect_output(print(found), "audit of hrnn_lob: no leak found")
  plain <- as.data.frame(found)
  expect_identical(class(plain), "data.frame")
  expect_equal(nrow(plain), nrow(found))
})

test_that("a leak is found in a model of arrays", {
  skip_without_python()
  m <- zoo_model(text = "
spec: 1
name: mixed
inputs: {x: {shape: [6, 4]}}
graph: {y: [x, BatchNormalization, Flatten, Dense: 1]}
outputs: {y: {loss: mse}}
")
  found <- zoo_audit(m, checks = "batch")
  expect_false(attr(found, "ok"))
  leak <- found[found$status == "leak", ]
  expect_equal(leak$rule, "D301")
  expect_match(leak$where, "BatchNormalization")
  expect_gt(leak$number, leak$tolerance)
  x <- array(rnorm(200 * 6 * 4), c(200, 6, 4))
  told <- zoo_audit(m, list(x, x[, 6, 2]), checks = "pipeline")
  expect_equal(told$rule[told$status == "leak"], "D314")
})

test_that("what cannot be is told in R's words", {
  skip_without_python()
  expect_error(zoo_audit("hrnn_lob", checks = "bach"), "did you mean `batch`", class = "speczoo_train_error")
  expect_error(zoo_audit("hrnn_lob", epochs = 0), "at least 1", class = "speczoo_argument_error")
  expect_error(zoo_audit(), "`model` is missing", class = "speczoo_argument_error")
  expect_error(zoo_audit("nofile.zoo"), "no file.*nofile.zoo", class = "speczoo_bundle_error")
})

test_that("a function of one's own is tried on other futures", {
  skip_without_python()
  spec <- zoo_spec(text = "
spec: 1
name: small
inputs: {x: {shape: [3]}}
graph: {y: [x, Dense: 1]}
outputs: {y: {loss: mse}}
")
  withr::local_seed(1)
  prices <- data.frame(time = 1:120, price = 100 + cumsum(rnorm(120)), note = "a")
  tried <- function(f) zoo_audit(spec, prices, checks = "pipeline", features = f, keep = "time")
  ahead <- tried(function(frame) data.frame(next_price = c(frame$price[-1], NA)))
  expect_false(attr(ahead, "ok"))
  expect_match(ahead$message, "`next_price` reads up to 1 row after")
  expect_true(attr(tried(function(frame) cumsum(frame$price)), "ok"))
  windows <- function(ends) list(x = cbind(prices$price[ends], prices$price[ends - 1]), rows = ends)
  expect_true(attr(tried(function(frame) { prices <<- frame; windows(5:120) }), "ok"))
  expect_error(tried(function(frame) stop("no such thing")), "`features` failed", class = "speczoo_callback_error")
  expect_error(tried("mean"), "must be a function", class = "speczoo_argument_error")
  seen <- 0
  withCallingHandlers(
    tried(function(frame) { warning("told"); frame$price }),
    warning = function(w) { seen <<- seen + 1; invokeRestart("muffleWarning") }
  )
  expect_gt(seen, 1)
  left <- tryCatch(tried(function(frame) message("enough")), message = conditionMessage)
  expect_equal(left, "enough\n")
})
