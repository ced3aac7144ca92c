# Starting Python. reticulate only starts it: no value ever crosses through reticulate.

start_python <- function(call = rlang::caller_env()) {
  if (!rlang::is_installed("reticulate")) {
    stop_zoo(
      "Python cannot be started: the R package reticulate is not installed",
      help = "install.packages(\"reticulate\"), or run the script with: python -m r_bridge script.R",
      class = "speczoo_python_error", call = call
    )
  }
  running <- reticulate::py_available(initialize = FALSE)
  if (!running) {
    python <- find_python(call)
    previous <- Sys.getenv("RETICULATE_PYTHON", unset = NA)
    Sys.setenv(RETICULATE_PYTHON = python)
    on.exit(if (is.na(previous)) Sys.unsetenv("RETICULATE_PYTHON") else Sys.setenv(RETICULATE_PYTHON = previous))
    say_start(python)
  }
  tryCatch(
    reticulate::py_run_string(
      # R's escapes in a quoted text are Python's.
      sprintf("import r_bridge; r_bridge.attach(%s)", encodeString(reticulate_library(), quote = "\"")),
      local = TRUE, convert = FALSE
    ),
    error = function(error) stop_python(conditionMessage(error), running, call)
  )
  invisible()
}

# The first call takes seconds: someone who waits is told why.
say_start <- function(python, waits = rlang::is_interactive()) {
  if (waits) rlang::inform(sprintf("Starting Python (%s) ...", python), class = "speczoo_startup_message")
}

reticulate_library <- function() getLoadedDLLs()[["reticulate"]][["path"]]

stop_python <- function(reason, running, call) {
  python <- tryCatch(reticulate::py_config()$python, error = function(error) "Python")
  if (grepl("No module named 'r_bridge'", reason, fixed = TRUE)) {
    stop_zoo(
      sprintf("%s has no package speczoo", python),
      help = paste0(
        "run: ", pip_command(python),
        if (running) "\nthis Python was started before speczoo was asked; restart R to let speczoo choose"
      ),
      class = "speczoo_python_error", call = call
    )
  }
  lines <- strsplit(trimws(reason), "\n", fixed = TRUE)[[1]]
  stop_zoo(
    sprintf("Python did not start (%s): %s", python, utils::tail(lines, 1)),
    help = "set RETICULATE_PYTHON to a Python where speczoo[r] is installed, and restart R",
    class = "speczoo_python_error", call = call, data = list(python_traceback = reason)
  )
}
