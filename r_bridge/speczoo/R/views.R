# What the views of a model share: the data they are of, and a tibble that carries its text.
ask_view <- function(name, model, data, y, ..., part, windows, scaled, out = NULL, .call = rlang::caller_env()) {
  check_given(model, "model", sprintf("for example zoo_%s(model)", name), call = .call)
  check_model(model, call = .call)
  part <- check_choice(part, c("test", "val", "train"), "part", .call = .call)
  check_whole(windows, "windows", least = 1, call = .call)
  if (!is.null(scaled)) check_flag(scaled, "scaled", .call = .call)
  if (is.null(y) && inherits(data, "speczoo_windows")) y <- windows_y(data, "data")
  if (rlang::is_string(data)) data <- path.expand(data)
  data <- if (is.null(y)) table_data(model, data) else windows_x(data)
  ask_python(
    name, model = live(model), x = data, y = y, part = part, windows = windows, scaled = scaled,
    out = if (!is.null(out)) path.expand(out), ...,
    .call = .call
  )
}

new_view <- function(reply, class, ...) {
  tibble::new_tibble(
    reply$frame, nrow = nrow(reply$frame), class = class, text = reply$text, told = view_hash(reply$frame), name = reply$name, ...
  )
}

# A view of which lines or columns were changed, taken out or added is no longer what its text tells.
print_view <- function(x, ...) {
  if (identical(attr(x, "told"), view_hash(x))) {
    cat(attr(x, "text"), "\n", sep = "")
  } else {
    print(tibble::new_tibble(lapply(x, identity), nrow = nrow(x)))
  }
  invisible(x)
}

view_hash <- function(x) rlang::hash(lapply(x, identity))
