# What is done with the text of a spec. Texts are objects that print as they are.

new_text <- function(text, ...) structure(list(text = text, ...), class = "speczoo_text")

#' @export
format.speczoo_text <- function(x, ...) x$text

#' @export
as.character.speczoo_text <- function(x, ...) x$text

#' @export
print.speczoo_text <- function(x, ...) {
  cat(x$text)
  invisible(x)
}

# A name or a path; the YAML itself, given without `text =`, is told from both by its lines.
check_source <- function(source, argument = "source", call = rlang::caller_env()) {
  if (!rlang::is_string(source) || is.na(source)) {
    model <- inherits(source, "speczoo_model")
    stop_zoo(
      sprintf(
        "`%s` must be a name, a path, or what zoo_spec() returned, not %s", argument,
        if (model) "a model" else friendly_type(source)
      ),
      help = if (model) "give what the model was made from; fit() trains the model itself further" else "",
      class = "speczoo_argument_error", call = call
    )
  }
  if (!grepl("\n", source, fixed = TRUE)) return(invisible())
  stop_zoo(
    "the first argument is a name or a path, and this is the text of a spec",
    help = "give it as `text = ...`", class = "speczoo_argument_error", call = call
  )
}

# A spec as the Python side reads it: by name or path, or as text.
source_and_text <- function(source, text, argument = "source", call = rlang::caller_env()) {
  if (inherits(source, "speczoo_spec")) return(list(source = NULL, text = source$yaml))
  if (inherits(source, "speczoo_text") && is.null(text)) return(list(source = NULL, text = source$text))
  source <- as_text(source)
  if (is.null(source) && is.null(text)) {
    stop_zoo(
      sprintf("`%s` is missing", argument),
      help = "give a model's name, as zoo_list() shows them, the path of a YAML file, or what zoo_spec() returned",
      class = c("speczoo_argument_source", "speczoo_argument_error"), call = call
    )
  }
  if (!is.null(source)) check_source(source, argument, call = call)
  list(source = source, text = if (inherits(text, "speczoo_text")) text$text else text)
}

write_text <- function(text, out, overwrite, call = rlang::caller_env()) {
  if (is.null(out)) return(invisible())
  out <- check_text(out, "out", call = call)
  if (file.exists(out) && !isTRUE(overwrite)) {
    stop_zoo(
      sprintf("`%s` is there already", out), help = "name another file, or give overwrite = TRUE",
      class = "speczoo_file_error", call = call
    )
  }
  tryCatch(
    suppressWarnings(writeBin(charToRaw(enc2utf8(text)), path.expand(out))),
    error = function(error) {
      stop_zoo(
        sprintf("`%s` cannot be written", out), help = "check the folder and its rights", class = "speczoo_file_error",
        call = call, parent = error
      )
    }
  )
  invisible()
}

#' A spec with nothing left to look up, or with every default written out
#'
#' `zoo_resolve()` evaluates parameters, merges `extends` and writes out `use`: the result needs no other file and means
#' the same. `zoo_fill()` keeps the text and writes every default of every layer into it.
#'
#' @inheritParams zoo_spec
#' @param source A catalogue name, the path of a YAML file, or what [zoo_spec()] or [zoo_new()] returned.
#' @param origin `TRUE` for a tibble that tells where each value was written, instead of the text.
#' @param out A file to write the text to, or `NULL`.
#' @param overwrite Whether a file that is there may be replaced.
#' @returns A `speczoo_text`, which prints as the spec; its field `text` is that text. `zoo_resolve()` adds `values`, the
#'   same as nested lists; with `origin = TRUE` it returns a tibble instead, with the columns `path`, `value`, `file`,
#'   `line`, `column` and `expression`. `zoo_fill()` adds `added`, a tibble with one row a default: `class`, `file`, `line`,
#'   `argument` and `value`.
#' @export
#' @examplesIf speczoo::zoo_available()
#' zoo_resolve("hrnn_lob", window = 50)
#' zoo_resolve("hrnn_lob", window = 50, origin = TRUE)
#' zoo_fill("hrnn_lob")$added
zoo_resolve <- function(source = NULL, ..., text = NULL, origin = FALSE, out = NULL, overwrite = FALSE) {
  given <- source_and_text(source, text)
  found <- ask_python("resolve", source = given$source, text = given$text, params = overrides(...))
  write_text(found$text, out, overwrite)
  if (isTRUE(origin)) return(tibble::as_tibble(found$origins))
  new_text(found$text, values = found$values)
}

#' @rdname zoo_resolve
#' @export
zoo_fill <- function(source = NULL, text = NULL, out = NULL, overwrite = FALSE) {
  given <- source_and_text(source, text)
  found <- ask_python("fill", source = given$source, text = given$text)
  write_text(found$text, out, overwrite)
  new_text(found$text, added = tibble::as_tibble(found$added))
}

