#' The history of a training
#'
#' @param x A `speczoo_history`, as [fit()][fit.speczoo_model] returns.
#' @param ... Not used; anything here is an error.
#' @param file Where to write the picture, by its ending: `.png`, `.pdf`, `.svg`; `NULL` writes none.
#' @param row.names,optional Not used; arguments of the generic.
#' @returns `plot()` and `autoplot()` return a ggplot, `plot()` invisibly where it wrote a file; `as.data.frame()` a data frame with the columns `epoch`, `metric`, `value` and
#'   `data` (`"training"` or `"validation"`); `print()` returns `x` invisibly.
#' @name speczoo_history
#' @examplesIf speczoo::zoo_available()
#' m <- zoo_model("hrnn_lob", window = 10)
#' x <- array(rnorm(32 * 10 * 20), c(32, 10, 20, 1))
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
format.speczoo_history <- function(x, ...) {
  sprintf("<history of %s: %d %s>", x$name, num_epochs(x), if (num_epochs(x) == 1) "epoch" else "epochs")
}

#' @rdname speczoo_history
#' @export
print.speczoo_history <- function(x, ...) {
  cat(format(x), "\n", sep = "")
  last <- vapply(x$metrics, function(values) if (length(values) == 0) NA_real_ else values[[length(values)]], 0)
  cat(sprintf("  %s: %s\n", format(names(last)), signif(last, 4)), sep = "")
  invisible(x)
}

#' @rdname speczoo_history
#' @export
as.data.frame.speczoo_history <- function(x, row.names = NULL, optional = FALSE, ...) {
  check_no_dots(..., .known = character(), .function = "as.data.frame")
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
plot.speczoo_history <- function(x, file = NULL, ...) {
  check_no_dots(..., .known = "file", .function = "plot")
  if (!is.null(file)) file <- check_text(file, "file")
  picture <- history_picture(x)
  if (is.null(file)) return(picture)
  write_picture(picture, path.expand(file), height = 1.5 + 2 * max(1, nlevels(picture$data$metric)))
  invisible(picture)
}

#' @rdname speczoo_history
#' @param object A `speczoo_history`, or a `speczoo_model` for the history of all its trainings.
#' @usage \method{autoplot}{speczoo_history}(object, ...)
#' @exportS3Method ggplot2::autoplot
autoplot.speczoo_history <- function(object, ...) {
  check_no_dots(..., .known = character(), .function = "autoplot")
  history_picture(object)
}

#' @rdname speczoo_history
#' @usage \method{autoplot}{speczoo_model}(object, ...)
#' @exportS3Method ggplot2::autoplot
autoplot.speczoo_model <- function(object, ...) {
  check_no_dots(..., .known = character(), .function = "autoplot")
  history_picture(object$history)
}

history_picture <- function(x, .call = rlang::caller_env()) {
  check_ggplot2("plotting a history", .call)
  points <- as.data.frame(x)
  points <- points[!is.na(points$value), ]
  points$metric <- factor(points$metric, levels = unique(points$metric))
  # One point makes no line.
  ggplot2::ggplot(points, ggplot2::aes(x = .data$epoch, y = .data$value, colour = .data$data)) +
    (if (num_epochs(x) > 1) ggplot2::geom_line()) +
    ggplot2::geom_point() +
    ggplot2::facet_wrap(ggplot2::vars(.data$metric), ncol = 1, scales = "free_y") +
    ggplot2::scale_x_continuous(breaks = function(limits) unique(round(pretty(limits)))) +
    ggplot2::labs(x = "epoch", y = NULL, colour = NULL, title = x$name)
}

check_ggplot2 <- function(what = "a picture", .call = rlang::caller_env()) {
  if (rlang::is_installed("ggplot2")) return(invisible())
  stop_zoo(
    paste(what, "needs the package ggplot2"), help = "install.packages(\"ggplot2\")", class = "speczoo_package_error",
    call = .call
  )
}

write_picture <- function(picture, file, height, .call = rlang::caller_env()) {
  tryCatch(
    ggplot2::ggsave(file, picture, width = 7, height = height),
    error = function(error) {
      stop_zoo(
        sprintf("the picture cannot be written to `%s`", file),
        help = "check the folder, and the ending: .png, .pdf or .svg", class = "speczoo_file_error", call = .call,
        parent = error
      )
    }
  )
}

#' @importFrom rlang .data
NULL
