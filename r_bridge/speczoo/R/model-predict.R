#' Predict with a model
#'
#' @param object A `speczoo_model`.
#' @param new_data The inputs, as in [fit()][fit.speczoo_model], windows of [zoo_windows()] among them; or, for a model that
#'   prepares its own data, the path of a file or a data frame of raw data; `NULL` for the test part of the data it was
#'   trained on.
#' @param type `"raw"`: the arrays the model gives. `"prob"`: a tibble with `.pred_{level}` for each class.
#'   `"class"`: a tibble with the factor `.pred_class`, of the levels the model was fitted on.
#'   `"numeric"`: a tibble with `.pred`; for several units `.pred_{level}` by class, and `.pred_1`, `.pred_2`, ...
#'   where they are no classes; for several steps of several columns a row for each number, with `.row`, `.step`, `.column`
#'   and `.pred`. Where one of several outputs is a number, it is given as `"numeric"`.
#' @param ... Not used; anything here is an error.
#' @param part With `new_data = NULL`: `"test"`, `"val"` or `"train"`.
#' @param scaled For arrays and a model of tables whose columns were scaled: `TRUE` when the arrays are as the model sees
#'   them, `FALSE` when they are in the units of their columns. Without it such a call is an error.
#' @returns One array or tibble with a row a sample, in their order; for several outputs, a list of them by name. For a
#'   model of tables and a data frame or `ts`, a tibble has a row for each row of it: `NA` where no window ends, as in
#'   the first rows; `"numeric"` is in the unit of the target's own column, `"raw"` is scaled as its data were.
#' @export
#' @examplesIf speczoo::zoo_available()
#' m <- zoo_model("hrnn_lob", window = 10)
#' x <- array(rnorm(4 * 10 * 20), c(4, 10, 20, 1))
#' predict(m, x)
#' predict(m, x, type = "class")
predict.speczoo_model <- function(object, new_data = NULL, type = "raw", ..., part = "test", scaled = NULL) {
  check_no_dots(..., .known = c("new_data", "type", "part", "scaled"), .function = "predict")
  type <- check_choice(type, c("raw", "prob", "class", "numeric"), "type")
  part <- check_choice(part, c("test", "val", "train"), "part")
  if (!is.null(scaled)) check_flag(scaled, "scaled")
  reply <- ask_python(
    "predict", model = live(object), x = table_data(object, new_data), type = type, part = part, scaled = scaled
  )
  shown_predictions(reply)
}

# One array or tibble; a list of them by name where there are several outputs.
shown_predictions <- function(reply) {
  outputs <- lapply(reply$outputs, function(output) {
    if (!is.data.frame(output)) return(output)
    if (isTRUE(reply$by_row)) output[] <- lapply(output, function(column) replace(column, is.na(column), NA))
    tibble::as_tibble(output)
  })
  if (reply$single) outputs[[1]] else outputs
}

# A model of tables reads a series by its columns. tail() and as.data.frame() take the times off a series, whose rows
# are still in their order.
table_data <- function(model, data) {
  data <- windows_x(data)
  if (!identical(model$data_kind, "table")) return(data)
  named <- length(dim(data)) == 2 && !is.null(colnames(data))
  series <- is.numeric(data) && (stats::is.ts(data) || !is.null(attr(data, "index")) || named)
  if (series) data <- as_table(data)
  if (is.data.frame(data) && identical(model$data_time, "time") && !"time" %in% names(data)) {
    rlang::inform("the data has no column `time`: its rows are taken in their order", class = "speczoo_order_message")
    data <- cbind(time = seq_len(nrow(data)), data)
  }
  data
}

check_choice <- function(value, choices, argument, .call = rlang::caller_env()) {
  value <- as_text(value)
  if (rlang::is_string(value) && value %in% choices) return(invisible(value))
  near <- if (rlang::is_string(value)) nearest(value, choices) else NA
  stop_zoo(
    sprintf("`%s` must be one of %s, not %s", argument, paste0("\"", choices, "\"", collapse = ", "), friendly_type(value)),
    help = if (is.na(near)) "" else sprintf("did you mean \"%s\"?", near),
    class = "speczoo_argument_error", call = .call
  )
}

check_flag <- function(value, argument, .call = rlang::caller_env()) {
  if (rlang::is_bool(value)) return(invisible())
  stop_zoo(
    sprintf("`%s` must be TRUE or FALSE, not %s", argument, friendly_type(value)),
    class = "speczoo_argument_error", call = .call
  )
}
