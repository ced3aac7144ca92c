#' Write predictions to a file
#'
#' One line a window, as `zoo predict --out` writes them: the row at which the window ends (in a table with its time and group),
#' the numbers, and of classes a probability each and the likeliest one's name. Windows are predicted some after another and
#' written, so that of an order book on disk (`data.store`) neither they nor their predictions are ever all in memory.
#'
#' @param model A `speczoo_model`.
#' @param path The file, whole or absent: Parquet where its name ends in `.parquet`, else CSV. It replaces a file of predictions,
#'   and no other.
#' @param new_data The path of a file, several paths, or a data frame; `NULL` for a part of the data the model was trained on.
#' @param part `"test"`, `"val"` or `"train"`, of the data the model was trained on.
#' @param engine `"keras"`, Keras's own numbers, or `"onnxruntime"` or `"xla"`, compiled first, as [zoo_predictor()] does.
#'   `NULL`: compiled from 10,000 windows on, where it pays; the numbers are the same to 1e-5.
#' @returns How many lines were written, invisibly.
#' @seealso [augment()][augment.speczoo_model] for the predictions beside the data, in R.
#' @export
#' @examplesIf speczoo::zoo_available()
#' \donttest{
#' m <- zoo_train("rnn_sine", epochs = 1)
#' file <- tempfile(fileext = ".csv")
#' zoo_predict_file(m, file)
#' head(read.csv(file))
#' }
zoo_predict_file <- function(model, path, new_data = NULL, part = "test", engine = NULL) {
  check_given(model, "model", "for example zoo_predict_file(model, \"predictions.csv\")")
  check_model(model)
  check_given(path, "path", "for example zoo_predict_file(model, \"predictions.csv\")")
  check_engine(engine)
  path <- check_text(path, "path")
  part <- check_choice(part, c("test", "val", "train"), "part")
  if (is.character(new_data)) new_data <- path.expand(new_data)
  invisible(ask_python(
    "predict_file", model = live(model), path = path.expand(path), x = table_data(model, new_data), part = part,
    engine = engine
  ))
}
