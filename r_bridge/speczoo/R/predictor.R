#' A model compiled for prediction
#'
#' The same numbers as [predict()][predict.speczoo_model] of the model gives, to 1e-5, in less time: the model is compiled once,
#' and held against Keras before it is used. It is the model as it is now; a later [fit()][fit.speczoo_model] is not seen.
#'
#' @param model A `speczoo_model`.
#' @param engine `"onnxruntime"` (`pip install "speczoo[serve]"`), `"xla"` or `"keras"`. `NULL`: the first of them that can run
#'   the model and agrees with Keras; many windows of a model with recurrent layers are then timed on XLA too, once, and go the
#'   faster way.
#' @param threads Of ONNX Runtime for batches; as many as there are cores when `NULL`.
#' @returns `zoo_predictor()` returns a `speczoo_predictor`. It belongs to the session: it is not saved.
#' @seealso [zoo_stream()] for predictions row by row, [zoo_export()] for predictions without speczoo.
#' @export
#' @examplesIf speczoo::zoo_available()
#' m <- zoo_model("hrnn_lob", window = 10)
#' p <- zoo_predictor(m)
#' x <- array(rnorm(4 * 10 * 20), c(4, 10, 20, 1))
#' predict(p, x, type = "class")
zoo_predictor <- function(model, engine = NULL, threads = NULL) {
  check_given(model, "model", "for example zoo_predictor(model)")
  check_model(model)
  check_engine(engine)
  check_whole(threads, "threads", least = 1)
  reply <- ask_python("predictor", model = live(model), engine = engine, threads = threads)
  new_served(reply, model, "speczoo_predictor")
}

#' @rdname zoo_predictor
#' @param object A `speczoo_predictor`.
#' @param new_data,type,part,scaled As in [predict()][predict.speczoo_model] of a model.
#' @param ... Not used; anything here is an error.
#' @param dense Encode each row of a long series once, and cut windows from the codes. `NULL`: where the model reads each step by
#'   itself first, and windows overlap so much that it pays.
#' @returns `predict()` returns what it returns for a model.
#' @export
predict.speczoo_predictor <- function(object, new_data = NULL, type = "raw", ..., part = "test", scaled = NULL,
                                      dense = NULL) {
  check_no_dots(..., .known = c("new_data", "type", "part", "scaled", "dense"), .function = "predict")
  type <- check_choice(type, c("raw", "prob", "class", "numeric"), "type")
  part <- check_choice(part, c("test", "val", "train"), "part")
  if (!is.null(scaled)) check_flag(scaled, "scaled")
  if (!is.null(dense)) check_flag(dense, "dense")
  shown_predictions(ask_python(
    "predict_fast", predictor = served(object), x = table_data(object, new_data), type = type, part = part,
    scaled = scaled, dense = dense
  ))
}

#' @export
print.speczoo_predictor <- function(x, ...) {
  cat("<predictor ", x$name, ">\n", sep = "")
  cat("  engine: ", x$engine, if (isTRUE(x$by_row)) "; each row of a long series is encoded once", "\n", ended_line(x), sep = "")
  invisible(x)
}

#' @rdname zoo_predictor
#' @returns `summary()` prints the engine, how far it is from Keras, and what goes in and comes out, and returns the predictor
#'   invisibly.
#' @export
summary.speczoo_predictor <- function(object, ...) {
  check_no_dots(..., .known = character(), .function = "summary")
  threads <- if (!is.null(object$threads)) sprintf(", %d %s for batches", object$threads, if (object$threads == 1) "thread" else "threads")
  once <- if (isTRUE(object$by_row)) "  dense:   each row of a long series is encoded once, and windows are cut from the codes\n"
  cat(format_served(object, "predictor", threads), once, "  takes:   ", data_taken(object), "\n", sep = "")
  invisible(object)
}

#' @export
plot.speczoo_predictor <- function(x, ...) refuse_plot("predictor", "predict(predictor, type = \"prob\")")

# Lines that the summaries of a predictor and of a stream share.
format_served <- function(x, kind, threads = NULL) {
  allowed <- format(x$tolerance, scientific = TRUE)
  agrees <- if (x$engine == "keras") {
    "with Keras: it is Keras itself"
  } else {
    sprintf("with Keras to %s of the largest output (%s is allowed)", format(signif(x$difference, 2), decimal.mark = "."), allowed)
  }
  outputs <- vapply(names(x$outputs), function(name) {
    levels <- as.character(x$levels[[name]])
    sprintf("%s (%s)", name, if (length(levels)) paste(levels, collapse = ", ") else x$outputs[[name]])
  }, "")
  paste0(
    sprintf("<%s %s>\n", kind, x$name), ended_line(x), "  engine:  ", x$engine, threads, "\n", "  agrees:  ", agrees, "\n",
    "  inputs:  ", named_line(x$inputs), "\n", "  outputs: ", paste(outputs, collapse = "; "), "\n"
  )
}

data_taken <- function(x) {
  switch(x$data_kind,
    orderbook = "an order book as a data frame or the path of a file, or arrays of scaled windows",
    table = "a table as a data frame, a ts or the path of a file, or arrays",
    "arrays of these inputs"
  )
}

refuse_plot <- function(kind, predictions, call = rlang::caller_env()) {
  stop_zoo(
    sprintf("a %s has no picture", kind),
    help = sprintf("plot(model) draws the model's graph, and %s gives what can be plotted; summary() tells of the %s", predictions, kind),
    class = "speczoo_argument_error", call = call
  )
}

# What is compiled from a model: an environment, so that a stream is one thing however many variables refer to it.
new_served <- function(reply, model, class) {
  fields <- c(reply, list(name = model$name, data_kind = model$data_kind, data_time = model$data_time))
  structure(list2env(fields, parent = emptyenv()), class = class)
}

ended_line <- function(x) if (!is_alive(x$handle)) "  no longer alive: it was saved and read again, or its session has ended\n"

# Its handle; nothing of it is saved.
served <- function(x, call = rlang::caller_env()) {
  if (is_alive(x$handle)) return(x$handle)
  kind <- sub("speczoo_", "", class(x)[[1]])
  stop_zoo(
    sprintf("this %s is no longer alive: it was saved and read again, or its session has ended", kind), help = sprintf("make it again: zoo_%s(model)", kind),
    class = c("speczoo_handle_stale", "speczoo_value_error"), call = call
  )
}

check_engine <- function(engine, call = rlang::caller_env()) {
  if (!is.null(engine)) check_choice(engine, c("onnxruntime", "xla", "keras"), "engine", .call = call)
}
