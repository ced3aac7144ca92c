#' Make a model from a spec
#'
#' The model is built and compiled as its spec says; its weights are random. [compile()][compile.speczoo_model]
#' and [fit()][fit.speczoo_model] change it in place.
#'
#' @param spec A catalogue name, the path of a YAML file, or what [zoo_spec()] or [zoo_new()] returned.
#' @param ... Parameter overrides by name.
#' @param text The YAML itself, instead of `spec`.
#' @param seed Whole number for the weights. It wins over the spec's; where neither is given, it is drawn from
#'   R's generator, so that `set.seed()` reproduces the run.
#' @returns A `speczoo_model`.
#' @export
#' @examplesIf speczoo::zoo_available()
#' m <- zoo_model("hrnn_lob")
#' m
zoo_model <- function(spec = NULL, ..., text = NULL, seed = NULL) {
  check_whole(seed, "seed")
  spec <- as_spec(spec, ..., text = text, .own = c("text", "seed"))
  keep(new_model(ask_python("model", spec = live(spec), seed = seed %||% own_seed(spec))))
}

# A seed from R's generator when the spec names none; NULL leaves the spec's own in force.
own_seed <- function(spec, .call = rlang::caller_env()) {
  if (is.null(ask_python("seed_of", spec = live(spec, .call), .call = .call))) sample.int(.Machine$integer.max, 1) else NULL
}

# A model is an environment: fit() and compile() change the one object that every variable refers to.
new_model <- function(fields) {
  model <- structure(new.env(parent = emptyenv()), class = "speczoo_model")
  set_fields(model, fields)
}

set_fields <- function(model, fields) {
  fields$history <- new_history(fields$history, fields$name)
  list2env(fields, envir = model)
  model
}

# What is printed of a model, and what is saved of it, changes with it.
refresh <- function(model, .call = rlang::caller_env()) {
  set_fields(model, ask_python("describe", model = model$handle, .call = .call))
  keep(model, .call)
}
