#' Walk a model through time
#'
#' At each step the model is trained on what is past, and predicts what comes next. Scalers and thresholds of a step are
#' fitted on its own past; labels that reach into what is predicted are purged.
#'
#' @param spec,data,text As in [zoo_train()].
#' @param ... Parameter overrides by name, and a formula with its arguments, as in [zoo_train()]. A parameter that has the
#'   name of an argument here, such as `window`, is given where the spec is read: `zoo_spec("hrnn_lob", window = 20)`.
#' @param first Windows before the first prediction, or a share of all of them.
#' @param step Windows that each step predicts, or a share.
#' @param window `"anchored"`: trained on all that is past; `"sliding"`: on the last `first` windows.
#' @param refit `"cold"`: a new model at each step; `"warm"`: one that is trained on at each step.
#' @param epochs,batch_size,seed,out,resume,overwrite As in [zoo_train()]; with `resume = TRUE` a walk that was broken off
#'   goes on at the step where it was. What is `NULL` is as the spec's `training` section says.
#' @param workers Processes that share the steps; more than one only with `refit = "cold"`.
#' @param verbose `TRUE` shows the steps as they end.
#' @param plan As in [fit()][fit.speczoo_model], for the steps of all trainings together: the way is settled once, and a
#'   walk that goes on keeps to it.
#' @returns A `speczoo_walk`: `frame`, a tibble with a row for each prediction (`step`, `row`, `time`, `output`, `actual`,
#'   `predicted`, `loss`, and the chance of each class); `losses`, a tibble with the loss of each batch; `score`, the mean
#'   loss over the last quarter of the steps; `metrics` and `baselines` over the whole walk; `left_out`, the
#'   spec's callbacks that watch a validation part, which a walk has not. `print()` shows them, `as.data.frame()` gives
#'   `frame`, and `autoplot()` and `plot()` draw `what`: `"predictions"`, `"step_loss"` or
#'   `"training_loss"`.
#' @export
#' @examplesIf speczoo::zoo_available()
#' \donttest{
#' prices <- EuStockMarkets[1:300, ]
#' walk <- zoo_walk_forward("lstm_stateless", DAX ~ DAX + SMI, data = prices, lookback = 10,
#'                          first = 0.7, step = 30, epochs = 1, batch_size = 32)
#' walk
#' head(as.data.frame(walk))
#' if (requireNamespace("ggplot2", quietly = TRUE)) plot(walk)
#' }
zoo_walk_forward <- function(spec = NULL, data = NULL, ..., text = NULL, first = NULL, step = NULL, window = NULL,
                             refit = NULL, epochs = NULL, batch_size = NULL, seed = NULL, out = NULL, resume = FALSE,
                             overwrite = FALSE, workers = 1, verbose = NULL, plan = "auto") {
  if (is.null(spec) && is.null(text)) {
    stop_zoo(
      "`spec` is missing", help = "for example zoo_walk_forward(\"lstm_stateless\"); zoo_list() shows the models",
      class = "speczoo_argument_error"
    )
  }
  check_walk_words(window, refit)
  check_whole(epochs, "epochs")
  check_whole(batch_size, "batch_size", least = 1)
  check_whole(seed, "seed")
  check_whole(workers, "workers", least = 1)
  check_flag(resume, "resume")
  check_flag(overwrite, "overwrite")
  check_verbose(verbose)
  check_choice(plan, c("auto", "off", "measure"), "plan")
  own <- setdiff(names(formals(zoo_walk_forward)), "...")
  settings <- list(
    first = first, step = step, window = window, refit = refit, epochs = epochs, batch_size = batch_size, seed = seed,
    out = if (!is.null(out)) path.expand(out), resume = resume, overwrite = overwrite, workers = workers,
    verbose = if (is_verbose(verbose)) 2 else 0, plan = plan
  )
  given <- list(...)
  if (rlang::is_formula(spec) && !is.null(text)) {
    given <- c(list(spec), given)
    spec <- NULL
  }
  if (formula_among(data, given)) {
    found <- formula_and_data(data, given)
    own <- c(own, formula_arguments)
    asked <- formula_call(spec, text, found, settings, own, rlang::current_env())
    return(new_walk(rlang::inject(ask_python("walk_table", !!!asked, .call = rlang::current_env()))))
  }
  spec <- as_spec(spec, ..., text = text, .own = own)
  given <- given_data(data)
  settings$seed <- seed %||% own_seed(spec)
  reply <- rlang::inject(ask_python(
    "walk_forward", spec = live(spec), x = given[[1]], y = given[[2]], !!!settings, .call = rlang::current_env()
  ))
  new_walk(reply)
}

