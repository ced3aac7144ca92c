#' Search for good parameters, or score a spec against one of them
#'
#' `zoo_tune()` searches the space that a spec's parameters span (`tune` in `params`), judges every trial on the validation
#' part, and trains a model with the best parameters: the test part is seen once, by that model. `zoo_sweep()` trains a spec
#' with each value of one parameter, all else left as it is.
#'
#' @param spec,data,text As in [zoo_train()].
#' @param ... Parameter overrides by name, and a formula with its arguments, as in [zoo_train()].
#' @param trials How many; 20, or all points of a grid, when nobody says.
#' @param sampler `"random"`, `"tpe"` or `"grid"`.
#' @param prune `"none"`, `"median"` or `"hyperband"`: who ends a trial early that promises nothing.
#' @param objective A score of the validation part, such as `"val_loss"` or `"val_macro_f1"`.
#' @param seconds After which no further trial begins.
#' @param epochs,batch_size,seed As in [zoo_train()], for every trial.
#' @param out A folder. A search that was broken off goes on there with `resume = TRUE`; a sweep goes on by itself.
#' @param resume,overwrite As in [zoo_train()].
#' @param workers Processes that share the work.
#' @param verbose `TRUE` shows the trials as they end.
#' @param plan As in [fit()][fit.speczoo_model], for the steps of all trainings together; settled once, on the spec as it is
#'   given: recurrent loops compiled, or Keras's own way.
#' @param over A list of one parameter's values, or of several: `list(units = c(8, 32))`. Also `batch_size`, `epochs` and
#'   `learning_rate`.
#' @param score A score of the validation part, or `"walk_forward"`, that of [zoo_walk_forward()].
#' @param seeds How many trainings a value.
#' @returns `zoo_tune()`: a `speczoo_tuned` with `trials` and `importance` (tibbles), `best_params`, `best_value` and `model`,
#'   the final `speczoo_model`. `zoo_sweep()`: a `speczoo_sweep` with `frame`, a tibble of `parameter`, `value`, `seed`,
#'   `score`, `seconds` and `error`. `print()` shows both, `as.data.frame()` gives their table, and `plot()` and `autoplot()`
#'   draw it.
#' @name zoo_tune
#' @examplesIf speczoo::zoo_available()
#' \donttest{
#' s <- zoo_sweep("lstm_stateless", over = list(units = c(2, 8)), epochs = 1, batch_size = 16)
#' s
#'
#' days <- EuStockMarkets[1:200, ]
#' zoo_sweep("lstm_stateless", DAX ~ DAX + SMI, data = days, over = list(units = c(2, 8)), epochs = 1)
#' }
NULL

#' @rdname zoo_tune
#' @export
zoo_tune <- function(spec = NULL, data = NULL, ..., text = NULL, trials = NULL, sampler = NULL, prune = NULL,
                     objective = NULL, seconds = NULL, epochs = NULL, batch_size = NULL, seed = NULL, out = NULL,
                     resume = FALSE, overwrite = FALSE, workers = 1, verbose = NULL, plan = "auto") {
  check_spec_given(spec, text, "zoo_tune(\"lstm_stateless\", trials = 10)")
  check_whole(trials, "trials", least = 1)
  if (!is.null(sampler)) sampler <- check_choice(sampler, c("random", "tpe", "grid"), "sampler")
  if (!is.null(prune)) prune <- check_choice(prune, c("none", "median", "hyperband"), "prune")
  check_flag(resume, "resume")
  check_flag(overwrite, "overwrite")
  settings <- c(
    search_settings(epochs, batch_size, seed, out, workers, verbose, plan),
    list(
      trials = trials, sampler = sampler, prune = prune, objective = objective, seconds = seconds, resume = resume,
      overwrite = overwrite
    )
  )
  reply <- searched("tune", spec, data, list(...), text, settings, names(formals(zoo_tune)))
  reply$trials <- tibble::as_tibble(reply$trials)
  reply$importance <- tibble::as_tibble(reply$importance)
  reply$model <- keep(new_model(reply$model))
  structure(reply, class = "speczoo_tuned")
}

#' @rdname zoo_tune
#' @export
zoo_sweep <- function(spec = NULL, data = NULL, ..., over, text = NULL, score = NULL, seeds = 1, epochs = NULL,
                      batch_size = NULL, seed = NULL, out = NULL, workers = 1, verbose = NULL, plan = "auto") {
  check_spec_given(spec, text, "zoo_sweep(\"lstm_stateless\", over = list(units = c(8, 32)))")
  check_given(over, "over", "for example over = list(units = c(8, 32))")
  if (!is.list(over) || !rlang::is_named(over)) {
    stop_zoo(
      sprintf("`over` must be a named list, not %s", friendly_type(over)), help = "for example over = list(units = c(8, 32))",
      class = "speczoo_argument_error"
    )
  }
  check_whole(seeds, "seeds", least = 1)
  for (word in intersect(c("resume", "overwrite"), names(list(...)))) {
    stop_zoo(
      sprintf("zoo_sweep() has no argument `%s`: a sweep goes on by itself where `out` holds a part of it", word),
      help = sprintf("leave `%s` out; another folder begins anew", word), class = "speczoo_argument_error"
    )
  }
  settings <- c(
    search_settings(epochs, batch_size, seed, out, workers, verbose, plan),
    list(over = lapply(over, as.list), score = score, seeds = seeds)
  )
  reply <- searched("sweep", spec, data, list(...), text, settings, names(formals(zoo_sweep)))
  reply$frame <- tibble::as_tibble(reply$frame)
  structure(reply, class = "speczoo_sweep")
}

