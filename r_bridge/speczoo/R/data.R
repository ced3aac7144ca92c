# What a recipe is given as `data`: samples and targets where they are given apart; else a path, a frame, or a draw of a toy or
# of a book, and no targets.
given_data <- function(data, .call = rlang::caller_env()) {
  drawn <- is.list(data) && any(c("toy", "simulate") %in% names(data))
  if (is.list(data) && !is.data.frame(data) && !drawn) return(pair(data, "data", .call))
  list(if (rlang::is_string(data)) path.expand(data) else data, NULL)
}

#' Order books: recorded and simulated
#'
#' @param path A file, a folder, a pattern such as `"stream_part*.gz"`, or several of these in order of time. CSV (also
#'   gzip) or Parquet with a row a snapshot and the columns `ask_price_1`, `ask_size_1`, `bid_price_1`, `bid_size_1`,
#'   `ask_price_2`, ... (level 1 is the best), and, if there, `time_ns`, `session` and `symbol`; a LOBSTER pair; FI-2010
#'   text; a depth stream of an exchange. What it is is told from its content.
#' @param levels How many price levels; all of the file when `NULL`.
#' @param clean `"error"` names every row that cannot be true, `"drop"` leaves such rows out; or a list with `rows` (either
#'   word), `duplicates` (`"keep"` or `"last"` of several rows of one time), `opening` and `closing` (minutes left out at
#'   the edges of each session).
#' @param symbol Keep the rows of this symbol only.
#' @param snapshots Rows.
#' @param seed Whole number; the same book everywhere.
#' @param sessions Independent trading days, each with a new book.
#' @returns A tibble with a row a snapshot, which [zoo_train()] and [predict()][predict.speczoo_model] take as `data`. The
#'   attribute `counts` of a recorded book tells how many rows were read and how many were dropped for which reason. A
#'   simulated book never existed; call what comes of it simulated.
#' @name zoo_data_orderbook
#' @examplesIf speczoo::zoo_available()
#' book <- zoo_data_simulate(500, levels = 3, seed = 1)
#' book[1:4]
#' file <- tempfile(fileext = ".csv")
#' write.csv(book, file, row.names = FALSE)
#' zoo_data_orderbook(file, levels = 2)
NULL

#' @rdname zoo_data_orderbook
#' @export
zoo_data_orderbook <- function(path, levels = NULL, clean = "error", symbol = NULL) {
  check_given(path, "path", "for example zoo_data_orderbook(\"book.csv\")")
  if (!is.character(path) || length(path) < 2) path <- check_text(path, "path")
  check_whole(levels, "levels", least = 1)
  if (!is.list(clean)) clean <- check_choice(clean, c("error", "drop"), "clean")
  if (!is.null(symbol)) symbol <- check_text(symbol, "symbol")
  found <- ask_python("read_orderbook", path = path.expand(path), levels = levels, clean = clean, symbol = symbol)
  book <- tibble::as_tibble(found$book)
  attr(book, "counts") <- unlist(found$counts)
  book
}

#' @rdname zoo_data_orderbook
#' @export
zoo_data_simulate <- function(snapshots = 20000, levels = 10, seed = 7, sessions = 1) {
  for (name in c("snapshots", "levels", "sessions")) check_whole(get(name), name, least = 1)
  check_whole(seed, "seed")
  tibble::as_tibble(ask_python(
    "simulate_orderbook", snapshots = snapshots, levels = levels, seed = seed, sessions = sessions
  ))
}
