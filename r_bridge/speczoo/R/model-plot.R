#' Draw the graph of a model or spec
#'
#' @param x A `speczoo_model` or `speczoo_spec`.
#' @param file Where to write the picture, by its ending: `.svg`, `.png` or `.pdf`; `NULL` draws on the current device.
#' @param ... Not used; anything here is an error.
#' @returns The model or spec, invisibly.
#' @export
#' @examplesIf speczoo::zoo_available()
#' zoo_plot("hrnn_lob", window = 20, file = tempfile(fileext = ".svg"))
#' plot(zoo_spec("hrnn_lob"), file = tempfile(fileext = ".svg"))
plot.speczoo_model <- function(x, file = NULL, ...) {
  check_no_dots(..., .known = "file", .function = "plot")
  draw_graph(x, file)
}

#' @rdname plot.speczoo_model
#' @param spec A catalogue name, the path of a YAML file, a `speczoo_spec` or a `speczoo_model`.
#' @inheritParams zoo_model
#' @export
zoo_plot <- function(spec = NULL, ..., text = NULL, file = NULL) {
  if (inherits(spec, "speczoo_model")) {
    check_no_dots(..., .known = c("text", "file"), .function = "zoo_plot")
    return(draw_graph(spec, file))
  }
  draw_graph(as_spec(spec, ..., text = text, .own = c("text", "file")), file)
}

#' @rdname plot.speczoo_model
#' @export
plot.speczoo_spec <- function(x, file = NULL, ...) {
  check_no_dots(..., .known = "file", .function = "plot")
  draw_graph(x, file)
}

draw_graph <- function(x, file, .call = rlang::caller_env()) {
  if (!is.null(file)) {
    check_text(file, "file", call = .call)
    ask_python("picture", model = live(x, .call), path = path.expand(file), .call = .call)
    return(invisible(x))
  }
  if (!rlang::is_installed("png")) {
    stop_zoo(
      "drawing on R's device needs the package png",
      help = "install.packages(\"png\"), or write a file: plot(x, file = \"graph.svg\")", class = "speczoo_package_error",
      call = .call
    )
  }
  scratch <- tempfile(fileext = ".png")
  on.exit(unlink(scratch))
  ask_python("picture", model = live(x, .call), path = scratch, .call = .call)
  picture <- png::readPNG(scratch)
  margins <- graphics::par(mar = c(0, 0, 0, 0))
  on.exit(graphics::par(margins), add = TRUE)
  graphics::plot.new()
  graphics::plot.window(xlim = c(0, ncol(picture)), ylim = c(0, nrow(picture)), asp = 1)
  graphics::rasterImage(picture, 0, 0, ncol(picture), nrow(picture))
  invisible(x)
}
