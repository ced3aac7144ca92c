#' Train a spec by its own recipe
#'
#' Prepares the data as the spec's `data` section says, trains, and evaluates on the test part: a time-ordered split
#' with a purge, scalers fitted on the training part only. Without data, the spec's own source is taken: many models have
#' a toy, samples that are drawn to be learnt from in seconds, such as the `"headlines"` of `zoo_train("headline")`. Where
#' the spec names no source, an order book is simulated. Both are called what they are wherever they are shown.
#'
#' # Formulas
#'
#' `zoo_train(spec, y ~ a + b, data = frame)` trains a model of series on a data frame: windows of the columns `a` and `b`,
#' and `y` one row after each window. Every column stands for itself; `.` means all columns that are named nowhere else,
#' and a target is among the inputs only where the formula says so: `DAX ~ DAX + SMI`. `|` parts the columns of several
#' inputs or outputs, in the model's order. A target that is a factor is predicted as its levels. With a formula, the
#' further arguments may also hold
#' * `lookback`: rows in a window, the spec's parameter of this name, or else `window`;
#' * `horizon`: how many rows after a window its target stands; where the spec has a parameter of this name, that one;
#' * `time`, `group`: the column of times, and those that tell series apart, as in [zoo_windows()];
#' * `scale`: `"zscore"`, `"minmax"`, `"robust"` or `"none"`, fitted on the training part. [augment()][augment.speczoo_model]
#'   and `predict(type = "numeric")` lead back to the columns' own units.
#'
#' @param spec A catalogue name, the path of a YAML file, or what [zoo_spec()] or [zoo_new()] returned.
#' @param data `NULL`, the path of a file, a data frame of raw data, `list(x = ..., y = ...)` of arrays, what [zoo_windows()]
#'   made with targets, or another draw of a toy or of a book: `list(toy = "headlines", samples = 500, seed = 2)`,
#'   `list(simulate = list(snapshots = 5000, seed = 2))`. With a formula, a data frame, `ts` or matrix with a row a time
#'   step.
#' @param ... Parameter overrides by name, and a formula.
#' @param text The YAML itself, as one text or as lines, instead of `spec`.
#' @param epochs,batch_size The spec's when `NULL`.
#' @param seed Whole number; it wins over the spec's. Where neither is given, it is drawn from R's generator.
#' @param class_weight `"balanced"`, or a vector of weights named by class number, `c("0" = 1, "1" = 0.5)`, or by the levels
#'   of a factor given as `y`; for several outputs a list of such by output.
#' @param clean `"drop"` leaves out rows that cannot be true or, in a table, lack a value, and counts them; `"error"` names
#'   them. The spec's when `NULL`. Only with a file or a data frame.
#' @param out A folder for the run's files, or `NULL`. While the run goes on, its state is kept there after each epoch: a
#'   session that dies loses the current epoch and no more. A folder that holds a run is refused.
#' @param resume `TRUE` goes on with the unfinished run in `out`, to the weights it would have had unbroken; a finished
#'   one is returned as it is; where there is none, one begins.
#' @param overwrite `TRUE` begins another run in `out`, whatever it holds.
#' @param callbacks,verbose,plan As in [fit()][fit.speczoo_model].
#' @returns A `speczoo_model` ; `plot(m$history)` shows how it went.
#' @export
#' @examplesIf speczoo::zoo_available()
#' \donttest{
#' m <- zoo_train("hrnn_lob", window = 20, epochs = 1)
#' evaluate(m)
#'
#' m <- zoo_train("lstm_stateless", DAX ~ DAX + SMI, data = EuStockMarkets, lookback = 15,
#'                epochs = 2, batch_size = 64)
#' tail(augment(m, EuStockMarkets))
#' }
zoo_train <- function(spec = NULL, data = NULL, ..., text = NULL, epochs = NULL, batch_size = NULL, seed = NULL,
                      class_weight = NULL, clean = NULL, out = NULL, resume = FALSE, overwrite = FALSE, callbacks = NULL,
                      verbose = NULL, plan = "auto") {
  if (is.null(spec) && is.null(text)) {
    stop_zoo(
      "`spec` is missing", help = "for example zoo_train(\"hrnn_lob\"); zoo_list() shows the models",
      class = "speczoo_argument_error"
    )
  }
  check_verbose(verbose)
  check_callbacks(callbacks)
  if (!is.null(clean)) clean <- check_choice(clean, c("error", "drop"), "clean")
  check_whole(epochs, "epochs")
  check_whole(batch_size, "batch_size", least = 1)
  check_whole(seed, "seed")
  check_flag(resume, "resume")
  check_flag(overwrite, "overwrite")
  plan <- check_choice(plan, c("auto", "off", "measure"), "plan")
  own <- setdiff(names(formals(zoo_train)), "...")
  given <- list(...)
  if (rlang::is_formula(spec) && !is.null(text)) {
    given <- c(list(spec), given)
    spec <- NULL
  }
  told <- listeners(verbose, callbacks)
  on.exit(end_progress(told))
  if (formula_among(data, given)) {
    settings <- list(
      epochs = epochs, batch_size = batch_size, seed = seed, class_weight = class_weight, clean = clean, out = out,
      resume = resume, overwrite = overwrite, plan = plan, listeners = told
    )
    own <- c(own, formula_arguments)
    asked <- formula_call(spec, text, formula_and_data(data, given), settings, own, rlang::current_env())
    return(keep(new_model(rlang::inject(ask_python("train_table", !!!asked, .call = rlang::current_env())))))
  }
  spec <- as_spec(spec, ..., text = text, .own = own)
  given <- given_data(data)
  reply <- ask_python(
    "train", spec = live(spec), x = given[[1]], y = given[[2]], epochs = epochs, batch_size = batch_size,
    seed = seed %||% own_seed(spec), class_weight = class_weight, clean = clean, out = out,
    resume = resume, overwrite = overwrite, plan = plan, listeners = told
  )
  keep(new_model(reply))
}

#' The windows a model was trained, validated or tested on
#'
#' @param model A `speczoo_model` trained on its spec's own data, or in this session.
#' @param part `"test"`, `"val"` or `"train"`.
#' @param rows Which samples, counted from 1; `NULL` for all. All windows of a long book may need much memory: every
#'   snapshot is in as many windows as a window is long.
#' @returns `list(x, y)`: arrays and factors as [fit()][fit.speczoo_model] takes them; of tables scaled as the model sees
#'   them, `fit(model, p$x, p$y, scaled = TRUE)`.
#' @export
#' @examplesIf speczoo::zoo_available()
#' \donttest{
#' m <- zoo_train("hrnn_lob", epochs = 0)
#' str(zoo_part(m, "test", rows = 1:5))
#' }
zoo_part <- function(model, part = "test", rows = NULL) {
  check_given(model, "model", "for example zoo_part(model, \"test\")")
  check_model(model)
  part <- check_choice(part, c("test", "val", "train"), "part")
  ask_python("part", model = live(model), part = part, rows = rows)
}
