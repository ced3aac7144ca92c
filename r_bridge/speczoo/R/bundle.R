#' Save a model as a bundle, and open one
#'
#' A bundle (`.zoo`) holds the spec, the weights, the data preparation, history and metrics; it opens in R, in Python
#' and in the shell, and contains nothing that is executed.
#'
#' @param model A `speczoo_model`.
#' @param path The file; `zoo_save()` adds `.zoo` where it has no extension.
#' @returns `zoo_save()` returns the model invisibly, `zoo_open()` a `speczoo_model`.
#' @export
#' @examplesIf speczoo::zoo_available()
#' m <- zoo_model("hrnn_lob", window = 10)
#' file <- tempfile(fileext = ".zoo")
#' zoo_save(m, file)
#' zoo_open(file)
zoo_save <- function(model, path) {
  check_given(model, "model", "for example zoo_save(model, \"model.zoo\")")
  check_model(model)
  check_given(path, "path", "for example zoo_save(model, \"model.zoo\")")
  check_text(path, "path")
  if (!grepl("\\.[^./\\\\]+$", path)) path <- paste0(path, ".zoo")
  ask_python("save", model = model$handle, path = path.expand(path))
  invisible(model)
}

#' @rdname zoo_save
#' @export
zoo_open <- function(path) {
  check_given(path, "path", "for example zoo_open(\"model.zoo\")")
  check_text(path, "path")
  new_model(ask_python("open", path = path.expand(path)))
}
