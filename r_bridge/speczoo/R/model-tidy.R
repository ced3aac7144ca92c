#' A model as tibbles
#'
#' `tidy()` gives its layers, `glance()` itself, `augment()` data with the model's predictions beside it.
#'
#' @param x A `speczoo_model`, or for `tidy()` also a `speczoo_history`.
#' @param new_data A data frame, or one of the other forms that [predict()][predict.speczoo_model] takes; by default the test
#'   part of the data that the model was trained on.
#' @param ... Not used; anything here is an error.
#' @returns `tidy()` of a model has one row a layer: `layer`, `class`, `shape` (of its output), `parameters` and
#'   `trainable`; of a history one row an epoch and metric, as `as.data.frame()`. `glance()` has one row: `name`,
#'   `parameters`, `trainable_parameters`, `epochs`, `seed`, each metric of the last epoch, and each of the test part as
#'   `test_...`. `augment()` gives `new_data` with `.pred`, or with `.pred_class` and `.pred_{level}`; several outputs have
#'   their names before, `side.pred_class`. A prediction stands in the row that its window ends at, beside which what it
#'   predicts is still to come; it is `NA` where no window ends. Where `new_data` is no data frame, `.row` counts its samples; of
#'   windows and of the test part it is the row of the data that each window ends at.
#' @name tidy.speczoo_model
#' @examplesIf speczoo::zoo_available()
#' m <- zoo_model("lstm_stateless", lookback = 5)
#' tidy(m)
#' glance(m)
#' augment(m, array(rnorm(3 * 5 * 2), c(3, 5, 2)))
NULL

#' @rdname tidy.speczoo_model
#' @export
tidy.speczoo_model <- function(x, ...) {
  check_no_dots(..., .known = character(), .function = "tidy")
  tibble::as_tibble(ask_python("layers", model = live(x)))
}

#' @rdname tidy.speczoo_model
#' @export
tidy.speczoo_history <- function(x, ...) {
  check_no_dots(..., .known = character(), .function = "tidy")
  tibble::as_tibble(as.data.frame(x))
}

#' @rdname tidy.speczoo_model
#' @export
glance.speczoo_model <- function(x, ...) {
  check_no_dots(..., .known = character(), .function = "glance")
  last <- lapply(x$history$metrics, function(values) if (length(values) == 0) NA_real_ else values[[length(values)]])
  test <- Filter(function(value) is.numeric(value) && length(value) == 1, as.list(x$metrics))
  if (length(test) > 0) names(test) <- paste0("test_", names(test))
  tibble::as_tibble(c(
    list(
      name = x$name, parameters = x$num_parameters, trainable_parameters = x$num_trainable, epochs = x$num_epochs,
      seed = x$seed
    ),
    last, test
  ))
}

#' @rdname tidy.speczoo_model
#' @export
augment.speczoo_model <- function(x, new_data = NULL, ...) {
  check_no_dots(..., .known = "new_data", .function = "augment")
  rows <- if (inherits(new_data, "speczoo_windows")) new_data$rows
  places <- if (is.null(new_data)) ask_python("places", model = live(x))
  new_data <- table_data(x, new_data)
  columns <- predicted_columns(x, new_data)
  long <- ".step" %in% names(columns)
  if (is.null(new_data)) {
    names(places)[names(places) == "row"] <- ".row"
    if (!long) return(tibble::as_tibble(cbind(places, columns)))
    rows <- places$.row
  }
  if (long) {
    if (!is.null(rows)) columns$.row <- rows[columns$.row]
    return(tibble::as_tibble(columns))
  }
  if (is.data.frame(new_data)) {
    if (identical(x$data_kind, "orderbook")) columns <- at_window_ends(x, new_data, columns)
    if (nrow(new_data) != nrow(columns)) {
      stop_zoo(
        sprintf("%d rows gave %d predictions: they have no row each", nrow(new_data), nrow(columns)),
        help = "predict(model, data) gives the predictions alone", class = "speczoo_argument_error"
      )
    }
    return(tibble::as_tibble(cbind(tibble::as_tibble(new_data), columns)))
  }
  tibble::as_tibble(cbind(data.frame(.row = rows %||% seq_len(nrow(columns))), columns))
}

# Predictions of a book's windows on the rows that they end at, `NA` where none ends.
at_window_ends <- function(model, data, columns) {
  ends <- ask_python("window_ends", model = live(model), data = data)
  if (length(ends) != nrow(columns)) return(columns)
  columns[match(seq_len(nrow(data)), ends), , drop = FALSE]
}

# Chances and the class of outputs that are classes, numbers of the others, side by side.
predicted_columns <- function(model, new_data, .call = rlang::caller_env()) {
  numbers <- function() by_output(predict(model, new_data, type = "numeric"), model)
  classes <- tryCatch(by_output(predict(model, new_data, type = "class"), model), speczoo_argument_type = function(error) NULL)
  found <- if (is.null(classes)) numbers() else {
    chances <- by_output(predict(model, new_data, type = "prob"), model)
    lapply(rlang::set_names(names(classes)), function(name) {
      if (".pred_class" %in% names(classes[[name]])) cbind(classes[[name]], chances[[name]]) else classes[[name]]
    })
  }
  if (length(found) > 1) {
    for (name in names(found)) names(found[[name]]) <- paste0(name, names(found[[name]]))
  }
  do.call(cbind, unname(lapply(found, as.data.frame)))
}

by_output <- function(predicted, model) {
  if (is.data.frame(predicted)) rlang::set_names(list(predicted), names(model$outputs)) else predicted
}