check_walk_words <- function(window, refit, .call = rlang::caller_env()) {
  if (is.numeric(window)) {
    stop_zoo(
      "`window` of a walk is \"anchored\" or \"sliding\"",
      help = sprintf("a spec's own parameter is given where it is read: zoo_spec(..., window = %s)", window[[1]]),
      class = "speczoo_argument_error", call = .call
    )
  }
  if (!is.null(window)) check_choice(window, c("anchored", "sliding"), "window", .call = .call)
  if (!is.null(refit)) check_choice(refit, c("cold", "warm"), "refit", .call = .call)
}

new_walk <- function(reply) {
  reply$frame <- tibble::as_tibble(reply$frame)
  reply$losses <- tibble::as_tibble(reply$losses)
  reply$metrics <- unlist(reply$metrics)
  reply$left_out <- as.character(reply$left_out)
  structure(reply, class = "speczoo_walk")
}

#' @export
print.speczoo_walk <- function(x, ...) {
  cat(x$text, "\n", sep = "")
  invisible(x)
}

#' @export
format.speczoo_walk <- function(x, ...) sprintf("<walk of %s: %d steps>", x$name, length(x$step_loss))

#' @rdname zoo_walk_forward
#' @param x,object A `speczoo_walk`.
#' @param row.names,optional Not used; arguments of the generic.
#' @export
as.data.frame.speczoo_walk <- function(x, row.names = NULL, optional = FALSE, ...) {
  check_no_dots(..., .known = character(), .function = "as.data.frame")
  as.data.frame(x$frame)
}

#' @rdname zoo_walk_forward
#' @param what Which picture.
#' @usage \method{autoplot}{speczoo_walk}(object, what = "predictions", ...)
#' @exportS3Method ggplot2::autoplot
autoplot.speczoo_walk <- function(object, what = "predictions", ...) {
  check_no_dots(..., .known = "what", .function = "autoplot")
  what <- check_choice(what, c("predictions", "step_loss", "training_loss"), "what")
  check_ggplot2()
  switch(what,
    predictions = walk_predictions(object),
    step_loss = walk_line(object$step_loss, "step", "test loss", object$name),
    training_loss = walk_line(object$losses$loss, "batch of the walk", "training loss", object$name)
  )
}

#' @rdname zoo_walk_forward
#' @export
plot.speczoo_walk <- function(x, what = "predictions", ...) autoplot.speczoo_walk(x, what, ...)

walk_predictions <- function(walk) {
  frame <- walk$frame
  panel <- if ("number" %in% names(frame)) paste(frame$output, frame$number) else frame$output
  place <- stats::ave(seq_along(panel), panel, FUN = seq_along)
  # Windows of several groups end at the same times: their lines would be one.
  timed <- "time" %in% names(frame) && !anyDuplicated(data.frame(panel, frame[["time"]]))
  long <- data.frame(
    place = rep(if (timed) frame[["time"]] else place, 2), panel = rep(panel, 2),
    what = rep(c("actual", "predicted"), each = nrow(frame)),
    value = c(frame$actual, frame$predicted)
  )
  ggplot2::ggplot(long, ggplot2::aes(x = .data$place, y = .data$value, colour = .data$what)) +
    (if (is.numeric(long$value)) ggplot2::geom_line() else ggplot2::geom_point(alpha = 0.5)) +
    ggplot2::facet_wrap(ggplot2::vars(.data$panel), ncol = 1, scales = "free_y") +
    ggplot2::labs(x = if (timed) "time" else "prediction of the walk", y = NULL, colour = NULL, title = walk$name)
}

walk_line <- function(values, x, y, title) {
  points <- data.frame(place = seq_along(values), value = values)
  ggplot2::ggplot(points, ggplot2::aes(x = .data$place, y = .data$value)) +
    ggplot2::geom_line() +
    ggplot2::labs(x = x, y = y, title = title)
}
