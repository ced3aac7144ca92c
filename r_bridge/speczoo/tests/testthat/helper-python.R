# An environment on disk that looks as if these packages were installed in it.
environment_with <- function(..., folder = withr::local_tempdir(.local_envir = parent.frame()), version = "3.12.1") {
  python <- file.path(folder, "bin", "python")
  site <- file.path(folder, "lib", "python3.12", "site-packages")
  dir.create(dirname(python), recursive = TRUE)
  dir.create(site, recursive = TRUE)
  file.create(python)
  writeLines(c("home = /usr/bin", paste("version =", version)), file.path(folder, "pyvenv.cfg"))
  for (name in c(...)) dir.create(file.path(site, paste0(name, ".dist-info")))
  python
}

# No Python is found but what the test makes; nor does the R package's own record count.
local_search <- function(..., .env = parent.frame()) {
  withr::local_envvar(
    RETICULATE_PYTHON = NA, R_USER_DATA_DIR = withr::local_tempdir(.local_envir = .env), .local_envir = .env
  )
  withr::local_dir(withr::local_tempdir(.local_envir = .env), .local_envir = .env)
  recorded <- as.character(unlist(list(...)))
  local_function("recorded_python", function() recorded, .env = .env)
}

# Another function in the place of one of the package's, until the test ends.
local_function <- function(name, value, .env = parent.frame()) {
  package <- asNamespace("speczoo")
  previous <- get(name, envir = package)
  put <- function(value) {
    rlang::env_binding_unlock(package, name)
    assign(name, value, envir = package)
    rlang::env_binding_lock(package, name)
  }
  put(value)
  withr::defer(put(previous), envir = .env)
}
