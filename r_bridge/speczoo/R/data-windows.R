#' Windows, split and scaled, without a spec
#'
#' All that the `data` section of a spec can say of a table, in one call: windows and their targets never cross two groups
#' or a gap in time; rows are split by time and purged; scalers and levels are fitted on rows of the training part alone.
#' [zoo_windows()] cuts windows and does nothing else.
#'
#' @param data A data frame, or a series as in [zoo_windows()].
#' @param lookback Rows in a window.
#' @param target A column or several; or a named vector of types, `c(price = "numeric", side = "categorical")`. Factors,
#'   texts and logicals are categorical, if nothing is said.
#' @param horizon Rows after a window's last one that its target stands at: one number, or named by target.
#' @param stride Rows from one window's end to the next one's.
#' @param columns The columns in a window; by default all columns of numbers but `time` and `group`.
#' @param time The column of times; by default the one column of dates or date-times, else a column of numbers called
#'   `time`.
#' @param group Columns that tell sessions or symbols apart.
#' @param gap The longest step of time inside a window: `"90min"`, or a number where times are numbers.
#' @param calendar Features that the times make: `"hour"` (a sine and a cosine), `"hour_number"`, `"weekday"`, `"month"`, ...
#' @param clean `"error"`, or `"drop"` for rows that cannot be.
#' @param missing `"error"`, `"drop"` or `"fill"` (the last known value) for empty cells; `NULL` is as `clean`.
#' @param levels A list: categorical target, its classes in the order of their numbers. A factor's own levels by default.
#' @param scale `"none"`, `"zscore"`, `"minmax"`, `"robust"`, or a list such as `list(method = "minmax", range = c(-1, 1))`.
#' @param split A list of `by`, `train`, `val`, `test`, `purge`, `embargo`; by time, 70, 15 and 15 %, when `NULL`.
#' @param x,_data What `zoo_data_windows()` made.
#' @param new_data New rows, with the columns of the old ones.
#' @param values Numbers, such as predictions.
#' @param ... Not used; anything here is an error.
#' @returns A `speczoo_data_windows`: `train`, `val` and `test`, each a `speczoo_windows` as [zoo_windows()] makes them,
#'   with scaled numbers; `about`, a sentence; `pipeline`, what was fitted. `transform()` treats new rows alike and gives a
#'   `speczoo_windows` without targets, `zoo_in_units()` leads scaled numbers of a target back to the unit of its column.
#' @export
#' @examplesIf speczoo::zoo_available()
#' prices <- data.frame(day = as.Date("1991-07-01") + 1:300, as.data.frame(EuStockMarkets)[1:300, ])
#' w <- zoo_data_windows(prices, lookback = 20, target = "DAX", calendar = "weekday", scale = "zscore")
#' w
#' zoo_in_units(w, w$test$y[1:3]) - prices$DAX[w$test$rows[1:3] + 1]
#' transform(w, prices)
zoo_data_windows <- function(data, lookback, target = NULL, horizon = 1, stride = 1, columns = NULL, time = NULL,
                             group = NULL, gap = NULL, calendar = NULL, clean = "error", missing = NULL, levels = NULL,
                             scale = "none", split = NULL) {
  check_given(data, "data", "for example zoo_data_windows(prices, lookback = 20, target = \"close\")")
  check_given(lookback, "lookback", "say how many rows a window has: lookback = 20")
  data <- as_table(data)
  named <- if (is.null(names(target))) target else names(target)
  factors <- Filter(function(name) is.factor(data[[name]]) && is.null(levels[[name]]), intersect(named, names(data)))
  for (name in factors) levels[[name]] <- as.list(base::levels(data[[name]]))
  made <- ask_python(
    "data_windows", data = data, lookback = lookback, target = target, horizon = horizon, stride = stride,
    columns = columns, time = time, group = group, gap = gap, calendar = calendar, clean = clean, missing = missing,
    levels = levels, scale = scale, split = split
  )
  for (part in c("train", "val", "test")) class(made[[part]]) <- "speczoo_windows"
  structure(made, class = "speczoo_data_windows")
}

#' @rdname zoo_data_windows
#' @export
transform.speczoo_data_windows <- function(`_data`, new_data, ...) {
  check_no_dots(..., .known = "new_data", .function = "transform")
  made <- ask_python("transform_windows", pipeline = `_data`$pipeline, data = as_table(new_data))
  structure(made, class = "speczoo_windows")
}

#' @rdname zoo_data_windows
#' @export
zoo_in_units <- function(x, values, target = NULL) {
  if (!inherits(x, "speczoo_data_windows")) {
    stop_zoo(
      sprintf("`x` must be what zoo_data_windows() made, not %s", friendly_type(x)), class = "speczoo_argument_error"
    )
  }
  ask_python("in_units", pipeline = x$pipeline, values = values, target = target)
}

#' @export
format.speczoo_data_windows <- function(x, ...) {
  sprintf("<windows of %d rows x %d columns>", dim(x$train$x)[[2]], dim(x$train$x)[[3]])
}

#' @rdname zoo_data_windows
#' @export
print.speczoo_data_windows <- function(x, ...) {
  cat(format(x), "\n", sep = "")
  cat(strwrap(x$about, indent = 2, exdent = 2), sep = "\n")
  invisible(x)
}
