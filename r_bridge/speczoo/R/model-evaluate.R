#' Judge a model
#'
#' @param x A `speczoo_model`.
#' @param data The inputs, as in [fit()][fit.speczoo_model], with `y`, or windows with targets. Without `y`: `NULL` for the test part of the
#'   data the model was trained on, or the path of a file, or a data frame of raw data.
#' @param y The targets.
#' @param ... Not used; anything here is an error.
#' @param batch_size Samples a step.
#' @param scaled Whether arrays are scaled, as in [predict()][predict.speczoo_model].
#' @returns With `y`, a named vector: the loss and each metric. Without, a `speczoo_evaluation` that prints the model
#'   beside its baselines and holds `metrics`, `baselines` and, for classes, `confusion`, counts by true and predicted level; `as.data.frame()` gives one row for the model and
#'   for each baseline, one column for each metric.
#' @export
#' @examplesIf speczoo::zoo_available()
#' m <- zoo_model("hrnn_lob", window = 10)
#' x <- array(rnorm(8 * 10 * 20), c(8, 10, 20, 1))
#' evaluate(m, x, rep(0:1, 4))
evaluate.speczoo_model <- function(x, data = NULL, y = NULL, ..., batch_size = NULL, scaled = NULL) {
  check_no_dots(..., .known = c("data", "y", "batch_size", "scaled"), .function = "evaluate")
  if (!is.null(scaled)) check_flag(scaled, "scaled")
  check_model(x, "x")
  check_whole(batch_size, "batch_size", least = 1)
  if (is.null(y) && inherits(data, "speczoo_windows")) y <- windows_y(data, "data")
  data <- if (is.null(y)) table_data(x, data) else windows_x(data)
  reply <- ask_python("evaluate", model = live(x), x = data, y = y, batch_size = batch_size, scaled = scaled)
  if (!is.null(reply$score)) return(unlist(reply$score))
  counts <- lapply(reply$confusion, function(one) {
    array(one$counts, dim(one$counts), list(true = one$levels, predicted = one$levels))
  })
  reply$confusion <- if (length(counts) == 1) counts[[1]] else if (length(counts) > 1) counts
  structure(reply, class = "speczoo_evaluation")
}

#' @export
print.speczoo_evaluation <- function(x, ...) {
  cat(x$text, "\n", sep = "")
  invisible(x)
}

#' @export
as.data.frame.speczoo_evaluation <- function(x, row.names = NULL, optional = FALSE, ...) {
  rows <- c(list(model = x$metrics), x$baselines)
  metrics <- unique(unlist(lapply(rows, names)))
  columns <- lapply(rlang::set_names(metrics), function(metric) {
    vapply(rows, function(row) as.numeric(row[[metric]] %||% NA), 0, USE.NAMES = FALSE)
  })
  data.frame(who = names(rows), columns, check.names = FALSE)
}

# keras users write evaluate(m, x = data, y = labels); the generic's own first argument is called x, and takes
# the data for the object. The model is then among the dots.
#' @export
evaluate.default <- function(x, ...) {
  others <- list(...)
  model <- Find(function(value) inherits(value, "speczoo_model"), others)
  if (is.null(model)) {
    stop_zoo(
      sprintf("evaluate() takes a model first, not %s", friendly_type(x)), class = "speczoo_argument_error"
    )
  }
  others <- others[!vapply(others, inherits, logical(1), "speczoo_model")]
  do.call(evaluate.speczoo_model, c(list(model, data = x), others))
}
