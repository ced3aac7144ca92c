# Which Python is started, and where it is looked for. Looking starts nothing.

find_python <- function(call = rlang::caller_env()) {
  candidates <- python_candidates(call)
  found <- candidates[candidates$exists, ]
  if (nrow(found) == 0) {
    stop_zoo(
      "no Python with speczoo was found",
      help = paste(
        "run: zoo_install()",
        "or in a shell: python3 -m venv .venv && .venv/bin/pip install 'speczoo[r]' && .venv/bin/zoo r-install",
        "or set RETICULATE_PYTHON to the Python that has it; zoo_sitrep() shows where it was looked for", sep = "\n"
      ),
      class = "speczoo_python_error", call = call
    )
  }
  # A .venv of another project must not hide the one that has speczoo.
  c(found$python[found$holds], found$python)[[1]]
}

# One row a place, in the documented order. A chosen Python is the only one: nobody wants another behind his back.
python_candidates <- function(call = rlang::caller_env()) {
  chosen <- chosen_python(call)
  if (length(chosen) > 0) return(candidate_rows("RETICULATE_PYTHON", chosen, trusted = TRUE))
  rbind(
    candidate_rows("the Python that installed this package", recorded_python(), trusted = TRUE),
    candidate_rows("the environment of zoo_install()", interpreter(own_environment())),
    candidate_rows(".venv, from the working directory upwards", nearby_python(getwd()))
  )
}

candidate_rows <- function(place, python, trusted = FALSE) {
  exists <- file.exists(python)
  holds <- vapply(python, holds_speczoo, NA, trusted = trusted, USE.NAMES = FALSE)
  data.frame(place = rep(place, length(python)), python = python, exists = exists, holds = exists & holds)
}

# A system's own Python cannot be looked into; `trusted` says what is then believed.
holds_speczoo <- function(python, trusted) {
  if (length(package_folders(python)) == 0) trusted else !is.na(installed_version(python, "speczoo"))
}

chosen_python <- function(call = rlang::caller_env()) {
  chosen <- path.expand(Sys.getenv("RETICULATE_PYTHON"))
  # Newer versions of reticulate know this word for an environment of their own.
  if (chosen %in% c("", "managed")) return(character())
  if (!file.exists(chosen)) {
    stop_zoo(
      sprintf("RETICULATE_PYTHON is `%s`, which does not exist", chosen),
      help = "correct it, or unset it to let speczoo look", class = "speczoo_python_error", call = call
    )
  }
  if (!dir.exists(chosen)) return(chosen)
  inside <- c(interpreter(chosen), file.path(chosen, basename(interpreter(chosen))))
  c(inside[file.exists(inside)], inside)[[1]]
}

# `zoo r-install` leaves the path of its own Python in the installed package.
recorded_python <- function() {
  file <- system.file("python.dcf", package = "speczoo")
  if (!nzchar(file)) character() else unname(read.dcf(file, fields = "Python")[1, 1])
}

nearby_python <- function(folder) {
  found <- character()
  repeat {
    found <- c(found, interpreter(file.path(folder, ".venv")))
    parent <- dirname(folder)
    if (identical(parent, folder)) return(found)
    folder <- parent
  }
}

# Where zoo_install() makes its environment when no path is given.
own_environment <- function() file.path(tools::R_user_dir("speczoo", "data"), "venv")

interpreter <- function(environment) {
  file.path(environment, if (.Platform$OS.type == "windows") "Scripts/python.exe" else "bin/python")
}

# The version of a Python package by the name of its folder in site-packages: no interpreter is started.
installed_version <- function(python, package) {
  pattern <- paste0(gsub("-", "_", package), "-*.dist-info")
  found <- basename(Sys.glob(file.path(package_folders(python), pattern)))
  if (length(found) == 0) NA_character_ else sub("^.*-([^-]+)\\.dist-info$", "\\1", found[[1]])
}

package_folders <- function(python) {
  Sys.glob(file.path(dirname(dirname(python)), c("lib/python3*/site-packages", "Lib/site-packages")))
}
