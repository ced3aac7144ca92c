#' Train a model in place
#'
#' @param object A `speczoo_model`.
#' @param x The inputs: a vector, matrix, array or data frame for a model of one input; for several, a list named
#'   by input or in the model's order; or what [zoo_windows()] made with targets, without `y`. The first dimension counts the samples. The columns of a data frame are
#'   remembered: [predict()][predict.speczoo_model] and [evaluate()][evaluate.speczoo_model] take them by name.
#' @param y The targets, likewise by output. A factor stands for its classes, and its levels are remembered;
#'   integer classes count from 0. An output that predicts numbers takes numbers only.
#' @param ... Not used; anything here is an error.
#' @param epochs How often to go through the data.
#' @param batch_size Samples a step; the spec's when `NULL`.
#' @param validation_split Share of the samples to validate on, taken from the end.
#' @param validation_data `list(x, y)`, or windows with targets, to validate on after each epoch.
#' @param class_weight `"balanced"`, or a vector of weights named by level or by class number; for several
#'   outputs a list of such by output.
#' @param seed Whole number for the order of the samples and for dropout; the model's own when `NULL`.
#' @param callbacks A named list of functions, called during the training: `on_train_begin(logs)`, `on_train_end(logs)`,
#'   `on_epoch_begin(epoch, logs)`, `on_epoch_end(epoch, logs)`, `on_train_batch_begin(batch, logs)` and
#'   `on_train_batch_end(batch, logs)`. `epoch` and `batch` count from 1; `logs` is a named list of numbers, such as
#'   `logs$loss`. A function that takes fewer arguments is given the first ones. One that returns `"stop"` ends the
#'   training after this epoch; any other value does nothing. An error in one ends the training, like Ctrl-C, and is raised
#'   as `speczoo_callback_error`, whose `parent` is the error itself; the model keeps its best weights so far.
#' @param verbose Whether to show progress (`TRUE` or 1, `FALSE` or 0): a bar in an interactive terminal, a line for each
#'   epoch elsewhere. 2 is always lines. By default only in an interactive session, and neither in knitr nor in tests.
#' @param scaled Whether arrays are scaled, as in [predict()][predict.speczoo_model].
#' @param plan How the steps are run: `"auto"` lets a training of a minute or more take the fastest way that was measured on
#'   this machine, with Keras's numbers to 1e-5; `"off"` is Keras's own way; `"measure"` measures anew. See [zoo_plan()].
#' @returns A `speczoo_history`, invisibly.
#' @export
#' @examplesIf speczoo::zoo_available()
#' m <- zoo_model("hrnn_lob", window = 10)
#' x <- array(rnorm(32 * 10 * 20), c(32, 10, 20, 1))
#' y <- factor(sample(c("down", "same", "up"), 32, replace = TRUE), levels = c("down", "same", "up"))
#' h <- m |> fit(x, y, epochs = 2, batch_size = 16)
#' h
fit.speczoo_model <- function(object, x, y, ..., epochs = 1, batch_size = NULL, validation_split = 0,
                              validation_data = NULL, class_weight = NULL, seed = NULL, callbacks = NULL,
                              verbose = NULL, scaled = NULL, plan = "auto") {
  check_no_dots(..., .function = "fit", .known = setdiff(names(formals(fit.speczoo_model)), c("object", "...")))
  check_given(x, "x", "fit() takes the inputs and the targets: fit(model, x, y)")
  if (rlang::is_formula(x)) {
    stop_zoo(
      "fit() takes arrays, and no formula", help = "a formula begins a run: zoo_train(spec, y ~ a + b, data = frame)",
      class = c("speczoo_formula_error", "speczoo_argument_error")
    )
  }
  if (missing(y) && inherits(x, "speczoo_windows")) y <- windows_y(x, "x")
  check_given(y, "y", "fit() takes the inputs and the targets: fit(model, x, y)")
  check_verbose(verbose)
  if (!is.null(scaled)) check_flag(scaled, "scaled")
  plan <- check_choice(plan, c("auto", "off", "measure"), "plan")
  check_callbacks(callbacks)
  check_whole(epochs, "epochs")
  check_whole(batch_size, "batch_size", least = 1)
  check_whole(seed, "seed")
  validation_data <- pair(validation_data, "validation_data")
  handle <- live(object)
  forget(object)
  # An interrupted fit has changed the model too: it has the best weights so far.
  on.exit(refresh(object))
  told <- listeners(verbose, callbacks)
  on.exit(end_progress(told), add = TRUE)
  reply <- ask_python(
    "fit", model = handle, x = windows_x(x), y = y, validation_x = validation_data[[1]],
    validation_y = validation_data[[2]], epochs = epochs, batch_size = batch_size,
    validation_split = validation_split, class_weight = class_weight, seed = seed, scaled = scaled,
    plan = plan, listeners = told
  )
  invisible(new_history(reply$history, object$name))
}

pair <- function(value, argument, .call = rlang::caller_env()) {
  if (is.null(value)) return(list(NULL, NULL))
  if (inherits(value, "speczoo_windows")) return(list(value$x, windows_y(value, argument, .call)))
  if (is.list(value) && !is.data.frame(value) && length(value) == 2) {
    if (setequal(names(value), c("x", "y"))) value <- value[c("x", "y")]
    return(unname(value))
  }
  stop_zoo(
    sprintf("`%s` must be list(x, y), not %s", argument, friendly_type(value)),
    help = if (argument == "data") "a list of columns becomes a data frame by as.data.frame(data)" else "",
    class = "speczoo_argument_error", call = .call
  )
}
