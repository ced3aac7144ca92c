planted <- function(rows = 240) {
  set.seed(1)
  x <- array(rnorm(rows * 6 * 4), c(rows, 6, 4))
  list(x = x, y = as.integer(x[, 5, 3] > 0))
}

planted_model <- function() {
  data <- planted()
  m <- zoo_model(text = "
spec: 1
name: planted
inputs: {x: {shape: [6, 4]}}
graph: {side: [x, Flatten, Dense: {units: 8, activation: tanh}, Dense: {units: 2, activation: softmax}]}
outputs: {side: {loss: sparse_categorical_crossentropy}}
training: {optimizer: {Adam: {learning_rate: 0.03}}, seed: 3}
")
  fit(m, data$x, data$y, epochs = 10, verbose = FALSE)
  m
}

test_that("a planted feature comes first, and is drawn", {
  skip_without_python()
  m <- planted_model()
  data <- planted()
  found <- zoo_importance(m, data$x, data$y, repeats = 2)
  expect_s3_class(found, c("speczoo_importance", "tbl_df"))
  expect_named(found, c("feature", "output", "metric", "score", "permuted", "importance", "sd", "low", "high"))
  expect_equal(found$feature[which.max(found$importance)], "x_3")
  expect_output(print(found), "side: loss of macro_f1")
  expect_output(print(found[1, ]), "A tibble: 1")
  times <- zoo_importance(m, data$x, data$y, by = "time", repeats = 1)
  expect_equal(times$time[which.max(times$importance)], 1)
  expect_equal(times, zoo_importance(m, data$x, data$y, by = "time", repeats = 1))
  own <- zoo_importance(m, data$x, data$y, by = list(rest = c("x_1", "x_2"), planted = "x_3"), repeats = 1)
  expect_equal(own$group, c("rest", "planted"))
  expect_s3_class(plot(found), "ggplot")
})

test_that("a book's levels, from its own data", {
  skip_without_python()
  m <- zoo_train("hrnn_lob", window = 5, row_units = 2, window_units = 2, epochs = 0, seed = 1)
  expect_output(print(zoo_importance(m, by = "input", repeats = 1, windows = NULL)), "[2-9],[0-9]{3} windows")
  found <- zoo_importance(m, by = c("level", "side"), repeats = 1, windows = 30, block = 3, metric = "nll")
  expect_equal(found$level, rep(1:5, each = 2))
  expect_equal(found$side, rep(c("ask", "bid"), 5))
  expect_error(zoo_importance(m, by = "depth"), "cannot be grouped by `depth`", class = "speczoo_train_error")
  expect_error(zoo_importance(m, repeats = 0), "at least 1", class = "speczoo_argument_error")
  expect_error(zoo_importance(m, within = "day"), "must be one of", class = "speczoo_argument_error")
  expect_error(zoo_importance(m, repeat_s = 2), "did you mean `repeats`", class = "speczoo_argument_error")
})

test_that("an array without targets is not judged in silence", {
  skip_without_python()
  m <- zoo_train("hrnn_lob", window = 5, row_units = 2, window_units = 2, epochs = 0)
  x <- array(0, c(3, 5, 20, 1))
  expect_error(zoo_importance(m, x), "`y` is missing", class = "speczoo_argument_error")
  expect_error(zoo_factors(m, x), "`y` is missing", class = "speczoo_argument_error")
  expect_error(zoo_importance(m, by = 1), "cannot be grouped by", class = "speczoo_error")
})

test_that("the factor report", {
  skip_without_python()
  m <- planted_model()
  data <- planted()
  found <- zoo_factors(m, data$x, data$y)
  expect_s3_class(found, c("speczoo_factors", "tbl_df"))
  expect_equal(nrow(found), 4 * 2 * 1 * 2)
  row <- found[found$feature == "x_3" & found$at == "mean" & found$with == "truth", ]
  expect_equal(row$spearman, cor(rowMeans(data$x[, , 3]), data$y, method = "spearman"), tolerance = 1e-4)
  expect_output(print(found), "with the truth")
  expect_s3_class(plot(found), "ggplot")
})

test_that("attention maps", {
  skip_without_python()
  m <- zoo_model("ctabl")
  x <- array(rnorm(4 * 10 * 40), c(4, 10, 40))
  found <- zoo_attention(m, x)
  expect_named(found, c("layer", "time", "unit", "weight"))
  expect_equal(as.numeric(tapply(found$weight, found$unit, sum)), c(1, 1, 1), tolerance = 1e-5)
  expect_equal(nrow(zoo_attention(m, x, window = 2)), 15)
  expect_output(print(found), "TABL")
  expect_error(zoo_attention(m, x, window = 5), class = "speczoo_train_error")
  expect_error(zoo_attention(planted_model(), planted()$x), "no layer of `planted`", class = "speczoo_train_error")
})

test_that("attributions follow the weights", {
  skip_without_python()
  m <- planted_model()
  before <- predict(m, planted()$x)
  found <- zoo_sanity(m, planted()$x, windows = 20)
  expect_named(found, c("layer", "layers", "size", "signed"))
  expect_equal(found$layers, 1:2)
  expect_type(attr(found, "passed"), "logical")
  expect_output(print(found), "random down to")
  expect_output(print(zoo_sanity(m, planted()$x, windows = 20, method = "integrated_gradients")), "by integrated_gradients")
  expect_equal(predict(m, planted()$x), before)
})

test_that("patches of a window covered", {
  skip_without_python()
  m <- planted_model()
  x <- planted()$x
  found <- zoo_occlusion(m, x, windows = 20, patch = c(1, 1), target = 1)
  expect_named(found, c("feature", "size", "low", "high", "mean", "share"))
  expect_equal(found$feature[which.max(found$size)], "x_3")
  expect_equal(sum(found$share), 1)
  expect_equal(dim(attr(found, "attributions")$x), c(20, 6, 4))
  expect_output(print(found), "`1` of `side`")
  expect_error(zoo_occlusion(m, x, target = "up"), "no class or number `up`", class = "speczoo_train_error")
  expect_error(zoo_occlusion(m, x, patch = c(1, 0)), "two whole numbers", class = "speczoo_train_error")
})
