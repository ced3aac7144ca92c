#' speczoo: Keras models from a page of text
#'
#' A model is a page of YAML. [zoo_list()] shows the catalogue, [zoo_model()] builds a model,
#' [fit()][fit.speczoo_model] trains it in place, [zoo_train()] runs a spec's whole recipe on its data, and
#' [zoo_save()] writes a bundle that Python and the shell can open too.
#'
#' # Python
#'
#' `library(speczoo)` starts nothing. The first call starts Python: the interpreter in the environment
#' variable `RETICULATE_PYTHON`; else the one that installed this package (`zoo r-install`); else `.venv` in
#' the working directory or one of its parents.
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
#'
#' @keywords internal
"_PACKAGE"

# What the session knows: the last condition, and the handles R has dropped since the last call.
session <- new.env(parent = emptyenv())
session$dropped <- integer()
