#' Save a model as a bundle, and open one
#'
#' A bundle (`.zoo`) holds the spec, the weights, the data preparation, history and metrics; it opens in R, in Python
#' and in the shell, and contains nothing that is executed. `zoo_pack()` gives the same as a raw vector, for a
#' database or a column of a data frame.
#'
#' A model also survives [saveRDS()], [save()] and [save.image()], alone or within a list: it carries its bundle, which
#' is taken anew after each [compile()], [fit()], [freeze()] and [set_weights()], and opens by itself where it is used.
#' A change made by other means, such as through [zoo_keras()], is kept by `zoo_save()` and `zoo_pack()`. With
#' `options(speczoo.keep = FALSE)` models carry nothing, and are as large in R as what they print.
#'
#' @param model A `speczoo_model`.
#' @param path The file; `zoo_save()` adds `.zoo` where it has no extension.
#' @param bytes A raw vector that `zoo_pack()` returned, or a list of one such vector, as a list column gives it.
#' @returns `zoo_save()` returns the model invisibly, `zoo_open()` and `zoo_unpack()` a `speczoo_model`, `zoo_pack()` a
#'   raw vector.
#' @export
#' @examplesIf speczoo::zoo_available()
#' m <- zoo_model("hrnn_lob", window = 10)
#' file <- tempfile(fileext = ".zoo")
#' zoo_save(m, file)
#' zoo_open(file)
#'
#' models <- tibble::tibble(name = "first", model = list(zoo_pack(m)))
#' zoo_unpack(models$model[[1]])
#'
#' saveRDS(list(model = m), file)
#' readRDS(file)$model
zoo_save <- function(model, path) {
  check_given(model, "model", "for example zoo_save(model, \"model.zoo\")")
  check_model(model)
  check_given(path, "path", "for example zoo_save(model, \"model.zoo\")")
  path <- check_text(path, "path")
  if (!grepl("\\.[^./\\\\]+$", path)) path <- paste0(path, ".zoo")
  ask_python("save", model = live(model), path = path.expand(path))
  invisible(keep(model))
}

#' @rdname zoo_save
#' @export
zoo_open <- function(path) {
  check_given(path, "path", "for example zoo_open(\"model.zoo\")")
  path <- check_text(path, "path")
  keep(new_model(ask_python("open", path = path.expand(path))))
}

#' @rdname zoo_save
#' @export
zoo_pack <- function(model) {
  check_given(model, "model", "for example zoo_pack(model)")
  check_model(model)
  bytes <- ask_python("pack", model = live(model))
  if (isTRUE(getOption("speczoo.keep", TRUE))) model$bytes <- bytes
  bytes
}

#' @rdname zoo_save
#' @export
zoo_unpack <- function(bytes) {
  check_given(bytes, "bytes", "for example zoo_unpack(zoo_pack(model))")
  if (is.list(bytes) && length(bytes) == 1) bytes <- bytes[[1]]
  if (!is.raw(bytes)) {
    stop_zoo(
      sprintf("`bytes` must be a raw vector, not %s", friendly_type(bytes)), help = "give what zoo_pack() returned",
      class = "speczoo_argument_error"
    )
  }
  keep(new_model(ask_python("unpack", blob = bytes)))
}
