#' Write a model for those who have no speczoo
#'
#' The model as it is now; a later [fit()] is not in the file. A model that carries a state from batch to batch cannot be
#' exported.
#'
#' @param model A `speczoo_model`.
#' @param path The file or folder, whole or absent.
#' @param format `"onnx"`: a file whose inputs and outputs have the spec's names; it needs the Python packages onnx and tf2onnx
#'   (`pip install "speczoo[serve]"`). `"saved_model"`: TensorFlow's folder, written by Keras. `"folder"`: the ONNX file with
#'   what was fitted on the data and a `predict.py` that needs numpy and onnxruntime only; it takes rows of an order book, or
#'   scaled arrays.
#' @param overwrite Whether an earlier export may be replaced; what no export wrote never is.
#' @returns The path, invisibly.
#' @export
#' @examplesIf speczoo::zoo_available()
#' m <- zoo_model("hrnn_lob", window = 10)
#' zoo_export(m, tempfile("hrnn_lob"), format = "saved_model")
zoo_export <- function(model, path, format = "onnx", overwrite = FALSE) {
  check_given(model, "model", "for example zoo_export(model, \"model.onnx\")")
  check_model(model)
  check_given(path, "path", "for example zoo_export(model, \"model.onnx\")")
  path <- check_text(path, "path")
  format <- check_choice(format, c("onnx", "saved_model", "folder"), "format")
  check_flag(overwrite, "overwrite")
  invisible(ask_python("export", model = live(model), path = path.expand(path), format = format, overwrite = overwrite))
}
