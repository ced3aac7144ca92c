# Models outlive their Python: they carry the bytes of their bundle, and open them where their handle is of another
# session. saveRDS() and save() ask nobody, so the bytes are taken after every change, not when they are needed.

# A handle that was saved and read again is another environment, or of another session: it stands for nothing.
is_alive <- function(handle) {
  is.environment(handle) && identical(handle$session, session_id()) && identical(handle$address, rlang::obj_address(handle))
}

session_id <- function() basename(tempdir())

# The handle of a model or spec; one that was read from a file is opened again first.
live <- function(x, .call = rlang::caller_env()) {
  if (is_alive(x$handle)) return(x$handle)
  if (inherits(x, "speczoo_spec")) return(live_spec(x, .call))
  if (is.null(x$bytes)) {
    stop_zoo(
      "this model belongs to an R session that has ended, and does not carry its weights",
      help = "it was saved in the middle of a change, or with options(speczoo.keep = FALSE); use zoo_save() and zoo_open()",
      class = c("speczoo_handle_stale", "speczoo_value_error"), call = .call
    )
  }
  set_fields(x, ask_python("unpack", blob = x$bytes, .call = .call))
  x$handle
}

# A spec is a value and cannot be changed in place; its handle can.
live_spec <- function(x, .call) {
  if (!is_alive(x$handle$revived)) {
    assign("revived", ask_python("spec", text = x$yaml, .call = .call)$handle, envir = x$handle)
  }
  x$handle$revived
}

# Takes a model's bytes, which saveRDS() writes with it.
keep <- function(model, .call = rlang::caller_env()) {
  model$bytes <- if (isTRUE(getOption("speczoo.keep", TRUE))) ask_python("pack", model = model$handle, .call = .call)
  model
}

# Before a change: bytes of an earlier state are worse than none.
forget <- function(model) model$bytes <- NULL
