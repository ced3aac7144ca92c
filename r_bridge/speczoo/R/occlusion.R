#' What an output loses as patches of a window are covered
#'
#' Occlusion: an attribution for each number of each window. What a patch is worth is shared by its numbers, so that sums over them
#' are in the output's unit. Steps and features that work together are worth more than the sum of their patches.
#'
#' @inheritParams zoo_attention
#' @param by What makes a group of the table, as in [zoo_importance()].
#' @param output Which output; the first when `NULL`.
#' @param target The name of a class, or a number's place, from 0 as class numbers count. `NULL`: the class that the model says for
#'   each window, or the first number.
#' @param patch Its steps and features, such as `c(10, 1)`; a tenth of the window's steps of one feature when `NULL`.
#' @param baseline What covers it: `"mean"`, the mean window of the training part (of these windows where that part is not at hand),
#'   or `"zeros"`. Words are covered by 0.
#' @param seed Of the draws that the intervals are from; the model's own when `NULL`.
#' @returns A tibble of class `speczoo_occlusion`, a line a group: `size`, the mean over the windows of what a group's numbers add up
#'   to, without its sign, with `low` and `high`, a 95 % interval; `mean`, that with its sign; `share` of all sizes. Its attribute
#'   `attributions` has the numbers themselves, an array for each input.
#' @export
#' @examplesIf speczoo::zoo_available()
#' \donttest{
#' m <- zoo_train("hrnn_lob", window = 10, epochs = 1)
#' o <- zoo_occlusion(m, by = "level", target = "up", windows = 16)
#' o
#' dim(attr(o, "attributions")$book)
#' }
zoo_occlusion <- function(model, data = NULL, by = "feature", ..., part = "test", output = NULL, target = NULL, patch = NULL,
                          baseline = "mean", windows = 64, seed = NULL, scaled = NULL, out = NULL) {
  check_no_dots(..., .known = setdiff(names(formals(zoo_occlusion)), c("model", "...")), .function = "zoo_occlusion")
  baseline <- check_choice(baseline, c("mean", "zeros"), "baseline")
  check_whole(seed, "seed")
  reply <- ask_view(
    "occlusion", model, windows_x(data), NULL, part = part, windows = windows, scaled = scaled, out = out, by = by, output = output,
    target = target, patch = patch, baseline = baseline, seed = seed
  )
  new_view(reply, "speczoo_occlusion", by = as.character(reply$by), attributions = reply$attributions)
}

#' @export
print.speczoo_occlusion <- function(x, ...) print_view(x, ...)
