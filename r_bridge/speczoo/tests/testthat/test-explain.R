test_that("attention maps are drawn, of one layer each head", {
  skip_without_python()
  skip_if_not_installed("ggplot2")
  m <- zoo_model(text = "
spec: 1
name: attends
inputs: {past: {shape: [6, 4]}}
graph:
  mixed: [past, MultiHeadAttention: {num_heads: 2, key_dim: 3, call: {value: _}}]
  move: [mixed, Flatten, Dense: 1]
outputs: {move: {loss: mse}}
", seed = 1)
  a <- zoo_attention(m, array(rnorm(5 * 24), c(5, 6, 4)))
  drawn <- ggplot2::layer_data(plot(a))
  expect_equal(nrow(drawn), 2 * 36)
  expect_equal(as.character(unique(plot(a, layer = factor("mixed"))$data$panel)), c("mixed, head 1\nquery (down), key (across)", "mixed, head 2\nquery (down), key (across)"))
  expect_equal(mean(plot(a)$data$times), 1, tolerance = 1e-6)
  expect_error(plot(a, layer = "mixt"), "did you mean \"mixed\"", class = "speczoo_argument_error")
})

test_that("attributions add up to what the output changes by", {
  skip_without_python()
  m <- zoo_train("hrnn_lob", window = 10, epochs = 1, row_units = 4, window_units = 4, verbose = 0)
  e <- zoo_explain(m, by = c("side", "level"), target = "up", windows = 8)
  expect_s3_class(e, "speczoo_explanation")
  expect_equal(sum(e$share), 1)
  expect_true(attr(e, "complete"))
  values <- attr(e, "attributions")$book
  expect_equal(dim(values)[1:3], c(8, 10, 20))
  windows <- attr(e, "windows")
  expect_named(windows, c("value", "change", "gap", "steps"))
  expect_equal(as.numeric(apply(values, 1, sum)), windows$change, tolerance = 0.02)
  expect_output(print(e), "completeness gap")
  expect_named(as.data.frame(e), c("side", "level", "attribution", "importance", "share"))
  expect_false(inherits(tidy(e), "speczoo_explanation"))
  expect_error(zoo_explain(m, method = "gradients"), "method")
  expect_error(zoo_explain(m, method = "permutation"), "zoo_importance(model)", fixed = TRUE, class = "speczoo_train_error")
  expect_error(zoo_explain(m, method = "sanity"), "zoo_sanity(model)", fixed = TRUE)
  bars <- ggplot2::autoplot(e)
  expect_setequal(bars$data$group, paste(e$side, e$level))
  expect_setequal(ggplot2::autoplot(e, by = "field")$data$group, c("price", "size"))
  own <- zoo_explain(m, by = list(best = c("ask_size_1", "bid_size_1"), deep = "ask_size_5"), target = "up", windows = 8)
  expect_setequal(own$group, c("best", "deep"))
  expect_setequal(ggplot2::autoplot(own)$data$group, c("best", "deep"))
  expect_error(zoo_explain(m, target = "upp"), "upp")
})

test_that("other tables and the pictures of an explanation", {
  skip_without_python()
  withr::local_seed(1)
  out <- withr::local_tempdir()
  html <- file.path(out, "page.html")
  m <- zoo_train("hrnn_lob", window = 10, epochs = 1, row_units = 4, window_units = 4, verbose = 0)
  e <- zoo_explain(m, target = "up", windows = 8, out = out, html = html)
  expect_true(all(file.exists(file.path(out, c("explanation.txt", "by_level.csv", "profile.png"))), file.exists(html)))
  written <- utils::read.csv(file.path(out, "by_level.csv"))
  expect_equal(as.data.frame(e, by = "level"), written, tolerance = 1e-5)
  values <- attr(e, "attributions")$book
  cells <- tidy(e, by = c("time", "feature"))
  expect_equal(nrow(cells), 200)
  expect_equal(cells$attribution[cells$time == 2 & cells$feature == "ask_size_1"], mean(values[, 8, 2, 1]), tolerance = 1e-5)
  for (type in c("importance", "profile", "window")) {
    drawn <- ggplot2::autoplot(e, type = type)
    expect_s3_class(drawn, "ggplot")
    expect_no_error(ggplot2::ggplot_build(drawn))
  }
  expect_s3_class(plot(e, by = "level"), "ggplot")
  expect_error(ggplot2::autoplot(e, type = "bars"), "must be one of", class = "speczoo_argument_error")
  expect_error(as.data.frame(e, by = "levels"), "must be one of", class = "speczoo_argument_error")
})

test_that("every view is written where it is asked for", {
  skip_without_python()
  out <- withr::local_tempdir()
  m <- zoo_train("hrnn_lob", window = 5, epochs = 1, row_units = 2, window_units = 2, verbose = 0)
  o <- zoo_occlusion(m, by = "level", windows = 4, out = file.path(out, "o"))
  expect_setequal(list.files(file.path(out, "o")), c("occlusion.txt", "occlusion.csv", "occlusion.png"))
  expect_equal(utils::read.csv(file.path(out, "o", "occlusion.csv"))$size, o$size, tolerance = 1e-6)
  f <- zoo_factors(m, windows = 40, out = file.path(out, "f.csv"))
  expect_equal(nrow(utils::read.csv(file.path(out, "f.csv"))), nrow(f))
  expect_true(all(c("mid", "ask_price_1") %in% attr(zoo_explain(m, windows = 4), "drawn")$windows$row))
})
