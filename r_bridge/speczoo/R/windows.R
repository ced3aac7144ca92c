#' Windows of a series
#'
#' Cuts rows in time order into overlapping windows, as [fit()][fit.speczoo_model] and [predict()][predict.speczoo_model]
#' take them, and never across two groups.
#'
#' @param data A `ts` or `mts`, a matrix, a matrix with an index as xts and zoo make it, a numeric vector, or a data frame.
#' @param lookback Rows in a window.
#' @param target A column's name, or several, or a vector or factor with a value a row; `NULL` for windows without
#'   targets, up to the last row.
#' @param horizon How many rows after a window's last row its target stands; 0 is that row itself.
#' @param stride Rows from one window's end to the next one's.
#' @param columns The columns in a window; by default all but `time`, `group` and a target that is no number.
#' @param time The column of times in a data frame, or a vector with a time a row. By default the one column of dates or
#'   date-times, else a column of numbers called `time`, or the series' own times. Times must rise within a group.
#' @param group Columns of a data frame that tell series apart, such as a symbol.
#' @param ... Not used; anything here is an error.
#' @returns A `speczoo_windows`, which fit(), predict(), evaluate() and augment() take as it is: `x`, an array (window, time, feature); `y`, the targets; `rows`, the row of `data` that
#'   each window ends at, counted from 1; `time`, the time of that row; `columns`.
#' @export
#' @examplesIf speczoo::zoo_available()
#' w <- zoo_windows(EuStockMarkets, lookback = 20, target = "DAX")
#' w
#' dim(w$x)
#' # The first window's target is the row after its last one.
#' w$y[1] == EuStockMarkets[w$rows[1] + 1, "DAX"]
zoo_windows <- function(data, lookback, target = NULL, horizon = 1, stride = 1, columns = NULL, time = NULL, group = NULL,
                        ...) {
  check_no_dots(..., .known = setdiff(names(formals(zoo_windows)), "..."), .function = "zoo_windows")
  check_given(data, "data", "for example zoo_windows(EuStockMarkets, lookback = 20, target = \"DAX\")")
  check_given(lookback, "lookback", "say how many rows a window has: lookback = 20")
  check_whole(lookback, "lookback", least = 1)
  check_whole(horizon, "horizon")
  check_whole(stride, "stride", least = 1)
  series <- as_series(data, columns, time, group, target)
  wanted <- target_rows(series, target)
  codes <- series$group
  order <- if (is.null(codes)) seq_len(nrow(series$values)) else order(codes)
  check_times(series$time[order], codes[order], order)
  ends <- ask_python(
    "window_rows", rows = nrow(series$values), length = lookback, horizon = if (is.null(target)) 0L else horizon,
    stride = stride, groups = if (!is.null(codes)) codes[order]
  )
  places <- order[outer(ends, seq_len(lookback) - lookback, `+`)]
  x <- series$values[places, , drop = FALSE]
  dim(x) <- c(length(ends), lookback, ncol(series$values))
  after <- order[ends + horizon]
  structure(
    list(
      x = x, y = if (is.matrix(wanted)) wanted[after, , drop = FALSE] else wanted[after], rows = order[ends],
      time = series$time[order[ends]], columns = colnames(series$values)
    ),
    class = "speczoo_windows"
  )
}

# The arrays in windows that were given whole; all else stays.
windows_x <- function(x) if (inherits(x, "speczoo_windows")) x$x else x

windows_y <- function(x, argument, call = rlang::caller_env()) {
  if (!is.null(x$y)) return(x$y)
  stop_data(
    sprintf("the windows in `%s` have no targets", argument), "make them with some: zoo_windows(..., target = \"...\")", call
  )
}

#' @export
format.speczoo_windows <- function(x, ...) {
  size <- dim(x$x)
  targets <- if (is.null(x$y)) "no targets" else if (is.factor(x$y)) "targets of classes" else "targets of numbers"
  sprintf("<%d windows of %d rows x %d columns, %s>", size[[1]], size[[2]], size[[3]], targets)
}

#' @export
print.speczoo_windows <- function(x, ...) {
  cat(format(x), "\n", sep = "")
  cat(strwrap(paste(x$columns, collapse = ", "), initial = "  columns: ", prefix = strrep(" ", 11)), sep = "\n")
  ends <- range(x$rows)
  cat("  windows end at the rows ", ends[[1]], " to ", ends[[2]], "\n", sep = "")
  if (!is.null(x$time)) cat("  at ", format(x$time[[1]]), " to ", format(x$time[[length(x$time)]]), "\n", sep = "")
  invisible(x)
}
