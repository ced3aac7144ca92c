# The forms in which R users keep series, as one: numbers by row and column, times, groups.

# `values`, a matrix with named columns; `time`, a vector or NULL; `group`, codes or NULL; `table`, the data frame.
as_series <- function(data, columns, time, group, target = NULL, .call = rlang::caller_env()) {
  table <- as_table(data, .call)
  columns <- as_text(columns)
  group <- as_text(group)
  named <- time_column(table, if (is.character(time) && length(time) == 1) time, .call)
  times <- if (is.null(time) || is.character(time)) { if (!is.null(named)) table[[named]] } else time
  if (!is.null(times) && length(times) != nrow(table)) {
    stop_data(sprintf("`time` has %d values, but the data has %d rows", length(times), nrow(table)), "give one a row", .call)
  }
  for (name in group) check_column(table, name, "group", .call)
  for (name in columns) check_column(table, name, "columns", .call)
  columns <- columns %||% setdiff(names(table), c(named, group, classes_of(table, target)))
  list(
    values = number_matrix(table, columns, .call), time = times, table = table,
    group = if (length(group) > 0) match_rows(table[group])
  )
}

# Those of the targets that are columns of classes, which no window can hold.
classes_of <- function(table, target) {
  if (!is.character(target)) return(character())
  Filter(function(name) !is.numeric(table[[name]]), intersect(target, names(table)))
}

# Data frames stay; the columns of series get names, their times a column `time`.
as_table <- function(data, .call = rlang::caller_env()) {
  if (is.data.frame(data)) return(data)
  index <- attr(data, "index")
  if (!is.numeric(data) || length(dim(data)) > 2) {
    stop_data(
      sprintf("`data` must be a data frame or a series, not %s", friendly_type(data)),
      "give a data frame, a ts, or a matrix with a row a time step", .call
    )
  }
  values <- matrix(as.vector(data), NROW(data), NCOL(data))
  colnames(values) <- colnames(data) %||% if (ncol(values) == 1) "value" else paste0("V", seq_len(ncol(values)))
  table <- as.data.frame(values)
  times <- if (stats::is.ts(data)) as.numeric(stats::time(data)) else if (!is.null(index)) index_times(data, index)
  if (is.null(times)) table else cbind(time = times, table)
}

# xts keeps seconds, and says beside them what they stand for.
index_times <- function(data, index) {
  if (!inherits(data, "xts")) return(index)
  zone <- attr(index, "tzone") %||% "UTC"
  times <- .POSIXct(as.numeric(index), tz = zone[[1]])
  if ("Date" %in% (attr(index, "tclass") %||% attr(data, ".indexCLASS"))) as.Date(times) else times
}

# The name of the column of times, or NULL.
time_column <- function(table, time, .call = rlang::caller_env()) {
  if (!is.null(time)) {
    time <- check_text(time, "time", call = .call)
    check_column(table, time, "time", .call)
    return(time)
  }
  dated <- names(table)[vapply(table, function(column) inherits(column, c("Date", "POSIXct")), logical(1))]
  if (length(dated) > 1) {
    stop_data(
      sprintf("`data` has several columns of times: %s", paste(dated, collapse = ", ")), "name one: time = \"...\"", .call
    )
  }
  if (length(dated) == 1) return(dated)
  if ("time" %in% names(table) && is.numeric(table$time)) "time"
}

check_column <- function(table, name, argument, .call) {
  if (rlang::is_string(name) && name %in% names(table)) return(invisible())
  near <- if (rlang::is_string(name)) nearest(name, names(table)) else NA
  stop_data(
    sprintf("`%s` names the column `%s`, which `data` does not have", argument, format(name)),
    if (is.na(near)) sprintf("its columns are: %s", paste(utils::head(names(table), 12), collapse = ", "))
    else sprintf("did you mean `%s`?", near),
    .call
  )
}

number_matrix <- function(table, columns, .call) {
  if (length(columns) == 0) stop_data("no column is left for the windows", "name some: columns = c(\"a\", \"b\")", .call)
  for (name in columns) {
    column <- table[[name]]
    if (!is.numeric(column) || is.factor(column)) {
      stop_data(
        sprintf("the column `%s` holds no numbers: it is %s", name, class(column)[[1]]),
        "leave it out with `columns`, name it as `time` or `group`, or code it as numbers", .call
      )
    }
    refuse_missing(column, name, .call)
  }
  values <- vapply(table[columns], as.numeric, numeric(nrow(table)))
  matrix(values, nrow(table), length(columns), dimnames = list(NULL, columns))
}

refuse_missing <- function(column, name, .call) {
  missing <- which(is.na(column))
  if (length(missing) == 0) return(invisible())
  stop_data(
    sprintf("the column `%s` has %d missing value%s, the first in row %d", name, length(missing),
            if (length(missing) == 1) "" else "s", missing[[1]]),
    "fill or leave out such rows; a window closes over rows that are left out", .call
  )
}

# What the windows' targets are taken from: a vector, factor or matrix with a row a row of the data.
target_rows <- function(series, target, .call = rlang::caller_env()) {
  if (is.null(target)) return(NULL)
  table <- series$table
  if (is.character(target) && !is.factor(target) && length(target) < nrow(table)) {
    for (name in target) {
      check_column(table, name, "target", .call)
      refuse_missing(table[[name]], name, .call)
    }
    if (length(target) == 1) return(table[[target]])
    return(number_matrix(table, target, .call))
  }
  if (NROW(target) != nrow(table)) {
    stop_data(
      sprintf("`target` has %d values, but the data has %d rows", NROW(target), nrow(table)),
      "give a column's name, or a value a row", .call
    )
  }
  refuse_missing(target, "target", .call)
  target
}

check_times <- function(times, codes, order, .call = rlang::caller_env()) {
  if (length(times) < 2) return(invisible())
  back <- as.numeric(times)[-1] <= as.numeric(times)[-length(times)]
  if (!is.null(codes)) back <- back & codes[-1] == codes[-length(codes)]
  if (anyNA(times) || any(back)) {
    place <- if (anyNA(times)) which(is.na(times))[[1]] else which(back)[[1]] + 1
    stop_data(
      sprintf("the time in row %d is %s", order[[place]], if (anyNA(times)) "missing" else "not after the one before it"),
      "sort the rows by time, and name the columns that tell series apart: group = \"symbol\"", .call
    )
  }
}

# Codes of the different rows of a data frame, in order of appearance.
match_rows <- function(table) {
  keys <- do.call(paste, c(unname(lapply(table, as.character)), sep = "\r"))
  match(keys, unique(keys))
}

stop_data <- function(message, help, call) {
  stop_zoo(message, help = help, class = c("speczoo_data_error", "speczoo_argument_error"), call = call)
}
