#' What speczoo found on this machine, and what is wrong
#'
#' Shows where Python was looked for and in which order, the versions on both sides, and for everything that is wrong
#' the command that mends it.
#'
#' @param start Whether Python may be started, to ask it. With `FALSE` only files are looked at, so that it works
#'   wherever starting Python is what fails.
#' @returns A `speczoo_sitrep`: `order`, a tibble of the places in the order they are looked at (`place`, `python`,
#'   `exists`, `holds` speczoo); `python`, the interpreter, or `NA`; `started`; `versions`, a named character vector;
#'   `problems`, a tibble with one row for each thing that is wrong (`problem`, `mend`).
#' @export
#' @examples
#' zoo_sitrep(start = FALSE)
zoo_sitrep <- function(start = TRUE) {
  if (!rlang::is_bool(start)) {
    stop_zoo(
      sprintf("`start` must be TRUE or FALSE, not %s", friendly_type(start)), class = "speczoo_argument_error"
    )
  }
  problems <- list()
  note <- function(problem, mend) problems[[length(problems) + 1]] <<- c(problem = problem, mend = mend)
  told <- tryCatch(look(start), error = function(error) {
    note(error_head(error), error_help(error))
    list(order = candidate_rows("", character()), python = NA_character_, versions = NULL)
  })
  for (error in told$errors) note(error_head(error), error_help(error))
  versions <- c(r_versions(), told$versions)
  for (one in version_problems(versions, told$python)) note(one[[1]], one[[2]])
  # A Python that did not start says again what its files tell.
  problems <- problems[!duplicated(vapply(problems, `[[`, "", "problem"))]
  structure(
    list(
      order = tibble::as_tibble(told$order), python = told$python, started = !is.null(getOption("speczoo.dispatch")),
      versions = versions,
      problems = tibble::tibble(
        problem = vapply(problems, `[[`, "", "problem"), mend = vapply(problems, `[[`, "", "mend")
      )
    ),
    class = "speczoo_sitrep"
  )
}

look <- function(start) {
  hosted <- identical(getOption("speczoo.host"), "python")
  order <- if (hosted) {
    candidate_rows("the Python that runs this R", getOption("speczoo.python"), trusted = TRUE)
  } else {
    python_candidates()
  }
  started <- !is.null(getOption("speczoo.dispatch"))
  python <- if (started) getOption("speczoo.python") else tryCatch(find_python(), error = identity)
  errors <- if (inherits(python, "error")) list(python)
  if (start && is.null(errors)) {
    answer <- tryCatch(ask_python("versions"), error = identity)
    if (!inherits(answer, "error")) {
      versions <- vapply(answer, function(version) version %||% NA_character_, "")
      return(list(order = order, python = getOption("speczoo.python"), versions = versions))
    }
    errors <- list(answer)
  }
  python <- if (inherits(python, "error")) NA_character_ else python
  list(order = order, python = python, versions = if (!is.na(python)) file_versions(python), errors = errors)
}

r_versions <- function() {
  reticulate <- if (rlang::is_installed("reticulate")) as.character(utils::packageVersion("reticulate")) else NA
  c(
    R = as.character(getRversion()), `speczoo (R)` = as.character(utils::packageVersion("speczoo")),
    reticulate = reticulate
  )
}

# What Python answers to "versions", read from the names of files.
file_versions <- function(python) {
  packages <- c("keras", "tensorflow", "numpy", "rpy2-rinterface", "rpy2-robjects")
  found <- vapply(packages, function(package) installed_version(python, package), "")
  c(Python = environment_version(python), `speczoo (Python)` = installed_version(python, "speczoo"), found)
}

# A virtual environment says in a file which Python made it.
environment_version <- function(python) {
  file <- file.path(dirname(dirname(python)), "pyvenv.cfg")
  lines <- if (file.exists(file)) readLines(file, warn = FALSE) else character()
  found <- grep("^version(_info)? *= *", lines, value = TRUE)
  if (length(found) == 0) NA_character_ else sub("^version(_info)? *= *([0-9.]+).*$", "\\2", found[[1]])
}

version_problems <- function(versions, python) {
  problems <- list()
  note <- function(...) problems[[length(problems) + 1]] <<- c(...)
  at_least <- function(name, least) utils::compareVersion(release(versions[[name]]), least) >= 0
  has <- function(name) name %in% names(versions) && !is.na(versions[[name]])
  if (!has("reticulate") && !identical(getOption("speczoo.host"), "python")) {
    note("the R package reticulate is not installed", "install.packages(\"reticulate\"), or python -m r_bridge script.R")
  }
  if (has("Python") && !at_least("Python", "3.11")) {
    note(sprintf("Python %s is too old: speczoo needs 3.11", versions[["Python"]]), "zoo_install(python = \"python3.11\")")
  }
  if (!has("speczoo (Python)") && !is.na(python) && length(package_folders(python)) > 0) {
    note(sprintf("%s has no package speczoo", python), paste("run:", pip_command(python)))
  }
  if (has("speczoo (Python)")) {
    mend <- version_mend(versions[["speczoo (R)"]], versions[["speczoo (Python)"]], python)
    if (!is.null(mend)) note("the versions of speczoo in R and in Python differ", mend)
    if (!has("rpy2-rinterface")) note("rpy2 is not installed in this Python", paste("run:", pip_command(python)))
  }
  if (has("rpy2-rinterface") && at_least("rpy2-rinterface", "3.6.6") && !at_least("R", "4.5")) {
    note(
      sprintf("rpy2-rinterface %s needs R 4.5", versions[["rpy2-rinterface"]]),
      sprintf("run: %s -m pip install 'rpy2-rinterface==3.6.5'", shQuote(python))
    )
  }
  problems
}

error_head <- function(error) strsplit(conditionMessage(error), "\n", fixed = TRUE)[[1]][[1]]

error_help <- function(error) {
  lines <- strsplit(conditionMessage(error), "\n", fixed = TRUE)[[1]][-1]
  paste(sub("^. ", "", lines), collapse = "\n")
}

#' @export
format.speczoo_sitrep <- function(x, ...) {
  shown <- x$order[x$order$exists | !startsWith(x$order$place, ".venv"), ]
  state <- ifelse(!shown$exists, "not there", ifelse(shown$holds, "holds speczoo", "without speczoo"))
  chosen <- !is.na(x$python) & shown$python == x$python
  places <- sprintf("%s %d. %s: %s (%s)", ifelse(chosen, ">", " "), seq_along(state), shown$place, shown$python, state)
  if (!any(startsWith(shown$place, ".venv")) && any(startsWith(x$order$place, ".venv"))) {
    places <- c(places, sprintf("  %d. .venv, from the working directory upwards: none", nrow(shown) + 1))
  }
  versions <- ifelse(is.na(x$versions), "not found", x$versions)
  wrong <- if (nrow(x$problems) == 0) "  nothing" else {
    paste0("  ", x$problems$problem, "\n", gsub("(?m)^", "    ", x$problems$mend, perl = TRUE))
  }
  c(
    sprintf("Python: %s (%s)", if (is.na(x$python)) "none" else x$python, if (x$started) "started" else "not started"),
    "", "looked for in this order:", places,
    "", "versions:", sprintf("  %s  %s", format(names(versions)), versions),
    "", "wrong:", wrong
  )
}

#' @export
print.speczoo_sitrep <- function(x, ...) {
  cat(format(x, ...), sep = "\n")
  invisible(x)
}
