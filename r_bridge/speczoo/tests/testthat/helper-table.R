# The texts of errors are part of the package: they are compared wherever the tests run.
Sys.setenv(NOT_CRAN = "true")

# A table of R functions in place of Python's, until the test ends. It records what it was asked.
local_table <- function(..., .env = parent.frame()) {
  # Models keep their bytes after each change, whatever the test is about.
  functions <- utils::modifyList(list(pack = function(model) value(as.raw(1:3))), list(...))
  session <- speczoo:::session
  asked <- new.env()
  asked$calls <- list()
  previous <- session$table
  session$table <- list(call = function(name, arguments, dropped, error_call) {
    asked$calls[[length(asked$calls) + 1]] <- list(name = name, arguments = arguments, dropped = dropped)
    do.call(functions[[name]], arguments)
  })
  withr::defer(session$table <- previous, envir = .env)
  asked
}

value <- function(x) list(tag = "value", value = x, warnings = character())

failure <- function(message = "it failed", class = "speczoo_data_error", ...) {
  fields <- list(
    tag = "error", class = class, message = message, help = "", code = "", data = list(), traceback = "Traceback: here"
  )
  utils::modifyList(fields, list(...))
}

number <- function(n = 1L, kind = "model") {
  structure(list(number = n, process = "fake", kind = kind), class = "speczoo_number")
}

card <- function(...) {
  fields <- list(
    handle = number(), name = "toy", about = "A toy model.", inputs = list(x = "3"), outputs = list(y = "2"),
    num_parameters = 8L, num_trainable = 8L, num_epochs = 0L, data_kind = "", metrics = list(), about_data = "", seed = 1L, history = list()
  )
  utils::modifyList(fields, list(...))
}

toy_model <- function(...) speczoo:::new_model(speczoo:::take_handles(card(...)))

skip_without_python <- function() {
  if (!zoo_available()) skip("no Python with speczoo was found")
}
