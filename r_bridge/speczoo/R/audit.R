#' Did the model see the future?
#'
#' An audit changes what a model must not see, and looks what moves: the numerical proof beside the rules that
#' [zoo_check()] goes by.
#'
#' @param model A `speczoo_model`, or the path of a bundle (`.zoo`); or a spec, or its name or path, as in [zoo_train()].
#' @param data `NULL` for the data the model was trained on, or its recipe's own source; or what [zoo_train()] takes.
#' @param ... Parameter overrides by name, where `model` is a spec.
#' @param checks Some of `"batch"` (a window's output as the other windows of its batch change, in training and in use),
#'   `"causality"` (an output's steps as the inputs after them change), `"pipeline"` (windows, labels and scalers as
#'   everything after a moment of the data changes), `"split"` (rows and label horizons that parts share) and `"skill"`
#'   (a short training on labels that tell nothing: skill must not survive); all when `NULL`. Only `"skill"` trains.
#' @param seed Of everything random; 7 when `NULL`.
#' @param epochs Of each training of `"skill"`; 3 when `NULL`.
#' @param horizon Rows that labels look ahead, where arrays do not say it.
#' @param features A function of your own from a data frame (`data`) to features: a data frame, matrix or vector with a row for each
#'   row of it, or `list(x, rows)`, windows and the row at which each ends. It is tried on other futures: what it gives for a row
#'   must not change with the rows after it. `"pipeline"` then tells of it, and the model is fed with drawn numbers.
#' @param keep Columns of the data frame that stay as they are meanwhile, such as time and symbol.
#' @returns A tibble of class `speczoo_audit`, a row a finding: `check`, `status`, `message`, `number` (by how much something
#'   moves), the `tolerance` it is held against, their `unit`, `where` (the layer or step it comes from), `rule` (see
#'   [zoo_rule()]) and `help`. A status is `"leak"`; `"allowed"`, one that the spec allows with a reason; `"note"`;
#'   `"clean"`; or `"not checked"`, and the message says why. `attr(x, "ok")` is `TRUE` where there is no leak. `print()`
#'   shows all of it; `as.data.frame()` gives the plain table.
#' @export
#' @examplesIf speczoo::zoo_available()
#' \donttest{
#' found <- zoo_audit("hrnn_lob", window = 10, checks = c("batch", "split"))
#' found
#' attr(found, "ok")
#' prices <- data.frame(price = 100 + cumsum(rnorm(200)))
#' shifted <- function(frame) c(frame$price[-1], NA)
#' zoo_audit("rnn_sine", prices, checks = "pipeline", features = shifted)
#' }
zoo_audit <- function(model, data = NULL, ..., checks = NULL, seed = NULL, epochs = NULL, horizon = NULL, features = NULL,
                      keep = NULL) {
  check_given(model, "model", "for example zoo_audit(\"hrnn_lob\")")
  check_whole(seed, "seed")
  check_whole(epochs, "epochs", least = 1)
  check_whole(horizon, "horizon")
  model <- as_text(model)
  if (rlang::is_string(model) && endsWith(model, ".zoo")) model <- zoo_open(model)
  if (inherits(model, "speczoo_model")) {
    check_no_dots(..., .known = setdiff(names(formals(zoo_audit)), c("model", "...")), .function = "zoo_audit")
    data <- if (is.list(data) && !is.data.frame(data)) data else table_data(model, data)
  } else {
    model <- as_spec(model, ..., text = NULL, .own = setdiff(names(formals(zoo_audit)), "..."), .argument = "model")
  }
  if (!is.null(features)) {
    check_function(features, "features")
    features <- guarded(features, function(value) list(value = value))
  }
  given <- given_data(data)
  reply <- ask_python(
    "audit", model = live(model), x = given[[1]], y = given[[2]], checks = if (!is.null(checks)) as.list(checks),
    seed = seed, epochs = epochs, horizon = horizon, features = features, keep = if (!is.null(keep)) as.list(keep)
  )
  new_view(list(frame = reply$frame, text = reply$text, name = reply$subject), "speczoo_audit", ok = reply$ok)
}

#' @export
print.speczoo_audit <- function(x, ...) print_view(x, ...)

#' @export
as.data.frame.speczoo_audit <- function(x, ...) {
  plain <- lapply(names(x), function(name) x[[name]])
  as.data.frame(stats::setNames(plain, names(x)), stringsAsFactors = FALSE)
}