#' What changed from one spec to another, by meaning
#'
#' Layers, arguments, edges, outputs, the recipe and the number of weights count; comments, layout, names and defaults
#' that are written out do not.
#'
#' @param a,b A catalogue name, a path, or what [zoo_spec()] returned.
#' @returns A `speczoo_diff`: `same`, `changes` (a tibble with `kind`, `path`, `before`, `after`, `old_line` and `new_line`)
#'   and `weights`, the line about their number. `as.data.frame()` gives the changes.
#' @export
#' @examplesIf speczoo::zoo_available()
#' zoo_diff("hrnn_lob", zoo_spec("hrnn_lob", row_units = 64))
zoo_diff <- function(a, b) {
  check_given(a, "a", "for example zoo_diff(\"hrnn_lob\", \"my.yaml\")")
  check_given(b, "b", "for example zoo_diff(\"hrnn_lob\", \"my.yaml\")")
  found <- ask_python("diff", a = one_spec(a, "a"), b = one_spec(b, "b"))
  found$changes <- tibble::as_tibble(found$changes)
  structure(found, class = "speczoo_diff")
}

one_spec <- function(x, argument, call = rlang::caller_env()) {
  if (inherits(x, "speczoo_spec")) return(live(x, call))
  x <- check_text(x, argument, call = call)
  x
}

#' @export
format.speczoo_diff <- function(x, ...) x$text

#' @export
print.speczoo_diff <- function(x, ...) {
  cat(x$text, "\n", sep = "")
  invisible(x)
}

#' @export
as.data.frame.speczoo_diff <- function(x, row.names = NULL, optional = FALSE, ...) as.data.frame(x$changes)

#' A first spec of your own
#'
#' @param data What the model reads: `"orderbook"`, `"table"`, `"tokens"` or `"images"`.
#' @param name The model's name, in small letters with underscores.
#' @param inputs,outputs What goes in and comes out, as texts: `"book:100x20"` is the shape of one sample,
#'   `"direction:3"` three classes, `"price"` a number. `NULL` for a start that fits the data.
#' @param out A file to write, such as `"my_model.yaml"`, or `NULL`.
#' @param overwrite Whether a file that is there may be replaced.
#' @returns A `speczoo_text`, which prints as the spec.
#' @export
#' @examplesIf speczoo::zoo_available()
#' page <- zoo_new("table", name = "indices", inputs = "past:20x4", outputs = "next_value")
#' page
#' zoo_check(page)
zoo_new <- function(data = "orderbook", name = "my_model", inputs = NULL, outputs = NULL, out = NULL, overwrite = FALSE) {
  data <- check_choice(data, c("orderbook", "table", "tokens", "images"), "data")
  name <- check_text(name, "name")
  text <- ask_python("new", data = data, called = name, inputs = inputs, outputs = outputs)
  write_text(text, out, overwrite)
  new_text(text)
}

#' Lay a spec out in the house style
#'
#' Blanks, line breaks and braces change; comments stay, and what the spec says never changes.
#'
#' @param path A YAML file, which is laid out in place; or `NULL`.
#' @param text The YAML itself, as one text or as lines, instead of `path`.
#' @param check `TRUE` writes nothing.
#' @returns With `path`, whether the file was changed (or would be), invisibly; with `text`, a `speczoo_text`.
#' @export
#' @examplesIf speczoo::zoo_available()
#' zoo_fmt(text = "spec:   1\ninputs: {x: {shape: [ 4,5 ]}}  # four by five")
zoo_fmt <- function(path = NULL, text = NULL, check = FALSE) {
  if (is.null(path) == is.null(text)) {
    stop_zoo(
      "give a path, or `text`, and not both", help = "zoo_fmt(\"my.yaml\") or zoo_fmt(text = \"spec: 1 ...\")",
      class = "speczoo_argument_error"
    )
  }
  if (!is.null(text)) return(new_text(ask_python("fmt", text = paste(text, collapse = "\n"))))
  path <- check_text(path, "path")
  if (!file.exists(path)) {
    stop_zoo(sprintf("there is no file `%s`", path), help = "zoo_fmt() takes paths", class = "speczoo_file_error")
  }
  before <- paste(readLines(path, warn = FALSE, encoding = "UTF-8"), collapse = "\n")
  after <- ask_python("fmt", text = before, file = path)
  changed <- !identical(enc2utf8(paste0(before, "\n")), enc2utf8(after))
  if (changed && !isTRUE(check)) write_text(after, path, overwrite = TRUE)
  invisible(changed)
}

#' The JSON Schema of the spec language
#'
#' Editors with a YAML language server complete layers, arguments and choices by it, in RStudio's terminal, Positron or
#' VS Code alike, where a spec's first line is `# yaml-language-server: $schema=zoo.schema.json`.
#'
#' @param out A file to write, such as `"zoo.schema.json"`, or `NULL`.
#' @param overwrite Whether a file that is there may be replaced.
#' @returns The schema as one text, invisibly.
#' @export
#' @examplesIf speczoo::zoo_available()
#' nchar(zoo_schema())
zoo_schema <- function(out = NULL, overwrite = FALSE) {
  text <- ask_python("schema")
  write_text(text, out, overwrite)
  invisible(text)
}
