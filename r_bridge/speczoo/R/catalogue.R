#' The zoo's models
#'
#' @param query Text to look for in names and descriptions; the empty text lists all.
#' @param tag Only models with this tag.
#' @returns A tibble with one row a model: `name`, `about` and `tags`.
#' @export
#' @examplesIf speczoo::zoo_available()
#' zoo_list()
#' zoo_list(tag = "orderbook")
zoo_list <- function(query = "", tag = NULL) {
  check_text(query, "query")
  if (!is.null(tag)) check_text(tag, "tag")
  tibble::as_tibble(ask_python("list_models", query = query, tag = tag))
}

#' Read a spec
#'
#' A spec is a page of YAML that declares a model. It is read and checked, and nothing is built.
#'
#' @param source A catalogue name such as `"hrnn_lob"`, or the path of a YAML file.
#' @param ... Parameter overrides by name, such as `row_units = 64`.
#' @param text The YAML itself, as one text or as lines, instead of `source`.
#' @returns `zoo_spec()` returns a `speczoo_spec`; `zoo_show()` prints its text and returns it invisibly.
#' @export
#' @examplesIf speczoo::zoo_available()
#' zoo_spec("hrnn_lob", row_units = 64)
#' zoo_show("headline")
zoo_spec <- function(source = NULL, ..., text = NULL) {
  if (!is.null(source)) check_text(source, "source")
  new_spec(ask_python("spec", source = source, text = text, params = overrides(...)))
}

#' @rdname zoo_spec
#' @export
zoo_show <- function(source = NULL, ..., text = NULL) {
  spec <- as_spec(source, ..., text = text)
  cat(spec$yaml)
  invisible(spec)
}

#' Check a spec
#'
#' Everything wrong in a spec is reported at once, with its place and how to mend it.
#'
#' @inheritParams zoo_spec
#' @returns A `speczoo_report`: `ok`, the rendered `text`, and `diagnostics`, a tibble with one row a finding
#'   (`code`, `level`, `message`, `file`, `line`, `column`, `end_line`, `end_column`, `help`). It is no error when
#'   a spec has mistakes; [zoo_spec()] and [zoo_model()] raise `speczoo_spec_error` with the same tibble.
#' @export
#' @examplesIf speczoo::zoo_available()
#' zoo_check("hrnn_lob")
zoo_check <- function(source = NULL, text = NULL) {
  report <- ask_python("check", source = source, text = text)
  report$diagnostics <- tibble::as_tibble(report$diagnostics)
  structure(report, class = "speczoo_report")
}

#' @export
print.speczoo_report <- function(x, ...) {
  cat(if (nzchar(x$text)) x$text else "no findings", "\n", sep = "")
  invisible(x)
}

#' @export
print.speczoo_spec <- function(x, ...) {
  cat("<spec ", x$name, ">\n", sep = "")
  if (nzchar(x$about)) cat(strwrap(x$about, indent = 2, exdent = 2), sep = "\n")
  cat("  inputs:  ", named_line(x$inputs), "\n", sep = "")
  cat("  outputs: ", paste(unlist(x$outputs), collapse = ", "), "\n", sep = "")
  if (length(x$params) > 0) {
    values <- vapply(x$params, function(value) paste(format(unlist(value)), collapse = ", "), "")
    cat(strwrap(paste("params: ", paste(names(x$params), values, sep = " = ", collapse = ", ")), indent = 2,
                exdent = 11), sep = "\n")
  }
  invisible(x)
}

#' @export
summary.speczoo_spec <- function(object, ...) {
  cat(object$yaml)
  invisible(object)
}

new_spec <- function(fields) structure(fields, class = "speczoo_spec")

# What the user gave as a model: a spec they have read, or a name or path to read now.
as_spec <- function(source = NULL, ..., text = NULL, .call = rlang::caller_env()) {
  if (inherits(source, "speczoo_spec")) {
    if (...length() > 0) {
      stop_zoo(
        "parameters cannot be changed in a spec that was read already",
        help = "give them to zoo_spec(), where the spec is read", class = "speczoo_argument_error", call = .call
      )
    }
    return(source)
  }
  if (!is.null(source)) check_text(source, "source", call = .call)
  new_spec(ask_python("spec", source = source, text = text, params = overrides(..., .call = .call), .call = .call))
}

overrides <- function(..., .call = rlang::caller_env()) {
  given <- list(...)
  if (length(given) == 0) return(NULL)
  if (is.null(names(given)) || any(!nzchar(names(given)))) {
    stop_zoo(
      "parameter overrides must be named", help = "for example zoo_spec(\"hrnn_lob\", row_units = 64)",
      class = "speczoo_argument_error", call = .call
    )
  }
  given
}

named_line <- function(values) {
  values <- unlist(values)
  paste(sprintf("%s (%s)", names(values), values), collapse = ", ")
}

#' Is Python with speczoo at hand?
#'
#' Looks for the interpreter without starting it; used by examples and tests.
#'
#' @returns `TRUE` or `FALSE`.
#' @export
#' @examples
#' zoo_available()
zoo_available <- function() {
  if (!is.null(getOption("speczoo.dispatch"))) return(TRUE)
  rlang::is_installed("reticulate") && !inherits(tryCatch(find_python(), error = identity), "error")
}