check_spec_given <- function(spec, text, example, .call = rlang::caller_env()) {
  if (!is.null(spec) || !is.null(text)) return(invisible())
  stop_zoo(
    "`spec` is missing", help = sprintf("for example %s; zoo_list() shows the models", example),
    class = "speczoo_argument_error", call = .call
  )
}

search_settings <- function(epochs, batch_size, seed, out, workers, verbose, plan, .call = rlang::caller_env()) {
  check_whole(epochs, "epochs", call = .call)
  check_whole(batch_size, "batch_size", least = 1, call = .call)
  check_whole(workers, "workers", least = 1, call = .call)
  check_verbose(verbose, .call)
  check_choice(plan, c("auto", "off", "measure"), "plan", .call = .call)
  list(
    epochs = epochs, batch_size = batch_size, seed = seed, out = if (!is.null(out)) path.expand(out), workers = workers,
    verbose = if (is_verbose(verbose)) 2 else 0, plan = plan
  )
}

# What Python's `tune` or `sweep` says, or its like for a data frame whose columns a formula names, `tune_table`.
searched <- function(verb, spec, data, given, text, settings, own, .call = rlang::caller_env()) {
  own <- setdiff(own, "...")
  if (rlang::is_formula(spec) && !is.null(text)) {
    given <- c(list(spec), given)
    spec <- NULL
  }
  if (formula_among(data, given)) {
    asked <- formula_call(spec, text, formula_and_data(data, given, .call), settings, c(own, formula_arguments), .call)
    return(rlang::inject(ask_python(paste0(verb, "_table"), !!!asked, .call = .call)))
  }
  spec <- rlang::inject(as_spec(spec, !!!given, text = text, .own = own, .call = .call))
  settings$seed <- settings$seed %||% own_seed(spec, .call)
  xy <- given_data(data, .call)
  rlang::inject(ask_python(verb, spec = live(spec, .call), x = xy[[1]], y = xy[[2]], !!!settings, .call = .call))
}

#' @export
print.speczoo_tuned <- function(x, ...) {
  cat(x$text, "\n", sep = "")
  invisible(x)
}

#' @export
print.speczoo_sweep <- print.speczoo_tuned

#' @export
format.speczoo_tuned <- function(x, ...) sprintf("<search of %s: %d trials>", x$name, nrow(x$trials))

#' @export
format.speczoo_sweep <- function(x, ...) sprintf("<sweep of %s: %d trainings>", x$name, nrow(x$frame))

#' @rdname zoo_tune
#' @param x,object A `speczoo_tuned` or a `speczoo_sweep`.
#' @param row.names,optional Not used; arguments of the generic.
#' @export
as.data.frame.speczoo_tuned <- function(x, row.names = NULL, optional = FALSE, ...) {
  check_no_dots(..., .known = character(), .function = "as.data.frame")
  as.data.frame(x$trials)
}

#' @rdname zoo_tune
#' @export
as.data.frame.speczoo_sweep <- function(x, row.names = NULL, optional = FALSE, ...) {
  check_no_dots(..., .known = character(), .function = "as.data.frame")
  as.data.frame(x$frame)
}

#' @rdname zoo_tune
#' @exportS3Method ggplot2::autoplot
autoplot.speczoo_tuned <- function(object, ...) {
  check_no_dots(..., .known = character(), .function = "autoplot")
  check_ggplot2()
  ggplot2::ggplot(object$trials, ggplot2::aes(x = .data$trial, y = .data$value, colour = .data$state)) +
    ggplot2::geom_point(na.rm = TRUE) +
    ggplot2::labs(x = "trial", y = object$objective, colour = NULL, title = object$name)
}

#' @rdname zoo_tune
#' @exportS3Method ggplot2::autoplot
autoplot.speczoo_sweep <- function(object, ...) {
  check_no_dots(..., .known = character(), .function = "autoplot")
  check_ggplot2()
  ggplot2::ggplot(object$frame, ggplot2::aes(x = .data$value, y = .data$score)) +
    ggplot2::geom_point(na.rm = TRUE, alpha = 0.6) +
    ggplot2::stat_summary(fun = mean, geom = "line", ggplot2::aes(group = 1), na.rm = TRUE) +
    ggplot2::facet_wrap(ggplot2::vars(.data$parameter), scales = "free_x") +
    ggplot2::labs(x = NULL, y = object$score, title = object$name)
}

#' @rdname zoo_tune
#' @export
plot.speczoo_tuned <- function(x, ...) autoplot.speczoo_tuned(x, ...)

#' @rdname zoo_tune
#' @export
plot.speczoo_sweep <- function(x, ...) autoplot.speczoo_sweep(x, ...)
