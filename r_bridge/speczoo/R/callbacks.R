# Functions of R that Keras calls during a training. Python calls `call(event, at, logs, params)` of a listener, in R's
# own frames, so that handlers set up around the whole call see what the functions say.

callback_events <- c(
  "on_train_begin", "on_train_end", "on_epoch_begin", "on_epoch_end", "on_train_batch_begin", "on_train_batch_end"
)

listener <- function(events, call, pace = 0) list(events = events, call = guarded(call), pace = pace)

# Makes a function that never leaves by an error, an interrupt or a jump: beneath it are Python's frames, which a
# jump would destroy. It returns what happened instead, and Python ends what it was at.
guarded <- function(f, told = function(value) list(stop = identical(value, "stop"))) {
  force(f)
  force(told)
  function(...) {
    # An exiting handler of the caller jumps away from here; returning once more is what stops it.
    on.exit(return(list(tag = "jump")))
    reply <- withCallingHandlers(
      tryCatch(
        c(list(tag = "value"), told(f(...))),
        error = function(error) {
          session$callback_error <- error
          list(tag = "error")
        },
        interrupt = function(interrupt) list(tag = "interrupt")
      ),
      condition = function(condition) session$last_condition <- condition
    )
    on.exit()
    reply
  }
}

# The condition whose handler wanted to leave a callback: Python's frames are gone now, so it may.
signal_again <- function(call) {
  condition <- session$last_condition
  session$last_condition <- NULL
  if (!is.null(condition)) rlang::cnd_signal(condition)
  stop_zoo(
    "a callback was left before its end", help = "callbacks must return; invokeRestart() out of one ends the training",
    class = "speczoo_callback_error", call = call
  )
}

user_listener <- function(callbacks) {
  if (length(callbacks) == 0) return(NULL)
  # Called by their names, so that an error of theirs says which it is.
  functions <- list2env(callbacks, parent = emptyenv())
  listener(names(callbacks), function(event, at, logs, params) {
    given <- if (is.null(at)) list(logs) else list(at, logs)
    do.call(event, given[seq_len(min(length(given), num_arguments(callbacks[[event]])))], envir = functions)
  })
}

num_arguments <- function(f) {
  names <- names(formals(args(f)))
  if ("..." %in% names) Inf else length(names)
}

check_callbacks <- function(callbacks, call = rlang::caller_env()) {
  if (is.null(callbacks)) return(invisible())
  refuse <- function(message, help) {
    stop_zoo(message, help = help, class = "speczoo_argument_error", call = call)
  }
  example <- "callbacks = list(on_epoch_end = function(epoch, logs) print(logs$loss))"
  if (!is.list(callbacks) || (length(callbacks) > 0 && !rlang::is_named(callbacks))) {
    refuse(sprintf("`callbacks` must be a named list of functions, not %s", friendly_type(callbacks)), paste("for example", example))
  }
  for (name in names(callbacks)) {
    near <- nearest(name, callback_events)
    if (!name %in% callback_events) {
      known <- paste(callback_events, collapse = ", ")
      refuse(
        sprintf("`callbacks` has an element named `%s`", name),
        if (is.na(near)) sprintf("the events are %s", known) else sprintf("did you mean `%s`?", near)
      )
    }
    if (!is.function(callbacks[[name]])) {
      refuse(sprintf("`callbacks$%s` must be a function, not %s", name, friendly_type(callbacks[[name]])), paste("for example", example))
    }
  }
}

check_function <- function(value, argument, .call = rlang::caller_env()) {
  if (is.function(value)) return(invisible())
  stop_zoo(
    sprintf("`%s` must be a function, not %s", argument, friendly_type(value)), class = "speczoo_argument_error", call = .call
  )
}
