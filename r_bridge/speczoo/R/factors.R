#' How each feature goes together with the model and with the truth
#'
#' The factor report: correlations over the windows of each feature at the window's end, and of its mean over the window, with
#' the probability of each class, or each number, that the model gives, and with what then happened.
#'
#' @inheritParams zoo_importance
#' @param windows So many at most, evenly spread; `NULL` is all.
#' @param seed Of the draws that the intervals are from; the model's own when `NULL`.
#' @returns A tibble of class `speczoo_factors`: `input`, `feature`, `at` (`"last"` or `"mean"`), `output`, `target` (the class or
#'   number), `with` (`"output"` or `"truth"`), `pearson` and `spearman`, each with `_low` and `_high` (a 95 % interval from
#'   drawing blocks of neighbouring windows anew), and `n`, the windows. `print()` shows the strongest first; `autoplot()` and
#'   `plot()` draw it.
#' @export
#' @examplesIf speczoo::zoo_available()
#' \donttest{
#' m <- zoo_train("hrnn_lob", window = 10, epochs = 1)
#' f <- zoo_factors(m, windows = 200)
#' f[f$with == "truth" & f$at == "last" & f$target == "up", c("feature", "spearman")]
#' }
zoo_factors <- function(model, data = NULL, y = NULL, ..., part = "test", windows = NULL, seed = NULL, scaled = NULL, out = NULL) {
  check_no_dots(..., .known = setdiff(names(formals(zoo_factors)), c("model", "...")), .function = "zoo_factors")
  check_whole(seed, "seed")
  reply <- ask_view("factors", model, data, y, part = part, windows = windows, scaled = scaled, out = out, seed = seed)
  new_view(reply, "speczoo_factors")
}

#' @export
print.speczoo_factors <- function(x, ...) print_view(x, ...)

#' @rdname zoo_factors
#' @param object,x A `speczoo_factors`.
#' @usage \method{autoplot}{speczoo_factors}(object, ...)
#' @exportS3Method ggplot2::autoplot
autoplot.speczoo_factors <- function(object, ...) {
  check_no_dots(..., .known = character(), .function = "autoplot")
  check_ggplot2("plotting factors")
  shown <- as.data.frame(object)[object$at == "last", ]
  shown$feature <- factor(shown$feature, rev(unique(shown$feature)))
  ggplot2::ggplot(shown, ggplot2::aes(x = .data$spearman, y = .data$feature, colour = .data$with)) +
    ggplot2::geom_vline(xintercept = 0, linewidth = 0.3) +
    ggplot2::geom_pointrange(
      ggplot2::aes(xmin = .data$spearman_low, xmax = .data$spearman_high),
      position = ggplot2::position_dodge(width = 0.6), size = 0.2, na.rm = TRUE
    ) +
    ggplot2::facet_wrap(ggplot2::vars(.data$output, .data$target)) +
    ggplot2::labs(x = "Spearman's correlation at the window's last step", y = NULL, colour = NULL, title = attr(object, "name"))
}

#' @rdname zoo_factors
#' @export
plot.speczoo_factors <- function(x, ...) autoplot.speczoo_factors(x, ...)
