#' Draw the graph of a model or spec, or how it splits its data
#'
#' `zoo_plot(split = TRUE)` shows which rows train, validate and test, what becomes of the windows (purged ones, and those
#' under embargo, are trained on and judged nowhere), and the steps of a walk where the spec has one.
#'
#' @param x A `speczoo_model` or `speczoo_spec`.
#' @param file Where to write the picture, by its ending: `.svg`, `.png` or `.pdf`; `NULL` draws on the current device.
#' @param ... Not used; anything here is an error.
#' @returns The model or spec, invisibly.
#' @export
#' @examplesIf speczoo::zoo_available()
#' zoo_plot("hrnn_lob", window = 20, file = tempfile(fileext = ".svg"))
#' plot(zoo_spec("hrnn_lob"), file = tempfile(fileext = ".svg"))
#' zoo_plot("lstm_stateless", split = TRUE, file = tempfile(fileext = ".png"))
#' picture <- tempfile(fileext = ".png")
#' zoo_plot("lstm_stateless", DAX ~ DAX + SMI, data = EuStockMarkets, split = TRUE, file = picture)
plot.speczoo_model <- function(x, file = NULL, ...) {
  check_no_dots(..., .known = "file", .function = "plot")
  draw_graph(x, file)
}

#' @rdname plot.speczoo_model
#' @param spec A catalogue name, the path of a YAML file, a `speczoo_spec` or a `speczoo_model`.
#' @inheritParams zoo_model
#' @param split Draw the split of the data in place of the graph.
#' @param data For a split, the data as in [zoo_train()], whose columns a formula may name; the spec's own when `NULL`.
#' @export
zoo_plot <- function(spec = NULL, ..., text = NULL, file = NULL, split = FALSE, data = NULL) {
  check_flag(split, "split")
  own <- c("text", "file", "split", "data")
  if (!split && !is.null(data)) {
    stop_zoo(
      "`data` goes with `split = TRUE`: a graph is drawn without data", help = "leave `data` out",
      class = "speczoo_argument_error"
    )
  }
  if (split && !inherits(spec, "speczoo_model") && formula_among(data, list(...))) {
    return(draw_formula_split(spec, text, formula_and_data(data, list(...)), file, own, rlang::current_env()))
  }
  if (inherits(spec, "speczoo_model")) {
    check_no_dots(..., .known = own, .function = "zoo_plot")
  } else {
    spec <- as_spec(spec, ..., text = text, .own = own)
  }
  if (!split) return(draw_graph(spec, file))
  given <- given_data(data)
  call <- rlang::current_env()
  draw_picture(spec, file, function(path) {
    ask_python("split_picture", model = live(spec, call), path = path, x = given[[1]], y = given[[2]], .call = call)
  }, call)
}

draw_formula_split <- function(spec, text, found, file, own, .call) {
  asked <- formula_call(spec, text, found, list(), c(own, formula_arguments), .call)
  draw_picture(as_spec(spec, text = text, .call = .call), file, function(path) {
    rlang::inject(ask_python("split_table", path = path, !!!asked, .call = .call))
  }, .call)
}

#' @rdname plot.speczoo_model
#' @export
plot.speczoo_spec <- function(x, file = NULL, ...) {
  check_no_dots(..., .known = "file", .function = "plot")
  draw_graph(x, file)
}

draw_graph <- function(x, file, .call = rlang::caller_env()) {
  draw_picture(x, file, function(path) {
    ask_python("picture", model = live(x, .call), path = path, .call = .call)
  }, .call)
}

# `write` makes the picture at a path: in a file of the caller's, or to be shown on R's device.
draw_picture <- function(x, file, write, .call = rlang::caller_env()) {
  if (!is.null(file)) {
    file <- check_text(file, "file", call = .call)
    write(path.expand(file))
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
  write(scratch)
  picture <- png::readPNG(scratch)
  margins <- graphics::par(mar = c(0, 0, 0, 0))
  on.exit(graphics::par(margins), add = TRUE)
  graphics::plot.new()
  graphics::plot.window(xlim = c(0, ncol(picture)), ylim = c(0, nrow(picture)), asp = 1)
  graphics::rasterImage(picture, 0, 0, ncol(picture), nrow(picture))
  invisible(x)
}
