#' Which way of training a model is the fastest here?
#'
#' A training step can be run in several ways that give the same numbers to 1e-5: as Keras runs it; with the loops of LSTM
#' and GRU layers compiled, in blocks of rows; or compiled as a whole. They are timed once for a model, a batch size and a
#' machine, which takes a while, and the result is kept. A training of a minute or more then goes by it, unless it is told
#' `plan = "off"`; a shorter one goes Keras's way. The model, its graph and its file are the same whichever way it was
#' trained. A run with a folder (`out =`) keeps what it went by in `execution.json`.
#'
#' @param model A spec, or its name or path, as in [zoo_train()]; or a `speczoo_model`.
#' @param data That the steps are measured on, as in [zoo_train()]: `NULL` for the recipe's own source. What was measured before
#'   is given at once, whatever the data; `measure = TRUE` measures again.
#' @param ... Parameter overrides by name, where `model` is a spec, and a formula with its arguments, as in [zoo_train()].
#' @param batch_size Samples in a step; the spec's when `NULL`.
#' @param measure `TRUE` measures again.
#' @returns A tibble of class `speczoo_plan`, a row a way: `way`, `first_step` (seconds, compiling included), `step` (seconds
#'   of a later one), `speedup` over Keras's own way, `difference` of the loss from Keras's, relative to it, and `chosen`.
#' @export
#' @examplesIf speczoo::zoo_available()
#' \donttest{
#' zoo_plan("gru_lob")
#' zoo_plan("gru_lob", data = list(simulate = list(snapshots = 3000, seed = 2)))
#' }
zoo_plan <- function(model, data = NULL, ..., batch_size = NULL, measure = FALSE) {
  check_given(model, "model", "for example zoo_plan(\"gru_lob\")")
  check_whole(batch_size, "batch_size", least = 1)
  check_flag(measure, "measure")
  settings <- list(batch_size = batch_size, measure = measure)
  own <- setdiff(names(formals(zoo_plan)), "...")
  call <- rlang::current_env()
  if (!inherits(model, "speczoo_model") && formula_among(data, list(...))) {
    asked <- formula_call(
      model, NULL, formula_and_data(data, list(...)), settings, c(own, formula_arguments), call
    )
    return(new_view(rlang::inject(ask_python("plan_table", !!!asked, .call = call)), "speczoo_plan"))
  }
  if (inherits(model, "speczoo_model")) {
    check_no_dots(..., .known = setdiff(names(formals(zoo_plan)), c("model", "...")), .function = "zoo_plan")
  } else {
    model <- as_spec(model, ..., text = NULL, .own = own, .argument = "model")
  }
  given <- given_data(data)
  reply <- rlang::inject(ask_python("plan", spec = live(model), x = given[[1]], y = given[[2]], !!!settings, .call = call))
  new_view(reply, "speczoo_plan")
}

#' @export
print.speczoo_plan <- function(x, ...) print_view(x, ...)
