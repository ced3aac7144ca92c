# What a training shows: a cli bar where someone watches a terminal that can redraw a line, else a line an epoch.

# The listeners of a training: R's progress, then the user's callbacks.
listeners <- function(verbose, callbacks) {
  shown <- if (is_verbose(verbose)) {
    if (draws_bar() && !identical(as.integer(verbose), 2L)) bar_listener() else line_listener()
  }
  made <- Filter(Negate(is.null), list(shown, user_listener(callbacks)))
  if (length(made) > 0) made
}

# Silent in scripts, documents and tests; option or argument say otherwise.
is_verbose <- function(verbose) {
  if (!is.null(verbose)) return(isTRUE(as.logical(verbose)))
  quiet <- isTRUE(getOption("knitr.in.progress")) || identical(Sys.getenv("TESTTHAT"), "true")
  isTRUE(getOption("speczoo.verbose", rlang::is_interactive() && !quiet))
}

# A training that ends early leaves its bar on the screen.
end_progress <- function(listeners) for (one in listeners) if (!is.null(one$close)) one$close()

draws_bar <- function() rlang::is_interactive() && cli::is_dynamic_tty()

line_listener <- function() {
  listener("on_epoch_end", function(event, at, logs, params) {
    cat(epoch_line(at, logs, params), "\n", sep = "")
    flush(stdout())
  })
}

epoch_line <- function(at, logs, params) {
  sprintf("epoch %d/%d  %s", at, params$epochs, values_text(logs))
}

values_text <- function(logs) paste(names(logs), sprintf("%.4g", unlist(logs)), collapse = "  ")

bar_listener <- function() {
  bar <- NULL
  frame <- new.env()
  close <- function() {
    if (!is.null(bar)) cli::cli_progress_done(id = bar, .envir = frame)
    bar <<- NULL
  }
  steps <- list(
    on_epoch_begin = function(at, logs, params) {
      close()
      bar <<- cli::cli_progress_bar(
        format = sprintf("epoch %d/%d {cli::pb_bar} {cli::pb_current}/{cli::pb_total}  {cli::pb_status}", at, params$epochs),
        total = params$steps %||% NA, clear = TRUE, auto_terminate = FALSE, .auto_close = FALSE, .envir = frame
      )
    },
    on_train_batch_end = function(at, logs, params) {
      cli::cli_progress_update(set = at, status = values_text(logs), id = bar, .envir = frame)
    },
    on_epoch_end = function(at, logs, params) {
      close()
      cat(epoch_line(at, logs, params), "\n", sep = "")
      flush(stdout())
    },
    on_train_end = function(at, logs, params) close()
  )
  # cli redraws at most every 0.2 seconds; a call for each step would only cost.
  made <- listener(names(steps), function(event, at, logs, params) steps[[event]](at, logs, params), pace = 0.1)
  made$close <- close
  made
}
