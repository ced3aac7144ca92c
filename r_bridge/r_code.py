"""The R functions with which Python runs R code. Each returns a tagged list and never stops.

An error that reached rpy2 would lose its class, and in a script would end the whole process.
"""

from __future__ import annotations

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

# Deferred warnings would come out only when the whole file is done: warn = 1 shows them as they happen.
RUN_FILE = f"""
function(path) {{
  {_SHOW_ERROR}
  previous <- options(warn = 1)
  on.exit(options(previous))
  tryCatch({{
    source(path, globalenv(), echo = FALSE, print.eval = TRUE, encoding = "UTF-8", keep.source = FALSE)
    list(tag = "value")
  }}, error = show_error, interrupt = function(i) list(tag = "interrupt"))
}}
"""

CONSOLE_STEP = f"""
function(text) {{
  {_SHOW_ERROR}
  previous <- options(warn = 1)
  on.exit(options(previous))
  parsed <- tryCatch(parse(text = text, keep.source = FALSE), error = identity)
  if (inherits(parsed, "error")) {{
    if (grepl("unexpected (end of input|INCOMPLETE_STRING)", conditionMessage(parsed))) {{
      return(list(tag = "incomplete"))
    }}
    writeLines(paste("Error:", sub("^<text>:", "", conditionMessage(parsed))), stderr())
    return(list(tag = "error"))
  }}
  tryCatch({{
    for (expression in parsed) {{
      result <- withVisible(eval(expression, globalenv()))
      if (result$visible) print(result$value)
    }}
    list(tag = "value")
  }}, error = show_error, interrupt = function(i) {{ cat("\\n"); list(tag = "interrupt") }})
}}
"""

EVALUATE = """
function(code) {
  tryCatch(
    list(tag = "value", value = eval(parse(text = code, keep.source = FALSE), globalenv())),
    error = function(e) list(tag = "error", class = class(e), message = conditionMessage(e)),
    interrupt = function(i) list(tag = "interrupt")
  )
}
"""

ATTACH = """
function() {
  tryCatch({
    library(speczoo)
    list(tag = "value", value = TRUE)
  }, error = function(e) list(tag = "error", class = class(e), message = conditionMessage(e)))
}
"""
