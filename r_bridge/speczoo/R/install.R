#' Make a Python environment for speczoo
#'
#' Makes a virtual environment and installs the Python package into it, with the version that this R package needs.
#'
#' @param path The folder of the environment; by default one in R's folder for user data, where the package
#'   looks for it from everywhere. One that exists is kept, and what is in it brought up to date.
#' @param source What to install: `NULL` for the package index, the path of a checkout, or of a wheel (`.whl`).
#' @param python The Python (3.11 to 3.13) to make the environment with; `NULL` looks for one on the `PATH`.
#' @param dry_run `TRUE` prints the commands and runs nothing.
#' @param ask Whether to ask before anything is made.
#' @returns The path of the environment's interpreter, invisibly; with `dry_run` the commands, invisibly.
#' @export
#' @examplesIf nzchar(Sys.which("python3"))
#' zoo_install(dry_run = TRUE, python = "python3")
zoo_install <- function(path = NULL, source = NULL, python = NULL, dry_run = FALSE, ask = rlang::is_interactive()) {
  if (!is.null(path)) path <- check_text(path, "path")
  if (!is.null(source)) source <- check_text(source, "source")
  if (!is.null(python)) python <- check_text(python, "python")
  environment <- path.expand(path %||% own_environment())
  commands <- install_commands(environment, requirement(source), python %||% base_python())
  shown <- vapply(commands, function(command) paste(quoted(command), collapse = " "), "")
  if (dry_run) {
    writeLines(shown)
    return(invisible(shown))
  }
  if (ask && !agreed(c("speczoo will run", paste0("  ", shown), "which takes about 2 GB and some minutes. Go on?"))) {
    stop_zoo("nothing was installed", help = "zoo_install(dry_run = TRUE) shows the commands", class = "speczoo_install_error")
  }
  for (i in seq_along(commands)) run_command(commands[[i]], shown[[i]])
  tell_installed(interpreter(environment), path)
  invisible(interpreter(environment))
}

install_commands <- function(environment, requirement, python) {
  inside <- interpreter(environment)
  c(
    if (!file.exists(inside)) list(c(python, "-m", "venv", environment)),
    list(c(inside, "-m", "pip", "install", "--disable-pip-version-check", "--upgrade", requirement))
  )
}

# What pip is asked for; R and Python must have the same version.
requirement <- function(source, call = rlang::caller_env()) {
  if (is.null(source)) return(sprintf("speczoo[r]==%s", utils::packageVersion("speczoo")))
  source <- path.expand(source)
  if (file.exists(file.path(source, "pyproject.toml")) || (file.exists(source) && grepl("\\.whl$", source))) {
    return(paste0(normalizePath(source), "[r]"))
  }
  stop_zoo(
    sprintf("`%s` is neither a checkout of speczoo nor a wheel", source),
    help = "give the folder that holds pyproject.toml, or a file that ends in .whl; NULL asks the package index",
    class = c("speczoo_install_error", "speczoo_argument_error"), call = call
  )
}

base_python <- function(call = rlang::caller_env()) {
  for (name in c("python3", "python3.13", "python3.12", "python3.11", "python")) {
    program <- Sys.which(name)
    if (nzchar(program) && fits(program)) return(unname(program))
  }
  stop_zoo(
    "no Python 3.11, 3.12 or 3.13 was found on the PATH",
    help = "install one (Debian: apt-get install python3 python3-venv; macOS: brew install python@3.12), or give `python`",
    class = c("speczoo_install_error", "speczoo_python_error"), call = call
  )
}

fits <- function(python) {
  test <- "import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))"
  system2(python, c("-c", shQuote(test)), stdout = FALSE, stderr = FALSE) == 0
}

run_command <- function(command, shown, call = rlang::caller_env()) {
  writeLines(paste("$", shown))
  # R's own libraries come first on its path: the system's libpython in the place of another Python's own.
  libraries <- Sys.getenv("LD_LIBRARY_PATH", unset = NA)
  if (!is.na(libraries)) {
    Sys.unsetenv("LD_LIBRARY_PATH")
    on.exit(Sys.setenv(LD_LIBRARY_PATH = libraries))
  }
  status <- suppressWarnings(system2(command[[1]], shQuote(command[-1])))
  if (status == 0) return(invisible())
  stop_zoo(
    sprintf("this command failed with exit status %d: %s", status, shown),
    help = "its own words above say why; run it in a shell when that is mended",
    class = "speczoo_install_error", call = call
  )
}

quoted <- function(command) ifelse(grepl("^[A-Za-z0-9_./=-]+$", command), command, shQuote(command))

agreed <- function(lines) {
  writeLines(lines)
  isTRUE(utils::askYesNo("", default = FALSE))
}

tell_installed <- function(python, path) {
  found <- tryCatch(find_python(), error = function(error) "")
  rlang::inform(c(
    sprintf("speczoo is installed in %s", python),
    i = if (!identical(found, python)) sprintf("start R with RETICULATE_PYTHON=%s to have it used", python),
    i = if (!is.null(getOption("speczoo.dispatch"))) "Python runs already: restart R to use it"
  ), class = "speczoo_install_message")
}
