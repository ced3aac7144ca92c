#' The Keras model itself, for users of reticulate and keras3
#'
#' `zoo_keras()` gives the Python object behind a model. It needs the package reticulate, and an R that started Python;
#' where Python hosts R, Python code has the object anyway.
#'
#' @param model A `speczoo_model`.
#' @returns A Python object of reticulate: a compiled `keras.Model`. What is done to it is done to the model. `saveRDS()`
#'   knows of such changes after the next [zoo_pack()] or [zoo_save()].
#' @export
#' @examplesIf speczoo::zoo_available() && requireNamespace("reticulate", quietly = TRUE)
#' m <- zoo_model("hrnn_lob", window = 10)
#' if (reticulate::py_available()) reticulate::py_to_r(zoo_keras(m)$name)
zoo_keras <- function(model) {
  check_given(model, "model", "for example zoo_keras(model)")
  check_model(model)
  handle <- live(model)
  check_reticulate()
  reticulate::import("r_bridge.keras_objects", convert = FALSE)$keras_model(handle$number, handle$process)
}

check_reticulate <- function(call = rlang::caller_env()) {
  if (rlang::is_installed("reticulate") && reticulate::py_available(initialize = FALSE)) return(invisible())
  stop_zoo(
    "Python objects need reticulate, and an R that has started Python with it",
    help = "install.packages(\"reticulate\"); where Python hosts R, work with the model in Python",
    class = c("speczoo_package_error", "speczoo_python_error"), call = call
  )
}

#' A Keras model becomes a spec
#'
#' `zoo_from_keras()` takes a functional or sequential model that was built in R with keras3 or reticulate;
#' `zoo_import()` reads the `.keras` file of one, and runs nothing that is in it.
#'
#' @param model A Keras model of keras3 or reticulate, or the path of a `.keras` file.
#' @param path A `.keras` file.
#' @param weights `FALSE` for the spec alone; `TRUE` for a model with the weights of the given one.
#' @returns A `speczoo_spec`, whose text [summary()] prints; with `weights = TRUE` a `speczoo_model`.
#' @export
#' @examplesIf speczoo::zoo_available() && requireNamespace("reticulate", quietly = TRUE)
#' m <- zoo_model("hrnn_lob", window = 10)
#' if (reticulate::py_available()) {
#'   file <- tempfile(fileext = ".keras")
#'   zoo_keras(m)$save(file)
#'   zoo_import(file)
#'   summary(zoo_from_keras(zoo_keras(m)))
#' }
zoo_from_keras <- function(model, weights = FALSE) {
  check_given(model, "model", "for example zoo_from_keras(model) with a model of keras3, or \"model.keras\"")
  if (rlang::is_string(model)) return(zoo_import(model, weights = weights))
  if (!inherits(model, "python.builtin.object")) {
    help <- "a model of keras3 or reticulate, or the path of a .keras file"
    if (inherits(model, "speczoo_model")) help <- "it came from a spec; zoo_keras() gives its Keras model"
    stop_zoo(
      sprintf("`model` must be a Keras model, not %s", friendly_type(model)), help = help, class = "speczoo_argument_error"
    )
  }
  check_reticulate()
  if (is.null(getOption("speczoo.dispatch"))) start_python()
  reticulate::py_set_attr(reticulate::import("r_bridge.keras_objects", convert = FALSE), "given", model)
  taken(ask_python("from_keras", weights = isTRUE(weights)), weights)
}

#' @rdname zoo_from_keras
#' @export
zoo_import <- function(path, weights = FALSE) {
  check_given(path, "path", "for example zoo_import(\"model.keras\")")
  path <- check_text(path, "path")
  taken(ask_python("import", path = path.expand(path), weights = isTRUE(weights)), weights)
}

taken <- function(fields, weights) if (isTRUE(weights)) keep(new_model(fields)) else new_spec(fields)
