# The R package and the Python package are two halves of one program: their versions are compared at the first call.

check_versions <- function(call = rlang::caller_env(), in_r = utils::packageVersion("speczoo"),
                           in_python = getOption("speczoo.version", "0"),
                           python = getOption("speczoo.python", "python")) {
  if (isTRUE(session$versions_fit)) return(invisible())
  in_r <- as.character(in_r)
  mend <- version_mend(in_r, in_python, python)
  data <- list(in_r = in_r, in_python = in_python)
  if (!is.null(mend) && !identical(minor(in_r), minor(in_python))) {
    stop_zoo(
      sprintf("speczoo %s in R and speczoo %s in Python do not work together", in_r, in_python),
      help = mend, class = c("speczoo_version_error", "speczoo_python_error"), call = call, data = data
    )
  }
  session$versions_fit <- TRUE
  if (!is.null(mend)) {
    rlang::warn(
      error_text(sprintf("speczoo is %s in R and %s in Python", in_r, in_python), mend),
      class = c("speczoo_version_warning", "speczoo_warning"), call = call, in_r = in_r, in_python = in_python,
      use_cli_format = FALSE
    )
  }
  invisible()
}

# What to run when the versions differ, or NULL. The wheel carries the R package's sources.
version_mend <- function(in_r, in_python, python) {
  compared <- utils::compareVersion(release(in_r), release(in_python))
  if (compared == 0) return(NULL)
  command <- if (compared < 0) paste(shQuote(python), "-m zoo.cli r-install") else pip_command(python, in_r)
  paste0("run: ", command, "\nthen restart R")
}

pip_command <- function(python, version = NULL) {
  what <- paste0("speczoo[r]", if (!is.null(version)) paste0("==", version))
  paste(shQuote(python), "-m pip install", shQuote(what))
}

# "0.2.0.dev1" counts as 0.2.0.
release <- function(version) sub("^([0-9]+(\\.[0-9]+)*).*$", "\\1", version)

minor <- function(version) utils::head(strsplit(release(version), ".", fixed = TRUE)[[1]], 2)
