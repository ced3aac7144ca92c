#' @export
print.speczoo_model <- function(x, ...) {
  cat("<model ", x$name, ">\n", sep = "")
  if (nzchar(x$about)) cat(strwrap(x$about, indent = 2, exdent = 2), sep = "\n")
  cat("  inputs:     ", named_line(x$inputs), "\n", sep = "")
  cat("  outputs:    ", named_line(x$outputs), "\n", sep = "")
  cat("  parameters: ", format(x$num_parameters, big.mark = ",", decimal.mark = "."), "\n", sep = "")
  cat("  trained:    ", if (x$num_epochs == 0) "not yet" else sprintf("%d %s", x$num_epochs, if (x$num_epochs == 1) "epoch" else "epochs"), "\n", sep = "")
  if (nzchar(x$about_data)) {
    cat(strwrap(x$about_data, initial = "  data:       ", prefix = strrep(" ", 14)), sep = "\n")
  }
  metrics <- Filter(function(value) is.numeric(value) && length(value) == 1, x$metrics)
  if (length(metrics) > 0) {
    # Commas part the numbers, whatever getOption("OutDec") is.
    numbers <- vapply(metrics, function(value) format(signif(value, 4), decimal.mark = "."), "")
    cat("  test part:  ", paste(names(metrics), numbers, collapse = ", "), "\n", sep = "")
  }
  invisible(x)
}

#' @export
format.speczoo_model <- function(x, ...) sprintf("<model %s>", x$name)

#' The layers of a model
#'
#' @param object A `speczoo_model`.
#' @param ... Not used.
#' @returns The model, invisibly; the table of layers is printed.
#' @export
#' @examplesIf speczoo::zoo_available()
#' summary(zoo_model("hrnn_lob"))
summary.speczoo_model <- function(object, ...) {
  cat(ask_python("summary", model = live(object)), "\n", sep = "")
  invisible(object)
}
