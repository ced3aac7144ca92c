#' Compile a model again
#'
#' Changes the model in place. What is left out keeps the spec's.
#'
#' @param object A `speczoo_model`.
#' @param optimizer A name such as `"rmsprop"`, or a list with its arguments: `list(Adam = list(learning_rate = 1e-3))`.
#' @param loss,loss_weights One value for each output: a vector or list in the model's order, or named by output.
#'   Named, it may hold only some of the outputs. A loss with arguments is written `list(Huber = list(delta = 2))`; one that
#'   contradicts its output's activation is an error, as in [zoo_check()].
#' @param metrics With one output, a vector of metrics; with several, a list by output or in the model's order,
#'   each element a vector of metrics.
#' @param ... Not used; anything here is an error.
#' @returns The model, invisibly.
#' @export
#' @examplesIf speczoo::zoo_available()
#' m <- zoo_model("headline")
#' m |> compile(optimizer = "rmsprop", loss_weights = c(main_output = 1, aux_output = 0.2))
compile.speczoo_model <- function(object, optimizer = NULL, loss = NULL, loss_weights = NULL, metrics = NULL, ...) {
  check_no_dots(..., .known = c("optimizer", "loss", "loss_weights", "metrics"), .function = "compile")
  handle <- live(object)
  forget(object)
  on.exit(refresh(object))
  ask_python(
    "compile", model = handle, optimizer = optimizer, loss = loss, loss_weights = loss_weights,
    metrics = metrics
  )
  invisible(object)
}
