#' What the layers that attend weigh their steps by
#'
#' Attention maps, the mean over windows or those of one window, of every layer that attends: multi-head and other attention of
#' Keras, TABL, two-dimensional and gated axial attention, and a softmax between other layers.
#'
#' @inheritParams zoo_importance
#' @param data The inputs, as in [predict()][predict.speczoo_model]; `NULL` for a part of the data the model was trained on.
#' @param window Which window, from 1; `NULL` is the mean over `windows` of them.
#' @param windows So many at most, evenly spread.
#' @returns A tibble of class `speczoo_attention`, a line a weight: `layer`, its place on each axis from 1 (`head`; `query`, who
#'   attends; `key`, who is attended to; or others; `NA` on the axes of other layers), and `weight`. `print()` shows what each
#'   layer attends to most; `autoplot()` and `plot()` draw the maps, each weight as a multiple of its layer's mean.
#' @export
#' @examplesIf speczoo::zoo_available()
#' m <- zoo_model("ctabl")
#' a <- zoo_attention(m, array(rnorm(8 * 10 * 40), c(8, 10, 40)))
#' a
#' tapply(a$weight, a$time, mean)
#' if (requireNamespace("ggplot2", quietly = TRUE)) plot(a)
zoo_attention <- function(model, data = NULL, ..., part = "test", window = NULL, windows = 256, scaled = NULL, out = NULL) {
  check_no_dots(..., .known = setdiff(names(formals(zoo_attention)), c("model", "...")), .function = "zoo_attention")
  check_whole(window, "window", least = 1)
  reply <- ask_view(
    "attention", model, windows_x(data), NULL, part = part, windows = windows, scaled = scaled, out = out, window = window
  )
  new_view(reply, "speczoo_attention")
}

#' @rdname zoo_attention
#' @param object,x A `speczoo_attention`.
#' @param layer Names of layers to draw; all when `NULL`. Of a single one each head has a picture of its own, of several the mean
#'   over their heads is drawn.
#' @usage \method{autoplot}{speczoo_attention}(object, layer = NULL, ...)
#' @exportS3Method ggplot2::autoplot
autoplot.speczoo_attention <- function(object, layer = NULL, ...) {
  check_no_dots(..., .known = "layer", .function = "autoplot")
  check_ggplot2("plotting attention maps")
  for (name in layer) check_choice(name, unique(object$layer), "layer")
  wanted <- as_text(layer) %||% unique(object$layer)
  tiles <- do.call(rbind, lapply(wanted, function(name) {
    attention_tiles(as.data.frame(object[object$layer == name, ]), by_head = length(wanted) == 1)
  }))
  tiles$panel <- factor(tiles$panel, unique(tiles$panel))
  # By the square root: where steps may not look ahead, the first one's only weight is many times the mean.
  ggplot2::ggplot(tiles, ggplot2::aes(x = .data$attended, y = .data$attends, fill = sqrt(.data$times))) +
    ggplot2::geom_tile() +
    ggplot2::facet_wrap(ggplot2::vars(.data$panel), scales = "free") +
    ggplot2::scale_y_reverse(breaks = whole_breaks, expand = c(0, 0)) +
    ggplot2::scale_x_continuous(breaks = whole_breaks, expand = c(0, 0)) +
    ggplot2::scale_fill_gradient(low = "white", high = "#08306b", labels = function(roots) signif(roots^2, 3)) +
    ggplot2::labs(x = NULL, y = NULL, fill = "weight,\n1: all alike", title = attr(object, "name"))
}

#' @rdname zoo_attention
#' @export
plot.speczoo_attention <- function(x, ...) autoplot.speczoo_attention(x, ...)

# A layer's weights by who attends and what is attended to, as multiples of its mean weight; the mean over all other axes.
attention_tiles <- function(maps, by_head) {
  axes <- Filter(function(name) !all(is.na(maps[[name]])), setdiff(names(maps), c("layer", "weight")))
  attended <- c(intersect(c("key", "time"), axes), rev(axes))[[1]]
  others <- setdiff(axes, c(attended, "head"))
  attends <- c(intersect("query", others), rev(others), NA)[[1]]
  head <- if (by_head && "head" %in% axes) sprintf(", head %d", maps$head) else ""
  sides <- if (is.na(attends)) attended else sprintf("%s (down), %s (across)", attends, attended)
  layer <- gsub("__ ", "__", paste(strwrap(gsub("__", "__ ", maps$layer[[1]]), 30), collapse = "\n"))
  maps$panel <- paste0(layer, head, "\n", sides)
  maps$attended <- maps[[attended]]
  maps$attends <- if (is.na(attends)) 1L else maps[[attends]]
  maps$times <- maps$weight / mean(maps$weight)
  stats::aggregate(times ~ attended + attends + panel, maps, mean)
}

whole_breaks <- function(limits) unique(round(pretty(limits, 4)))

#' @export
print.speczoo_attention <- function(x, ...) print_view(x, ...)
