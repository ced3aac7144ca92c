#' speczoo: Keras models from a page of text
#'
#' A model is a page of YAML. [zoo_list()] shows the catalogue, [zoo_model()] builds a model,
#' [fit()][fit.speczoo_model] trains it in place, [zoo_train()] runs a spec's whole recipe on its data, and
#' [zoo_save()] writes a bundle that Python and the shell can open too.
#'
#' # Python
#'
#' `library(speczoo)` starts nothing; the first call starts Python. Where R was started by Python
#' (`python -m r_bridge`), that one answers, and so does one that reticulate has started already. Else the
#' interpreter is looked for in this order:
#'
#' 1. the environment variable `RETICULATE_PYTHON`: an interpreter, or the folder of an environment;
#' 2. the Python that installed this package (`zoo r-install`);
#' 3. the environment that [zoo_install()] made;
#' 4. `.venv` in the working directory or one of its parents.
#'
#' Of the last three the first that holds speczoo is taken. [zoo_sitrep()] shows what was found and what is wrong.
#'
#' # Values
#'
#' `x[i, j, k]` in R is the same number in the model, for matrices and arrays of any number of dimensions. A
#' missing value is an error that names its place. A factor's levels are remembered, and classes come back
#' with them. Lists go by name, or in the model's order when they have no names.
#'
#' # Options
#'
#' * `speczoo.verbose`: show the progress of trainings; by default only in an interactive session.
#' * `speczoo.keep`: whether models carry their weights for [saveRDS()]; `TRUE` by default.
#'
#' @keywords internal
"_PACKAGE"

# What the session knows: the last condition, and the handles R has dropped since the last call.
session <- new.env(parent = emptyenv())
session$dropped <- integer()
