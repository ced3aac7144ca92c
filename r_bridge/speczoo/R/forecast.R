#' Forecast freely
#'
#' Each row is predicted from the ones predicted before it. Nothing corrects it on the way: errors grow. For models of
#' tables that predict the columns they read; a state is carried from row to row.
#'
#' @param model A `speczoo_model` trained on a table.
#' @param n How many rows.
#' @param new_data The path of a file, a data frame or a `ts` to go on from, each of its groups; `NULL` for the data the
#'   model was trained on, to their end.
#' @param known A data frame of columns whose coming values are known, or the path of a file of them, a row for each row
#'   to come; with the group's columns where there are several groups. `NULL` for none. What the calendar says need not
#'   be given.
#' @returns A tibble of class `speczoo_forecast`: group and time (where its step is regular), `step` from 1, and each
#'   predicted column in its own unit. `autoplot()` and `plot()` draw it.
#' @export
#' @examplesIf speczoo::zoo_available()
#' \donttest{
#' m <- zoo_train("rnn_sine", epochs = 3)
#' ahead <- zoo_forecast(m, 40)
#' ahead
#' if (requireNamespace("ggplot2", quietly = TRUE)) plot(ahead)
#' }
zoo_forecast <- function(model, n, new_data = NULL, known = NULL) {
  check_given(model, "model", "for example zoo_forecast(model, 40)")
  check_model(model)
  check_given(n, "n", "how many rows to forecast, such as 40")
  check_whole(n, "n", least = 1)
  if (rlang::is_string(new_data)) new_data <- path.expand(new_data)
  if (rlang::is_string(known)) known <- path.expand(known)
  reply <- ask_python("forecast", model = live(model), steps = n, x = table_data(model, new_data), known = known)
  tibble::new_tibble(
    reply$frame, nrow = nrow(reply$frame), class = "speczoo_forecast", columns = as.character(reply$columns),
    groups = as.character(reply$groups), time = reply$time, name = reply$name
  )
}

#' @rdname zoo_forecast
#' @param object,x A `speczoo_forecast`.
#' @param ... Not used; anything here is an error.
#' @usage \method{autoplot}{speczoo_forecast}(object, ...)
#' @exportS3Method ggplot2::autoplot
autoplot.speczoo_forecast <- function(object, ...) {
  check_no_dots(..., .known = character(), .function = "autoplot")
  check_ggplot2("plotting a forecast")
  columns <- intersect(attr(object, "columns"), names(object))
  groups <- intersect(attr(object, "groups"), names(object))
  group <- if (length(groups)) do.call(paste, unname(as.list(object)[groups])) else rep("", nrow(object))
  time <- attr(object, "time")
  long <- data.frame(
    place = rep(if (is.null(time)) object$step else object[[time]], length(columns)), group = rep(group, length(columns)),
    column = factor(rep(columns, each = nrow(object)), columns),
    value = unlist(lapply(columns, function(column) object[[column]]))
  )
  ggplot2::ggplot(long, ggplot2::aes(x = .data$place, y = .data$value, colour = .data$group)) +
    ggplot2::geom_line(show.legend = length(groups) > 0) +
    ggplot2::facet_wrap(ggplot2::vars(.data$column), ncol = 1, scales = "free_y") +
    ggplot2::labs(x = time %||% "step", y = NULL, colour = NULL, title = attr(object, "name"))
}

#' @rdname zoo_forecast
#' @export
plot.speczoo_forecast <- function(x, ...) autoplot.speczoo_forecast(x, ...)
