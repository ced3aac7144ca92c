#' What each number of a window brings to an output
#'
#' Integrated gradients: the attributions of a window add up to what the output differs by from the baseline's. How far they miss
#' it, the completeness gap, is always in the result, and gradients are added until it is within the tolerance. Words are attributed
#' at their embeddings. Numbers are those that the model sees: scaled.
#'
#' @inheritParams zoo_occlusion
#' @param by What makes a group of the table: `"feature"`, `"level"`, `"side"`, `"field"`, `"time"` (rows before the window's end),
#'   `"input"`, or several of them.
#' @param target The name of a class, or a number's place, from 0 as class numbers count. `NULL`: the class that the model says for
#'   each window, or the first number.
#' @param method `"integrated_gradients"`, `"gradient_x_input"` or `"smoothgrad"`.
#' @param baseline What a window is set against: the `"mean"` or `"median"` of the training part, `"zeros"`, or `"expected"`, 16
#'   windows drawn from it (expected gradients).
#' @param of `"output"`, such as a class's probability, or `"logits"`, before the last activation.
#' @param step Of an output of each step, counted from 1; the last one when `NULL`.
#' @param tolerance Of each window's gap, as a part of what the output changes by.
#' @param steps Gradients along the line, a fixed number instead of the tolerance; of `"smoothgrad"` noisy copies.
#' @param seed Of what is drawn; the model's own when `NULL`.
#' @returns A tibble of class `speczoo_explanation`, a line a group, the most important first: `attribution`, the mean over the
#'   windows of what a group's numbers add up to; `importance`, the mean of its size; `share` of all importance. Its attributes:
#'   `attributions`, the numbers themselves, an array for each input; `windows`, a tibble of each window's `value`, `change` from the
#'   baseline's, `gap` (as a part of the change) and `steps`; `complete`, whether every gap is within the tolerance. `tidy()` gives
#'   the table alone.
#' @export
#' @examplesIf speczoo::zoo_available()
#' \donttest{
#' m <- zoo_train("hrnn_lob", window = 10, epochs = 1)
#' e <- zoo_explain(m, by = c("side", "level"), target = "up", windows = 16)
#' e
#' attr(e, "windows")
#' dim(attr(e, "attributions")$book)
#' }
zoo_explain <- function(model, data = NULL, by = "feature", ..., part = "test", output = NULL, target = NULL,
                        method = "integrated_gradients", baseline = "mean", of = "output", step = NULL, windows = 256,
                        tolerance = 0.01, steps = NULL, seed = NULL, scaled = NULL) {
  check_no_dots(..., .known = setdiff(names(formals(zoo_explain)), c("model", "...")), .function = "zoo_explain")
  check_choice(method, c("integrated_gradients", "gradient_x_input", "smoothgrad"), "method")
  check_choice(baseline, c("mean", "median", "zeros", "expected"), "baseline")
  check_choice(of, c("output", "logits"), "of")
  check_whole(step, "step", least = 1)
  check_whole(steps, "steps", least = 1)
  check_whole(seed, "seed")
  reply <- ask_view(
    "explain", model, windows_x(data), NULL, part = part, windows = windows, scaled = scaled, by = by, output = output,
    target = target, method = method, baseline = baseline, of = of, step = step, tolerance = tolerance, steps = steps, seed = seed
  )
  new_view(
    reply, "speczoo_explanation", by = as.character(reply$by), attributions = reply$attributions,
    windows = tibble::as_tibble(reply$windows), complete = reply$complete
  )
}

#' @export
print.speczoo_explanation <- function(x, ...) print_view(x, ...)

#' @export
tidy.speczoo_explanation <- function(x, ...) tibble::new_tibble(as.list(x), nrow = nrow(x))
