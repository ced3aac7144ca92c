#' Predictions for each snapshot as it comes in
#'
#' A stream keeps the window: each snapshot's features are made and scaled as in the training when it is pushed, and where the
#' model reads each step by itself first, that part of the model runs once a snapshot, not once a window.
#'
#' @param model A `speczoo_model` of one input of windows.
#' @param engine,threads As in [zoo_predictor()].
#' @returns `zoo_stream()` returns a `speczoo_stream`. It belongs to the session: it is not saved.
#' @export
#' @examplesIf speczoo::zoo_available()
#' m <- zoo_train("hrnn_lob", window = 5, row_units = 2, window_units = 2, epochs = 0)
#' s <- zoo_stream(m)
#' book <- as.data.frame(zoo_data_simulate(snapshots = 8, levels = 10, seed = 1))
#' for (row in seq_len(8)) print(zoo_push(s, book[row, ]))
#' zoo_reset(s)
zoo_stream <- function(model, engine = NULL, threads = NULL) {
  check_given(model, "model", "for example zoo_stream(model)")
  check_model(model)
  check_engine(engine)
  check_whole(threads, "threads", least = 1)
  reply <- ask_python("stream", model = live(model), engine = engine, threads = threads)
  stream <- new_served(reply, model, "speczoo_stream")
  stream$pushed <- 0
  stream
}

#' @rdname zoo_stream
#' @param stream A `speczoo_stream`.
#' @param snapshot Of an order book, raw: a numeric vector or list named `ask_price_1`, `ask_size_1`, `bid_price_1`, ..., a data
#'   frame or matrix of one row with these columns, or a vector without names in this order. Of a table: a list or a data frame of
#'   one row with its columns, its time where the recipe asks for it, and its group: each group has a window of its own. Of other models, and with `scaled`: one number a feature, as
#'   the model sees them.
#' @param scaled Whether the numbers are features, scaled already.
#' @returns `zoo_push()` returns the prediction for the window that ends at the snapshot: a vector, named by class, or for several
#'   outputs a list of them by name. `NULL` until the window is full, and for a snapshot that the recipe's `clean` leaves out. In
#'   a table a step of time longer than the recipe's `window.gap` begins the window anew.
#' @export
zoo_push <- function(stream, snapshot, scaled = FALSE) {
  check_given(stream, "stream", "for example zoo_push(stream, snapshot)")
  check_stream(stream)
  check_given(snapshot, "snapshot", "for example zoo_push(stream, book[1, ])")
  check_flag(scaled, "scaled")
  snapshot <- one_row(snapshot)
  # a bare NA is logical in R, and here a number that is missing
  if (is.list(snapshot)) snapshot[] <- lapply(snapshot, function(cell) if (is.logical(cell) && all(is.na(cell))) NA_real_ else cell)
  outputs <- ask_python("push", stream = served(stream), snapshot = snapshot, scaled = scaled)
  stream$pushed <- stream$pushed + 1
  if (is.null(outputs)) return(NULL)
  outputs <- Map(function(values, levels) {
    if (length(dim(values)) < 2) values <- as.vector(values)
    if (length(levels) > 0 && length(levels) == length(values)) names(values) <- levels
    values
  }, outputs, stream$levels[names(outputs)])
  if (length(outputs) == 1) outputs[[1]] else outputs
}

# A row of a matrix goes by the names of its columns, as a row of a data frame does.
one_row <- function(snapshot) {
  if (!is.matrix(snapshot) || is.null(colnames(snapshot))) return(snapshot)
  if (nrow(snapshot) == 1) stats::setNames(as.vector(snapshot), colnames(snapshot)) else as.data.frame(snapshot)
}

#' @rdname zoo_stream
#' @returns `zoo_reset()` returns the stream invisibly. What was pushed before is forgotten: a session begins.
#' @export
zoo_reset <- function(stream) {
  check_given(stream, "stream", "for example zoo_reset(stream)")
  check_stream(stream)
  ask_python("reset", stream = served(stream))
  stream$pushed <- 0
  invisible(stream)
}

#' @export
print.speczoo_stream <- function(x, ...) {
  cat("<stream ", x$name, ">\n", sep = "")
  cat("  takes:  ", x$takes, ", ", x$steps %||% "any number of", " a window\n", sep = "")
  cat("  engine: ", x$engine, if (isTRUE(x$by_row)) "; each row is encoded once", "\n", sep = "")
  cat("  pushed: ", x$pushed, " since it began\n", ended_line(x), sep = "")
  invisible(x)
}

#' @rdname zoo_stream
#' @param object A `speczoo_stream`.
#' @param ... Not used; anything here is an error.
#' @returns `summary()` prints the engine, how far it is from Keras, what goes in and comes out, and how many snapshots were
#'   pushed, and returns the stream invisibly.
#' @export
summary.speczoo_stream <- function(object, ...) {
  check_no_dots(..., .known = character(), .function = "summary")
  left_out <- if (is_alive(object$handle)) ask_python("skipped", stream = object$handle) else 0
  cat(
    format_served(object, "stream"), "  takes:   ", stream_taken(object), "\n",
    if (isTRUE(object$by_row)) "  coded:   each is encoded once, when it is pushed\n", "  pushed:  ", object$pushed, " since it began",
    if (left_out > 0) sprintf("; left out by `clean` so far: %d", left_out), "\n",
    sep = ""
  )
  invisible(object)
}

stream_taken <- function(x) {
  one <- if (identical(x$takes, "rows")) "rows of numbers, scaled as the model sees them" else x$takes
  sprintf("%s, one at a time; %s a window", one, x$steps %||% "any number of them")
}

#' @export
plot.speczoo_stream <- function(x, ...) refuse_plot("stream", "predict(model, data, type = \"prob\")")

check_stream <- function(stream, call = rlang::caller_env()) {
  if (inherits(stream, "speczoo_stream")) return(invisible())
  stop_zoo(
    sprintf("`stream` must be a stream, not %s", friendly_type(stream)), help = "make one with zoo_stream()",
    class = "speczoo_argument_error", call = call
  )
}
