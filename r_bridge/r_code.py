"""The R functions with which Python runs R code. Each returns a tagged list and never stops.

An error that reached rpy2 would lose its class, and in a script would end the whole process.
"""

from __future__ import annotations

# R shows a warning of the code's own top level with the call that evaluates it, which nobody wrote.
_SHOW_WARNING = """
  show_warning <- function(w) {
    if (getOption("warn") == 1 && identical(conditionCall(w), quote(eval(expression, globalenv())))) {
      writeLines(paste0("Warning: ", conditionMessage(w)), stderr())
      invokeRestart("muffleWarning")
    }
  }
"""

# What R itself would print for an uncaught error.
_SHOW_ERROR = """
  error_lines <- function(e) {
    # The first line names the classes.
    if (inherits(e, "rlang_error")) return(strsplit(format(e, backtrace = FALSE), "\\n")[[1]][-1])
    call <- conditionCall(e)
    if (is.null(call) || identical(call[[1]], quote(eval))) return(paste0("Error: ", conditionMessage(e)))
    head <- paste0("Error in ", deparse(call, nlines = 1L)[[1]], " : ")
    paste0(head, if (nchar(head) + nchar(conditionMessage(e)) > 77) "\\n  ", conditionMessage(e))
  }
  show_error <- function(e) {
    writeLines(error_lines(e), stderr())
    list(tag = "error", class = class(e), message = conditionMessage(e))
  }
"""

RUN_FILE = f"""
function(path) {{
  {_SHOW_ERROR}
  tryCatch({{
    source(path, globalenv(), echo = FALSE, print.eval = TRUE, encoding = "UTF-8", keep.source = FALSE)
    list(tag = "value")
  }}, error = show_error, interrupt = function(i) list(tag = "interrupt"))
}}
"""

CONSOLE_STEP = f"""
function(text) {{
  {_SHOW_ERROR}
  {_SHOW_WARNING}
  parsed <- tryCatch(parse(text = text, keep.source = FALSE), error = identity)
  if (inherits(parsed, "error")) {{
    if (grepl("unexpected (end of input|INCOMPLETE_STRING)", conditionMessage(parsed))) {{
      return(list(tag = "incomplete"))
    }}
    writeLines(paste("Error:", sub("^<text>:", "", conditionMessage(parsed))), stderr())
    return(list(tag = "error"))
  }}
  tryCatch(withCallingHandlers({{
    for (expression in parsed) {{
      result <- withVisible(eval(expression, globalenv()))
      if (result$visible) print(result$value)
    }}
    list(tag = "value")
  }}, warning = show_warning), error = show_error, interrupt = function(i) {{
    cat("\\n")
    list(tag = "interrupt")
  }})
}}
"""

# The name of a call is what Python shows; the code that Python gave has none of its own.
_TELL_ERROR = """
  tell_error <- function(e) {
    call <- conditionCall(e)
    ours <- list(quote(eval(expression, globalenv())), quote(parse(text = code, keep.source = FALSE)))
    call <- if (is.call(call) && !list(call) %in% ours) deparse(call, nlines = 1L)[[1]] else ""
    list(tag = "error", class = class(e), message = conditionMessage(e), call = call)
  }
"""

# What is drawn goes into files, one a page: a notebook has no window, and R's own choice would be Rplots.pdf.
EVALUATE = f"""
function(code, show, pages, width, height, dpi) {{
  {_TELL_ERROR}
  {_SHOW_WARNING}
  drawn <- NULL
  draw <- function(...) {{
    grDevices::png(pages, width = width, height = height, units = "in", res = dpi)
    drawn <<- grDevices::dev.cur()
  }}
  previous <- options(device = draw)
  on.exit({{
    options(previous)
    if (!is.null(drawn) && drawn %in% grDevices::dev.list()) grDevices::dev.off(drawn)
  }})
  tryCatch(withCallingHandlers({{
    result <- list(value = NULL, visible = FALSE)
    for (expression in parse(text = code, keep.source = FALSE)) {{
      result <- withVisible(eval(expression, globalenv()))
      if (show && result$visible) print(result$value)
    }}
    list(tag = "value", value = if (result$visible && !show) result$value)
  }}, warning = show_warning), error = tell_error, interrupt = function(i) list(tag = "interrupt"))
}}
"""

ATTACH = f"""
function() {{
  {_TELL_ERROR}
  tryCatch({{
    library(speczoo)
    list(tag = "value", value = TRUE)
  }}, error = tell_error)
}}
"""
