#' Freeze layers, and let them learn again
#'
#' A frozen layer keeps its weights in [fit()][fit.speczoo_model]. The model is changed in place and compiled again, so
#' that an optimizer begins anew.
#'
#' @param object A `speczoo_model`.
#' @param layers Names of layers, as [tidy()][tidy.speczoo_model] lists them; the name of a submodel means all of its
#'   layers. `NULL` means every layer.
#' @param ... Not used; anything here is an error.
#' @returns The model, invisibly.
#' @export
#' @examplesIf speczoo::zoo_available()
#' m <- zoo_model("hrnn_lob", window = 10)
#' m |> freeze("row_code")
#' tidy(m)
#' m |> unfreeze()
freeze <- function(object, layers = NULL, ...) UseMethod("freeze")

#' @rdname freeze
#' @export
unfreeze <- function(object, layers = NULL, ...) UseMethod("unfreeze")

#' @export
freeze.speczoo_model <- function(object, layers = NULL, ...) {
  check_no_dots(..., .known = "layers", .function = "freeze")
  set_trainable(object, layers, FALSE)
}

#' @export
unfreeze.speczoo_model <- function(object, layers = NULL, ...) {
  check_no_dots(..., .known = "layers", .function = "unfreeze")
  set_trainable(object, layers, TRUE)
}

set_trainable <- function(model, layers, trainable, .call = rlang::caller_env()) {
  check_layers(layers, call = .call)
  handle <- live(model, .call)
  forget(model)
  on.exit(refresh(model, .call))
  ask_python("set_trainable", model = handle, names = layers, trainable = trainable, .call = .call)
  invisible(model)
}

check_layers <- function(layers, call = rlang::caller_env()) {
  if (is.null(layers) || (is.character(layers) && length(layers) > 0 && !anyNA(layers))) return(invisible())
  stop_zoo(
    sprintf("`layers` must be names of layers, not %s", friendly_type(layers)), help = "tidy(model) lists them",
    class = "speczoo_argument_error", call = call
  )
}

#' The weights of a model, out and in
#'
#' @param object A `speczoo_model`.
#' @param layers Names of layers, or `NULL` for all.
#' @param weights A named list of layers, each a named list of arrays, as `get_weights()` gives it. It may hold some of the
#'   layers, and some of their weights; what is left out stays. Either all of them fit, or none is changed.
#' @param ... Not used; anything here is an error.
#' @returns `get_weights()` returns a named list with an element for each layer that has weights, itself a named list of R
#'   arrays: `get_weights(m)$dense$kernel`. `set_weights()` returns the model, changed in place, invisibly.
#' @export
#' @examplesIf speczoo::zoo_available()
#' m <- zoo_model("hrnn_lob", window = 10)
#' str(get_weights(m))
#' w <- get_weights(m, "direction")
#' w$direction$bias[] <- 0
#' m |> set_weights(w)
get_weights <- function(object, layers = NULL, ...) UseMethod("get_weights")

#' @rdname get_weights
#' @export
set_weights <- function(object, weights, ...) UseMethod("set_weights")

#' @export
get_weights.speczoo_model <- function(object, layers = NULL, ...) {
  check_no_dots(..., .known = "layers", .function = "get_weights")
  check_layers(layers)
  ask_python("get_weights", model = live(object), names = layers)
}

#' @export
set_weights.speczoo_model <- function(object, weights, ...) {
  check_no_dots(..., .known = "weights", .function = "set_weights")
  check_given(weights, "weights", "give what get_weights() gives: list(layer = list(kernel = ..., bias = ...))")
  handle <- live(object)
  forget(object)
  on.exit(refresh(object))
  ask_python("set_weights", model = handle, weights = weights)
  invisible(object)
}
