#' The zoo's models
#'
#' @param query Text to look for in names and descriptions; the empty text lists all.
#' @param tag Only models with this tag, or with all of several.
#' @param input Only models that take this: `"orderbook"`, `"series"`, `"table"`, `"text"` or `"image"`.
#' @param min_params,max_params The fewest and the most weights, as numbers or as `"10k"` or `"1.5M"`.
#' @param sort The order: `"name"`, `"folder"`, `"params"` or `"flops"`.
#' @returns A tibble with one row a model: `name`, `kind` (what goes in), `parameters` (weights at the default
#'   sizes), `published` (what the source gives, or `NA`), `flops` (floating-point operations of one prediction for
#'   one window), `about`, `tags` (a list of character vectors), `folder`, `inputs` and `outputs`.
#' @export
#' @examplesIf speczoo::zoo_available()
#' zoo_list()
#' zoo_list("attention", tag = "orderbook", max_params = "200k", sort = "params")
zoo_list <- function(query = "", tag = NULL, input = NULL, min_params = NULL, max_params = NULL, sort = "name") {
  query <- check_text(query, "query")
  check_tags(tag)
  if (!is.null(input)) input <- check_text(input, "input")
  sort <- check_text(sort, "sort")
  models <- tibble::as_tibble(ask_python(
    "list_models",
    query = query, tag = tag, input = input, min_params = min_params, max_params = max_params, sort = sort
  ))
  models$tags <- strsplit(as.character(models$tags), ", ", fixed = TRUE)
  models
}

check_tags <- function(tag, call = rlang::caller_env()) {
  if (is.null(tag) || (is.character(as_text(tag)) && length(tag) > 0 && !anyNA(tag))) return(invisible())
  stop_zoo(
    sprintf("`tag` must be one text or several, not %s", friendly_type(tag)),
    class = "speczoo_argument_error", call = call
  )
}

#' Read a spec
#'
#' A spec is a page of YAML that declares a model. It is read and checked, and nothing is built.
#'
#' @param source A catalogue name such as `"hrnn_lob"`, the path of a YAML file, or the text that [zoo_new()] returned.
#' @param ... Parameter overrides by name, such as `row_units = 64`.
#' @param text The YAML itself, as one text or as lines, instead of `source`.
#' @returns A `speczoo_spec`; `summary()` prints its text.
#' @export
#' @examplesIf speczoo::zoo_available()
#' zoo_spec("hrnn_lob", row_units = 64)
zoo_spec <- function(source = NULL, ..., text = NULL) {
  as_spec(source, ..., text = text, .argument = "source")
}

#' Everything there is to know of one model
#'
#' Its picture, inputs and outputs, parameters, size and cost, recipe, data and source, on a page.
#'
#' @inheritParams zoo_spec
#' @param source A catalogue name, the path of a YAML file, or what [zoo_spec()] or [zoo_new()] returned.
#' @returns A `speczoo_card`, which prints as that page. Its fields are R's own values: `name`, `about`, `tags`,
#'   `folder`, `kind`, `source`, `cite`, `bibtex`, `lint` (warnings allowed, and why), `params`, `inputs`, `outputs`,
#'   `parameters`, `published`, `difference`, `flops`, `uncounted`, `recipe`, `data`, `speed` and `yaml`, the spec.
#' @export
#' @examplesIf speczoo::zoo_available()
#' zoo_show("headline")
#' zoo_show("hrnn_lob", row_units = 64)$parameters
zoo_show <- function(source = NULL, ..., text = NULL) {
  given <- source_and_text(source, text)
  card <- ask_python(
    "card",
    source = given$source, text = given$text, params = overrides(...),
    width = getOption("width"), plain = !l10n_info()[["UTF-8"]]
  )
  words <- c("tags", "uncounted", "recipe", "data")
  card[words] <- lapply(card[words], function(value) as.character(unlist(value)))
  structure(card, class = "speczoo_card")
}

#' @export
format.speczoo_card <- function(x, ...) x$page

#' @export
print.speczoo_card <- function(x, ...) {
  cat(format(x, ...), sep = "\n")
  invisible(x)
}

#' Check a spec
#'
#' Everything wrong in a spec is reported at once, with its place and how to mend it.
#'
#' @inheritParams zoo_spec
#' @param source A catalogue name, the path of a YAML file, or what [zoo_spec()] or [zoo_new()] returned.
#' @returns A `speczoo_report`: `ok`, the rendered `text`, and `diagnostics`, a tibble with one row a finding
#'   (`code`, `level`, `message`, `file`, `line`, `column`, `end_line`, `end_column`, `help`). It is no error when
#'   a spec has mistakes. `as.data.frame()` gives the diagnostics. [zoo_spec()], [zoo_model()] and [zoo_train()] raise a
#'   `speczoo_spec_error`, which carries the same tibble: `tryCatch(zoo_spec("my.yaml"), speczoo_spec_error = function(e)
#'   e$diagnostics)`.
#' @export
#' @examplesIf speczoo::zoo_available()
#' zoo_check("hrnn_lob")
#' zoo_check(zoo_spec("hrnn_lob", window = 20))
zoo_check <- function(source = NULL, text = NULL) {
  given <- source_and_text(source, text)
  report <- ask_python("check", source = given$source, text = given$text)
  report$diagnostics <- tibble::as_tibble(report$diagnostics)
  mark_source(report$diagnostics)
  structure(report, class = "speczoo_report")
}

