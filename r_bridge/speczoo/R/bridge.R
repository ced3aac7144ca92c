# The one way to Python. The table is an object with one function, so that tests can put a fake in its place.

# Sends a call to Python's dispatcher, and starts Python at the first one. A table has the one function
# `call(name, arguments, dropped, error_call)`, which returns a tagged list; tests put another in `session$table`.
real_table <- function() {
  list(call = function(name, arguments, dropped, error_call) {
    dispatch <- getOption("speczoo.dispatch")
    if (is.null(dispatch)) {
      start_python(error_call)
      dispatch <- getOption("speczoo.dispatch")
    }
    check_process(error_call)
    check_versions(error_call)
    dispatch(name, arguments, dropped)
  })
}

# A forked child shares Python's memory but none of its threads: a call there would wait for ever.
check_process <- function(error_call, process = getOption("speczoo.process")) {
  if (identical(process, Sys.getpid())) return(invisible())
  stop_zoo(
    "a forked R process cannot use the Python of its parent",
    help = paste(
      "use parallel::makePSOCKcluster() or callr instead of mclapply() or makeForkCluster(),",
      "and make or open the model in the worker"
    ),
    class = c("speczoo_fork_error", "speczoo_python_error"), call = error_call
  )
}

# Calls a Python function by its name in the table; `...` are its arguments, by name. The dot keeps R from taking an argument
# `n` for the name.
ask_python <- function(.name, ..., .call = rlang::caller_env()) {
  table <- session$table
  if (is.null(table)) table <- real_table()
  dropped <- session$dropped
  session$dropped <- integer()
  reply <- table$call(.name, list(...), dropped, .call)
  take_reply(reply, .call)
}

take_reply <- function(reply, call) {
  tag <- if (is.list(reply)) reply$tag else NULL
  if (identical(tag, "value")) {
    for (text in reply$warnings) rlang::warn(text, class = "speczoo_warning", call = call)
    return(take_handles(reply$value))
  }
  if (identical(tag, "interrupt")) {
    rlang::interrupt()
  }
  if (identical(tag, "jump")) {
    signal_again(call)
  }
  if (identical(tag, "error")) {
    stop_reply(reply, call)
  }
  stop_zoo(
    sprintf("Python gave no answer R can read (%s)", class(reply)[[1]]),
    help = "this is a mistake in speczoo; please report it", class = "speczoo_internal_error", call = call
  )
}

# Numbers of Python objects become handles: environments, so that R's collector can tell when they are dropped.
take_handles <- function(value) {
  if (inherits(value, "speczoo_number")) return(new_handle(value))
  if (is.list(value) && !is.data.frame(value)) {
    for (i in which(vapply(value, is.list, logical(1)))) value[[i]] <- take_handles(value[[i]])
  }
  value
}

new_handle <- function(fields) {
  handle <- structure(list2env(unclass(fields), parent = emptyenv()), class = "speczoo_handle")
  handle$session <- session_id()
  handle$address <- rlang::obj_address(handle)
  reg.finalizer(handle, drop_handle)
  handle
}

# Runs inside R's garbage collector: it only takes a note, the next call to Python delivers it.
drop_handle <- function(handle) session$dropped <- c(session$dropped, handle$number)
