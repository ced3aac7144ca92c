#' Do attributions follow what the model has learnt?
#'
#' Layer by layer, from the outputs down, the weights are made random, in a copy of the model. Attributions that stay the same
#' tell of the inputs, or of the architecture, and not of the model. They are of the class that the model says for each window, or
#' of an output's first number.
#'
#' @inheritParams zoo_attention
#' @param method How attributions are made: `"occlusion"`, `"integrated_gradients"`, `"gradient_x_input"` or `"smoothgrad"`.
#' @param output Which one; the first when `NULL`.
#' @param seed Of the random weights.
#' @returns A tibble of class `speczoo_sanity`, a line a stage: `layer`, the last one made random; `layers`, how many are;
#'   `size`, the rank correlation of the attributions' sizes with those of the trained model, mean over the windows; `signed`,
#'   that of the attributions with their signs. Its attribute `passed` is `TRUE` when less than 0.5 of `signed` is left at the
#'   end: the order of the sizes is partly that of the inputs, and of the architecture. `print()` says so.
#' @references Adebayo et al. (2018). Sanity checks for saliency maps. NeurIPS.
#' @export
#' @examplesIf speczoo::zoo_available()
#' \donttest{
#' m <- zoo_train("hrnn_lob", window = 10, epochs = 1)
#' zoo_sanity(m, windows = 16)
#' }
zoo_sanity <- function(model, data = NULL, ..., part = "test", method = "occlusion", output = NULL, windows = 64, seed = NULL,
                       scaled = NULL, out = NULL) {
  check_no_dots(..., .known = setdiff(names(formals(zoo_sanity)), c("model", "...")), .function = "zoo_sanity")
  check_whole(seed, "seed")
  reply <- ask_view(
    "sanity", model, windows_x(data), NULL, part = part, windows = windows, scaled = scaled, out = out, method = method,
    output = output, seed = seed
  )
  new_view(reply, "speczoo_sanity", passed = reply$passed)
}

#' @export
print.speczoo_sanity <- function(x, ...) print_view(x, ...)
