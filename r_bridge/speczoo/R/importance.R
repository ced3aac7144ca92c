#' What a model loses without some of its numbers
#'
#' Permutation importance: how much worse the model is once the numbers of a group come from other windows, and the rest
#' stays. A number that another one tells as well costs little: ask for groups of what goes together.
#'
#' @param model A `speczoo_model`.
#' @param data The inputs, as in [fit()][fit.speczoo_model], with `y`, or windows with targets. Without `y`: `NULL` for a part
#'   of the data the model was trained on, or the path of a file, or a data frame of raw data.
#' @param y The targets.
#' @param by What makes a group: `"feature"`, `"level"`, `"field"`, `"side"`, `"input"`, `"time"`, or several of them; or a
#'   named list, each item the features of a group.
#' @param ... Not used; anything here is an error.
#' @param part With `data = NULL`: `"test"`, `"val"` or `"train"`.
#' @param repeats Permutations of each group.
#' @param metric A score of [evaluate()][evaluate.speczoo_model], such as `"nll"`; macro-F1 of classes and mean absolute error
#'   of numbers when `NULL`.
#' @param within `"session"`: numbers are exchanged within a session or symbol; `"all"`: among all windows.
#' @param block Windows that stay neighbours; 1 permutes single ones.
#' @param time_block Steps that are one group where `by` says `"time"`; a tenth of the window when `NULL`.
#' @param windows So many at most, evenly spread; `NULL` is all. The model goes through them once for each permutation of each
#'   group.
#' @param seed Of the permutations; the model's own when `NULL`.
#' @param scaled Whether arrays are scaled, as in [predict()][predict.speczoo_model].
#' @param out A folder for the report, its tables and pictures; or `FILE.csv` for the table alone.
#' @returns A tibble of class `speczoo_importance`: what each group is called, `output`, `metric`, `score` (of the untouched
#'   windows), `permuted`, `importance` (by how much it became worse), `sd` over the repeats, and `low` and `high`, a 95 %
#'   interval from drawing blocks of neighbouring windows anew. `time` counts the rows before the one at which the window
#'   ends. `print()` shows the most important first; `autoplot()` and `plot()` draw it.
#' @export
#' @examplesIf speczoo::zoo_available()
#' \donttest{
#' m <- zoo_train("hrnn_lob", window = 10, epochs = 1)
#' zoo_importance(m, by = "level", repeats = 2, windows = 200)
#' zoo_importance(m, by = list(best = c("ask_size_1", "bid_size_1")), repeats = 2, windows = 200)
#' }
zoo_importance <- function(model, data = NULL, y = NULL, by = "feature", ..., part = "test", repeats = 5, metric = NULL,
                           within = "session", block = 1, time_block = NULL, windows = 1000, seed = NULL,
                           scaled = NULL, out = NULL) {
  check_no_dots(..., .known = setdiff(names(formals(zoo_importance)), c("model", "...")), .function = "zoo_importance")
  check_whole(seed, "seed")
  check_whole(repeats, "repeats", least = 1)
  check_whole(block, "block", least = 1)
  check_whole(time_block, "time_block", least = 1)
  within <- check_choice(within, c("session", "all"), "within")
  reply <- ask_view(
    "importance", model, data, y, part = part, windows = windows, scaled = scaled, out = out, by = by, repeats = repeats,
    metric = metric, within = within, block = block, time_block = time_block, seed = seed
  )
  new_view(reply, "speczoo_importance", by = as.character(reply$by))
}

#' @export
print.speczoo_importance <- function(x, ...) print_view(x, ...)

#' @rdname zoo_importance
#' @param object,x A `speczoo_importance`.
#' @usage \method{autoplot}{speczoo_importance}(object, ...)
#' @exportS3Method ggplot2::autoplot
autoplot.speczoo_importance <- function(object, ...) {
  check_no_dots(..., .known = character(), .function = "autoplot")
  check_ggplot2("plotting importances")
  by <- intersect(attr(object, "by"), names(object))
  labels <- lapply(unname(as.list(object)[by]), function(column) ifelse(is.na(column), "none", as.character(column)))
  group <- do.call(paste, labels)
  # Steps stay in their order, the last one on top; all else comes by what it is worth.
  order <- if (identical(by, "time")) unique(group) else unique(group[order(object$importance)])
  shown <- data.frame(object[c("output", "importance", "low", "high")], group = factor(group, order))
  ggplot2::ggplot(shown, ggplot2::aes(x = .data$importance, y = .data$group)) +
    ggplot2::geom_col() +
    ggplot2::geom_linerange(ggplot2::aes(xmin = .data$low, xmax = .data$high)) +
    ggplot2::facet_wrap(ggplot2::vars(.data$output)) +
    ggplot2::labs(x = paste("worse by,", object$metric[1]), y = NULL, title = attr(object, "name"))
}

#' @rdname zoo_importance
#' @export
plot.speczoo_importance <- function(x, ...) autoplot.speczoo_importance(x, ...)
