# Formulas say which columns of a data frame go in and come out: `y ~ a + b`. `|` parts the columns of several inputs or
# outputs, in the model's order. Columns are taken as they are: what a formula computes is computed before.

# The columns of a formula: `left`, a list with a vector for each output, and `right`, one for each input.
formula_columns <- function(formula, columns, others = character(), .call = rlang::caller_env()) {
  if (length(formula) != 3) {
    stop_formula("the formula has no left side", "name the target: y ~ a + b", .call)
  }
  left <- lapply(split_at(formula[[2]], "|"), columns_of, everything = character(), .call = .call)
  everything <- setdiff(columns, c(unlist(left), others))
  right <- lapply(split_at(formula[[3]], "|"), columns_of, everything = everything, .call = .call)
  if (any(lengths(left) == 0) || any(lengths(right) == 0)) {
    stop_formula("the formula leaves a side without a column", "name at least one: y ~ a + b", .call)
  }
  list(left = left, right = right)
}

split_at <- function(expr, operator) {
  if (is.call(expr) && identical(expr[[1]], as.name(operator)) && length(expr) == 3) {
    return(c(split_at(expr[[2]], operator), split_at(expr[[3]], operator)))
  }
  list(expr)
}

columns_of <- function(expr, everything, .call) {
  if (identical(expr, quote(.))) return(everything)
  if (is.name(expr)) return(as.character(expr))
  head <- if (is.call(expr)) paste(deparse(expr[[1]]), collapse = "") else ""
  parts <- if (is.call(expr)) lapply(as.list(expr)[-1], columns_of, everything = everything, .call = .call)
  if (head %in% c("+", "(", "cbind")) return(unique(unlist(parts)))
  if (head == "-" && length(parts) == 2) return(setdiff(parts[[1]], parts[[2]]))
  stop_formula(
    sprintf("the formula holds `%s`, which is no column", paste(deparse(expr), collapse = " ")),
    "compute it before, as a column of its own, and name that column", .call
  )
}

stop_formula <- function(message, help, call) {
  stop_zoo(message, help = help, class = c("speczoo_formula_error", "speczoo_argument_error"), call = call)
}

formula_among <- function(data, given) {
  rlang::is_formula(data) || any(vapply(given, rlang::is_formula, logical(1)))
}

# zoo_train("name", y ~ a, data = frame) and zoo_train("name", y ~ a, frame): the formula, the frame, and all else.
formula_and_data <- function(data, given, .call = rlang::caller_env()) {
  if (rlang::is_formula(data)) {
    formula <- data
    place <- which(rlang::names2(given) == "")[1]
    data <- if (!is.na(place)) given[[place]]
  } else {
    place <- which(vapply(given, rlang::is_formula, logical(1)))[[1]]
    formula <- given[[place]]
  }
  if (!is.na(place)) given[[place]] <- NULL
  if (is.null(data)) {
    stop_zoo(
      "a formula needs data whose columns it names", help = "zoo_train(\"lstm_stateless\", y ~ a + b, data = frame)",
      class = "speczoo_argument_error", call = .call
    )
  }
  list(formula = formula, data = data, given = given)
}

formula_arguments <- c("lookback", "horizon", "time", "group", "scale")

# What Python is told of a run on a data frame: the spec's recipe, with the columns, horizon, times and groups that are
# given here.
formula_call <- function(spec, text, found, settings, .own, .call) {
  own <- intersect(c("time", "group", "horizon", "scale"), names(found$given))
  asked <- lapply(found$given[own], as_text)
  params <- found$given[setdiff(names(found$given), own)]
  data <- as_table(found$data, .call)
  asked$time <- time_column(data, asked$time, .call)
  for (name in asked$group) check_column(data, name, "group", .call)
  columns <- formula_columns(found$formula, names(data), c(asked$time, asked$group), .call)
  spec <- formula_spec(spec, text, params, asked$horizon, .own, .call)
  if ("horizon" %in% names(spec$params)) asked$horizon <- NULL
  if (!is.null(asked$scale)) check_choice(asked$scale, c("zscore", "minmax", "robust", "none"), "scale", .call = .call)
  check_whole(asked$horizon, "horizon", call = .call)
  if ("seed" %in% names(settings)) settings$seed <- settings$seed %||% own_seed(spec, .call)
  c(
    list(
      spec = live(spec, .call), data = data, left = unname(lapply(columns$left, as.list)),
      right = unname(lapply(columns$right, as.list))
    ),
    asked, settings
  )
}

# The spec with its parameters; `lookback` and `horizon` go where it has such parameters, the first also to `window`.
formula_spec <- function(spec, text, params, horizon, .own, .call) {
  known <- names(as_spec(spec, text = text, .own = .own, .call = .call)$params)
  if (!"lookback" %in% known && "window" %in% known) names(params)[names(params) == "lookback"] <- "window"
  if ("horizon" %in% known && !is.null(horizon)) params$horizon <- horizon
  rlang::inject(as_spec(spec, !!!params, text = text, .own = .own, .call = .call))
}
