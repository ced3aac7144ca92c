#' What each number of a window brings to an output
#'
#' Integrated gradients: the attributions of a window add up to what the output differs by from the baseline's. How far they miss
#' it, the completeness gap, is always in the result, and gradients are added until it is within the tolerance. Words are attributed
#' at their embeddings. Numbers are those that the model sees: scaled.
#'
#' @inheritParams zoo_occlusion
#' @param by What makes a group of the table, and of the pictures' bars: `"feature"`, `"level"` (1 is the best), `"side"`,
#'   `"field"`, `"time"` (steps before the window's last one, which is 0), `"input"`, or several of them; or a named list, each item
#'   the features of a group.
#' @param target The name of a class, or a number's place, from 0 as class numbers count. `NULL`: the class that the model says for
#'   each window, or the first number.
#' @param method `"integrated_gradients"`, `"gradient_x_input"` or `"smoothgrad"`. Other views have functions of their own:
#'   [zoo_importance()] (permutation), [zoo_occlusion()], [zoo_factors()], [zoo_attention()] and [zoo_sanity()].
#' @param baseline What a window is set against: the `"mean"` or `"median"` of the training part, `"zeros"`, or `"expected"`, 16
#'   windows drawn from it (expected gradients). An opened bundle that was trained on data of yours has its
#'   training part no longer: these are then made of `data`.
#' @param of `"output"`, such as a class's probability, or `"logits"`, before the last activation.
#' @param step Of an output of each step, counted from 1; the last one when `NULL`.
#' @param tolerance Of each window's gap, as a part of what the output changes by.
#' @param steps Gradients along the line, a fixed number instead of the tolerance; of `"smoothgrad"` noisy copies.
#' @param seed Of what is drawn; the model's own when `NULL`.
#' @param html A file for the report as one page.
#' @returns A tibble of class `speczoo_explanation`, a line a group, the most important first: `attribution`, the mean over the
#'   windows of what a group's numbers add up to; `importance`, the mean of its size; `share` of all importance. Its attributes:
#'   `attributions`, the numbers themselves, an array for each input; `windows`, a tibble of each window's `value`, `change` from the
#'   baseline's, `gap` (as a part of the change) and `steps`; `complete`, whether every gap is within the tolerance. `tidy()` and
#'   `as.data.frame()` give the table alone, or with `by` another one of the same attributions.
#' @export
#' @examplesIf speczoo::zoo_available()
#' \donttest{
#' m <- zoo_train("hrnn_lob", window = 10, epochs = 1)
#' e <- zoo_explain(m, by = c("side", "level"), target = "up", windows = 16)
#' e
#' attr(e, "windows")
#' dim(attr(e, "attributions")$book)
#' as.data.frame(e, by = "field")
#' }
zoo_explain <- function(model, data = NULL, by = "feature", ..., part = "test", output = NULL, target = NULL,
                        method = "integrated_gradients", baseline = "mean", of = "output", step = NULL, windows = 256,
                        tolerance = 0.01, steps = NULL, seed = NULL, scaled = NULL, out = NULL, html = NULL) {
  check_no_dots(..., .known = setdiff(names(formals(zoo_explain)), c("model", "...")), .function = "zoo_explain")
  baseline <- check_choice(baseline, c("mean", "median", "zeros", "expected"), "baseline")
  of <- check_choice(of, c("output", "logits"), "of")
  check_whole(step, "step", least = 1)
  check_whole(steps, "steps", least = 1)
  check_whole(seed, "seed")
  reply <- ask_view(
    "explain", model, windows_x(data), NULL, part = part, windows = windows, scaled = scaled, by = by, output = output,
    target = target, method = method, baseline = baseline, of = of, step = step, tolerance = tolerance, steps = steps, seed = seed,
    out = out, html = if (!is.null(html)) path.expand(html)
  )
  new_view(
    reply, "speczoo_explanation", by = as.character(reply$by), attributions = reply$attributions,
    windows = tibble::as_tibble(reply$windows), complete = reply$complete,
    drawn = reply$drawn
  )
}

#' @export
print.speczoo_explanation <- function(x, ...) print_view(x, ...)

#' @rdname zoo_explain
#' @param row.names,optional Not used.
#' @export
as.data.frame.speczoo_explanation <- function(x, row.names = NULL, optional = FALSE, by = NULL, ...) {
  check_no_dots(..., .known = "by", .function = "as.data.frame")
  if (is.null(by)) return(as.data.frame(tibble::new_tibble(as.list(x), nrow = nrow(x))))
  cells <- attr(x, "drawn")$cells
  by <- as_text(by)
  for (label in by) check_choice(label, names(cells), "by")
  numbers <- do.call(cbind, lapply(attr(x, "attributions"), function(values) matrix(values, nrow = dim(values)[1])))
  known <- stats::complete.cases(cells[by])
  labels <- as.data.frame(cells)[known, by, drop = FALSE]
  key <- do.call(paste, c(unname(as.list(labels)), sep = "\r"))
  sums <- rowsum(t(numbers[, known, drop = FALSE]), key, reorder = FALSE)
  frame <- labels[match(rownames(sums), key), , drop = FALSE]
  frame$attribution <- unname(rowMeans(sums))
  frame$importance <- unname(rowMeans(abs(sums)))
  frame <- frame[order(-frame$importance), , drop = FALSE]
  frame$share <- frame$importance / max(sum(frame$importance), 1e-30)
  rownames(frame) <- NULL
  frame
}

