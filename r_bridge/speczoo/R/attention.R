#' What the layers that attend weigh their steps by
#'
#' Attention maps, the mean over windows or those of one window, of every layer that attends: multi-head and other attention of
#' Keras, TABL, two-dimensional and gated axial attention, and a softmax between other layers.
#'
#' @inheritParams zoo_importance
#' @param data The inputs, as in [predict()][predict.speczoo_model]; `NULL` for a part of the data the model was trained on.
#' @param window Which window, from 1; `NULL` is the mean over `windows` of them.
#' @param windows So many at most, evenly spread.
#' @returns A tibble of class `speczoo_attention`, a line a weight: `layer`, its place on each axis from 1 (`head`; `query`, who
#'   attends; `key`, who is attended to; or others; `NA` on the axes of other layers), and `weight`. `print()` shows what each
#'   layer attends to most.
#' @export
#' @examplesIf speczoo::zoo_available()
#' m <- zoo_model("ctabl")
#' a <- zoo_attention(m, array(rnorm(8 * 10 * 40), c(8, 10, 40)))
#' a
#' tapply(a$weight, a$time, mean)
zoo_attention <- function(model, data = NULL, ..., part = "test", window = NULL, windows = 256, scaled = NULL, out = NULL) {
  check_no_dots(..., .known = setdiff(names(formals(zoo_attention)), c("model", "...")), .function = "zoo_attention")
  check_whole(window, "window", least = 1)
  reply <- ask_view(
    "attention", model, windows_x(data), NULL, part = part, windows = windows, scaled = scaled, out = out, window = window
  )
  new_view(reply, "speczoo_attention")
}

#' @export
print.speczoo_attention <- function(x, ...) print_view(x, ...)