#' @export
as.data.frame.speczoo_report <- function(x, ...) as.data.frame(x$diagnostics)

#' What a diagnostic means
#'
#' @param code The code of a finding, such as `"G201"`.
#' @returns The page, invisibly: what the rule catches, why that is bad, and what to write instead.
#' @export
#' @examplesIf speczoo::zoo_available()
#' zoo_rule("G201")
zoo_rule <- function(code) {
  check_given(code, "code", "for example zoo_rule(\"G201\")")
  code <- check_text(code, "code")
  page <- ask_python("rule", code = code)
  cat(page, "\n", sep = "")
  invisible(page)
}

#' @export
print.speczoo_report <- function(x, ...) {
  cat(if (nzchar(x$text)) x$text else "no findings", "\n", sep = "")
  invisible(x)
}

#' @export
format.speczoo_spec <- function(x, ...) sprintf("<spec %s>", x$name)

#' @export
print.speczoo_spec <- function(x, ...) {
  cat("<spec ", x$name, ">\n", sep = "")
  if (nzchar(x$about)) cat(strwrap(x$about, indent = 2, exdent = 2), sep = "\n")
  cat("  inputs:  ", named_line(x$inputs), "\n", sep = "")
  cat("  outputs: ", paste(unlist(x$outputs), collapse = ", "), "\n", sep = "")
  if (length(x$params) > 0) {
    values <- vapply(x$params, function(value) paste(format(unlist(value)), collapse = ", "), "")
    text <- paste(names(x$params), values, sep = " = ", collapse = ", ")
    cat(strwrap(text, initial = "  params:  ", prefix = strrep(" ", 11)), sep = "\n")
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
as_spec <- function(source = NULL, ..., text = NULL, .own = character(), .argument = "spec",
                    .call = rlang::caller_env()) {
  if (inherits(source, "speczoo_spec")) {
    check_unchanged(source, overrides(..., .call = .call), .own, .call)
    return(source)
  }
  given <- source_and_text(source, text, .argument, .call)
  params <- overrides(..., .call = .call)
  fields <- tryCatch(
    ask_python("spec", source = given$source, text = given$text, params = params, .call = .call),
    speczoo_spec_error = function(error) {
      unknown <- "P104" %in% error$diagnostics$code && !any(grepl("did you mean", error$diagnostics$help))
      near <- if (unknown) near_own(unknown_among(names(params), error$diagnostics), .own)
      if (is.null(near)) rlang::cnd_signal(error)
      stop_zoo(
        "an argument is neither the function's own nor a parameter of the spec",
        help = near, class = "speczoo_argument_error", call = .call
      )
    }
  )
  new_spec(fields)
}

# A spec that was read holds its parameters' values: another value has to be given where it is read.
check_unchanged <- function(spec, params, own, call) {
  same <- vapply(names(params), function(name) isTRUE(all.equal(spec$params[[name]], params[[name]])), logical(1))
  if (all(same)) return(invisible())
  changed <- names(params)[!same]
  stop_zoo(
    sprintf("%s cannot be changed in a spec that was read already", paste0("`", changed, "`", collapse = ", ")),
    help = near_own(changed, own) %||%
      sprintf("give it where the spec is read: zoo_spec(..., %s = ...)", changed[[1]]),
    class = "speczoo_argument_error", call = call
  )
}

# Those of the given names that a spec does not know as parameters, by what it says of them.
unknown_among <- function(given, diagnostics) {
  told <- diagnostics$message[diagnostics$code == "P104"]
  Filter(function(name) any(grepl(paste0("`", name, "`"), told, fixed = TRUE)), given)
}

# Whether a name among the parameters is a misspelt argument of the function itself.
near_own <- function(given, own) {
  for (name in given) {
    near <- nearest(name, own)
    if (!is.na(near)) return(sprintf("`%s`: did you mean the argument `%s`?", name, near))
  }
  NULL
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
  missing <- vapply(given, function(value) is.atomic(value) && length(value) > 0 && anyNA(value), logical(1))
  if (any(missing)) {
    stop_zoo(
      sprintf("the parameter `%s` is NA", names(given)[missing][[1]]),
      help = "leave it out to keep the spec's value", class = "speczoo_argument_error", call = .call
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
