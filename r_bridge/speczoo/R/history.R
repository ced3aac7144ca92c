#' The history of a training
#'
#' @param x A `speczoo_history`, as [fit()][fit.speczoo_model] returns.
#' @param ... Not used.
#' @returns `plot()` returns a ggplot; `as.data.frame()` a data frame with the columns `epoch`, `metric`, `value` and
#'   `data` (`"training"` or `"validation"`); `print()` returns `x` invisibly.
#' @name speczoo_history
#' @examplesIf speczoo::zoo_available()
#' m <- zoo_model("hrnn_lob", window = 10, features = 4)
#' x <- array(rnorm(32 * 10 * 4), c(32, 10, 4, 1))
#' h <- m |> fit(x, rep(0:1, 16), epochs = 3, validation_split = 0.25)
#' as.data.frame(h)
#' if (requireNamespace("ggplot2", quietly = TRUE)) plot(h)
NULL

new_history <- function(metrics, name) {
  structure(list(metrics = metrics, name = name), class = "speczoo_history")
}

num_epochs <- function(history) max(0L, lengths(history$metrics))

#' @rdname speczoo_history
#' @export
print.speczoo_history <- function(x, ...) {
  cat("<history of ", x$name, ": ", num_epochs(x), if (num_epochs(x) == 1) " epoch>\n" else " epochs>\n", sep = "")
  last <- vapply(x$metrics, function(values) if (length(values) == 0) NA_real_ else values[[length(values)]], 0)
  cat(sprintf("  %s: %s\n", format(names(last)), signif(last, 4)), sep = "")
  invisible(x)
}

#' @rdname speczoo_history
#' @export
as.data.frame.speczoo_history <- function(x, ...) {
  columns <- lapply(names(x$metrics), function(name) {
    values <- x$metrics[[name]]
    data.frame(
      epoch = seq_along(values), metric = rep(sub("^val_", "", name), length(values)), value = values,
      data = rep(if (startsWith(name, "val_")) "validation" else "training", length(values))
    )
  })
  if (length(columns) == 0) {
    return(data.frame(epoch = integer(), metric = character(), value = double(), data = character()))
  }
  do.call(rbind, columns)
}

#' @rdname speczoo_history
#' @export
plot.speczoo_history <- function(x, ...) {
  if (!rlang::is_installed("ggplot2")) {
    stop_zoo("plotting a history needs the package ggplot2", help = "install.packages(\"ggplot2\")")
  }
  points <- as.data.frame(x)
  points$metric <- factor(points$metric, levels = unique(points$metric))
  ggplot2::ggplot(points, ggplot2::aes(x = .data$epoch, y = .data$value, colour = .data$data)) +
    ggplot2::geom_line() +
    ggplot2::geom_point() +
    ggplot2::facet_wrap(ggplot2::vars(.data$metric), ncol = 1, scales = "free_y") +
    ggplot2::scale_x_continuous(breaks = function(limits) unique(round(pretty(limits)))) +
    ggplot2::labs(x = "epoch", y = NULL, colour = NULL, title = x$name)
}

#' @importFrom rlang .data
NULL
