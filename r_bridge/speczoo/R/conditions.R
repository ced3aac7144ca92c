# Errors an R user can catch by class: `speczoo_error`, and below it `speczoo_spec_error`, `speczoo_data_error`,
# `speczoo_value_error`, `speczoo_argument_error`, ... No Python traceback is shown unless asked for.

stop_zoo <- function(message, help = "", class = character(), call = rlang::caller_env(), data = list(),
                     parent = NULL) {
  fields <- c(list(message = error_text(message, help), class = unique(c(class, "speczoo_error")), call = call), data)
  if (!is.null(parent)) fields$parent <- parent
  fields$use_cli_format <- FALSE
  # The backtrace ends where the user's call does; what the package does inside it is no help.
  if (is.environment(call)) fields$trace <- tryCatch(rlang::trace_back(bottom = call), error = function(error) NULL)
  do.call(rlang::abort, fields)
}

error_text <- function(message, help) {
  help <- help[nzchar(help)]
  c(message, if (length(help)) rlang::set_names(help, rep("i", length(help))))
}

stop_reply <- function(reply, call) {
  session$last_error <- reply
  data <- list(zoo_message = reply$message, help = reply$help, code = reply$code, data = reply$data)
  if (!is.null(reply$diagnostics)) {
    data$diagnostics <- tibble::as_tibble(reply$diagnostics)
    mark_source(data$diagnostics)
  }
  data$python_traceback <- reply$traceback
  help <- if (nzchar(reply$help %||% "")) reply$help else character()
  if ("speczoo_internal_error" %in% reply$class) {
    help <- c(help, "zoo_last_error() shows what happened inside Python")
  }
  parent <- if (!is.null(reply$parent)) rlang::error_cnd(message = reply$parent)
  if ("speczoo_callback_error" %in% reply$class) {
    data$callback <- reply$data$callback
    parent <- session$callback_error
    session$callback_error <- NULL
  }
  stop_zoo(reply$message, help = help, class = reply$class, call = call, data = data, parent = parent)
}

#' The last error that came from Python, with its traceback
#'
#' Errors say what to do in R's words. This shows what Python itself had to say, for a bug report.
#'
#' @returns An object of class `speczoo_last_error`, or `NULL` when nothing went wrong yet.
#' @export
#' @examples
#' zoo_last_error()
zoo_last_error <- function() {
  if (is.null(session$last_error)) return(NULL)
  structure(session$last_error, class = "speczoo_last_error")
}

#' @export
print.speczoo_last_error <- function(x, ...) {
  cat(x$message, "\n", sep = "")
  if (nzchar(x$help %||% "")) cat("  help: ", x$help, "\n", sep = "")
  if (!is.null(x$traceback)) cat("\n", x$traceback, sep = "")
  invisible(x)
}

# An argument that a method does not have is a mistake, not something to ignore.
check_no_dots <- function(..., .known, .function, .call = rlang::caller_env()) {
  if (...length() == 0) return(invisible())
  given <- names(list(...)) %||% rep("", ...length())
  unnamed <- !nzchar(given)
  if (any(unnamed)) {
    stop_zoo(
      sprintf("%s() got %d unnamed %s too many", .function, sum(unnamed), if (sum(unnamed) == 1) "argument" else "arguments"),
      help = known_arguments(.known),
      class = "speczoo_argument_error", call = .call
    )
  }
  near <- nearest(given[[1]], .known)
  stop_zoo(
    sprintf("%s() has no argument `%s`", .function, given[[1]]),
    help = if (is.na(near)) known_arguments(.known) else sprintf("did you mean `%s`?", near),
    class = "speczoo_argument_error", call = .call
  )
}

known_arguments <- function(known) {
  if (length(known) == 0) "it takes no further argument" else sprintf("its arguments are: %s", paste(known, collapse = ", "))
}

nearest <- function(word, known) {
  if (length(known) == 0) return(NA_character_)
  distance <- utils::adist(word, known, ignore.case = TRUE)[1, ]
  if (min(distance) > max(2, nchar(word) / 3)) NA_character_ else known[[which.min(distance)]]
}

# An argument that was forgotten, or is NULL where there must be something; `value` is the argument itself, still unevaluated.
check_given <- function(value, argument, help, call = rlang::caller_env()) {
  if (!missing(value) && !is.null(value)) return(invisible())
  stop_zoo(
    sprintf("`%s` is %s", argument, if (missing(value)) "missing" else "NULL"), help = help,
    class = "speczoo_argument_error", call = call
  )
}

check_model <- function(model, argument = "model", call = rlang::caller_env()) {
  if (inherits(model, "speczoo_model")) return(invisible())
  stop_zoo(
    sprintf("`%s` must be a model, not %s", argument, friendly_type(model)),
    help = "make one with zoo_model() or zoo_train(), or read one with zoo_open()",
    class = "speczoo_argument_error", call = call
  )
}

# A factor stands for its levels' text where a choice or a name is asked for: such may come out of a data frame.
as_text <- function(value) if (is.factor(value)) as.character(value) else value

# check_text() and check_choice() give back the text.
check_text <- function(value, argument, call = rlang::caller_env()) {
  value <- as_text(value)
  if (rlang::is_string(value) && !is.na(value)) return(invisible(value))
  stop_zoo(
    sprintf("`%s` must be one text, not %s", argument, friendly_type(value)),
    class = "speczoo_argument_error", call = call
  )
}

check_whole <- function(value, argument, least = 0, call = rlang::caller_env()) {
  if (is.null(value)) return(invisible())
  if (is.numeric(value) && length(value) == 1 && !is.na(value) && value == floor(value) && value >= least) {
    return(invisible())
  }
  stop_zoo(
    sprintf("`%s` must be one whole number of at least %d, not %s", argument, least, friendly_type(value)),
    class = "speczoo_argument_error", call = call
  )
}

check_verbose <- function(verbose, call = rlang::caller_env()) {
  if (is.null(verbose)) return(invisible())
  known <- is.logical(verbose) || is.numeric(verbose)
  if (known && length(verbose) == 1 && !is.na(verbose) && verbose %in% 0:2) return(invisible())
  stop_zoo(
    sprintf("`verbose` must be TRUE or FALSE (or 0, 1 or 2), not %s", friendly_type(verbose)),
    class = "speczoo_argument_error", call = call
  )
}

friendly_type <- function(value) {
  if (is.null(value)) return("NULL")
  value <- if (length(value) == 1) as_text(value) else value
  if (is.atomic(value) && length(value) == 1 && is.null(dim(value))) {
    return(if (is.character(value)) sprintf("\"%s\"", value) else format(value))
  }
  if (is.function(value)) return("a function")
  if (is.data.frame(value)) return("a data frame")
  if (!is.null(dim(value))) return(sprintf("an array of dimensions %s", paste(dim(value), collapse = " x ")))
  sprintf("a %s of length %d", class(value)[[1]], length(value))
}

`%||%` <- function(left, right) if (is.null(left)) right else left