#' @rdname zoo_explain
#' @export
tidy.speczoo_explanation <- function(x, ..., by = NULL) tibble::as_tibble(as.data.frame(x, by = by, ...))

#' @rdname zoo_explain
#' @param object,x A `speczoo_explanation`.
#' @param type `"importance"`: bars with 95 % intervals; `"profile"`: the mean attribution by step of each class that the model
#'   says; `"window"`: a window of each class, attributions by step and level beneath its prices and the mid. Red raises what is
#'   explained, blue lowers it.
#' @usage \method{autoplot}{speczoo_explanation}(object, type = "importance", by = NULL, ...)
#' @exportS3Method ggplot2::autoplot
autoplot.speczoo_explanation <- function(object, type = "importance", by = NULL, ...) {
  check_no_dots(..., .known = c("type", "by"), .function = "autoplot")
  type <- check_choice(type, c("importance", "profile", "window"), "type")
  check_ggplot2("plotting explanations")
  drawn <- attr(object, "drawn")
  by <- paste(by %||% attr(object, "by"), collapse = "_")
  if (type == "importance") by <- check_choice(by, names(drawn$sizes), "by")
  if (type != "importance" && !nrow(drawn$profile)) {
    stop_zoo(sprintf("there is no picture \"%s\": no input has steps", type), "leave `type` out", "speczoo_argument_error")
  }
  switch(type, importance = plot_sizes(drawn, by), profile = plot_profile(drawn), window = plot_windows(drawn)) +
    ggplot2::labs(title = drawn$title)
}

#' @rdname zoo_explain
#' @export
plot.speczoo_explanation <- function(x, ...) autoplot.speczoo_explanation(x, ...)

# Of attributions, in bars as in heat maps: what raises the number that is explained, and what lowers it.
raises <- "#b2182b"
lowers <- "#2166ac"

plot_sizes <- function(drawn, by) {
  shown <- utils::head(as.data.frame(drawn$sizes[[by]]), 20)
  group <- do.call(paste, unname(as.list(shown[seq_len(match("size", names(shown)) - 1)])))
  shown$group <- factor(group, rev(group))
  shown$sign <- factor(ifelse(shown$mean >= 0, "raises it", "lowers it"), c("raises it", "lowers it"))
  ggplot2::ggplot(shown, ggplot2::aes(x = .data$size, y = .data$group)) +
    ggplot2::geom_col(ggplot2::aes(fill = .data$sign)) +
    ggplot2::scale_fill_manual(values = c("raises it" = raises, "lowers it" = lowers)) +
    ggplot2::geom_linerange(ggplot2::aes(xmin = .data$low, xmax = .data$high)) +
    ggplot2::labs(x = "mean size of the attribution, 95 %", y = NULL, fill = "on average")
}

plot_profile <- function(drawn) {
  shown <- as.data.frame(drawn$profile)
  ggplot2::ggplot(shown, ggplot2::aes(x = -.data$time, y = .data$mean, colour = .data$class, fill = .data$class)) +
    ggplot2::geom_hline(yintercept = 0, linewidth = 0.3) +
    ggplot2::geom_ribbon(
      ggplot2::aes(ymin = .data$mean - .data$se, ymax = .data$mean + .data$se), alpha = 0.2, colour = NA
    ) +
    ggplot2::geom_line() +
    ggplot2::facet_wrap(ggplot2::vars(.data$input), ncol = 1, scales = "free_y") +
    ggplot2::labs(
      x = "steps from the window's last one", y = "mean attribution, above 0 raises it", colour = "the model says",
      fill = "the model says"
    )
}

# Panels share one kind of axis: rows of a heat map stand far below any price, where the axis names them.
plot_windows <- function(drawn) {
  shown <- as.data.frame(drawn$windows)
  prices <- shown[shown$panel == "price", ]
  cells <- shown[shown$panel != "price", ]
  rows <- unique(cells$row)
  depth <- 1e7
  cells$y <- -depth - match(cells$row, rows)
  panels <- c(if (nrow(prices)) drawn$price_unit, unique(cells$panel))
  prices$panel <- rep(drawn$price_unit, nrow(prices))
  cells$panel <- factor(cells$panel, panels)
  prices$panel <- factor(prices$panel, panels)
  size <- max(abs(cells$value))
  ggplot2::ggplot(cells, ggplot2::aes(x = -.data$time)) +
    ggplot2::geom_tile(ggplot2::aes(y = .data$y, fill = .data$value)) +
    ggplot2::geom_line(ggplot2::aes(y = .data$value, group = .data$row, colour = sub("_.*", "", .data$row)), data = prices) +
    ggplot2::facet_grid(ggplot2::vars(.data$panel), ggplot2::vars(.data$class), scales = "free_y") +
    ggplot2::scale_fill_gradient2(low = lowers, mid = "white", high = raises, limits = c(-size, size)) +
    ggplot2::scale_colour_manual(values = c(ask = "darkorange", bid = "forestgreen", mid = "black"), na.value = "grey50") +
    ggplot2::scale_y_continuous(
      breaks = function(limits) if (limits[2] < -depth / 2) -depth - seq_along(rows) else pretty(limits, 4),
      labels = function(breaks) ifelse(breaks < -depth / 2, rows[round(-depth - breaks)], format(breaks))
    ) +
    ggplot2::labs(x = "steps from the window's last one", y = NULL, fill = "below 0 lowers,\nabove raises", colour = NULL)
}
