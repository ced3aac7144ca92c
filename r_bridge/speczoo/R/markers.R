# In RStudio, the findings in a spec's file are listed in the Markers pane, where a click opens their line.

mark_source <- function(diagnostics, show = rstudio_markers()) {
  if (is.null(show)) return(invisible())
  placed <- diagnostics[!is.na(diagnostics$line) & file.exists(as.character(diagnostics$file)), ]
  if (nrow(placed) == 0) return(invisible())
  markers <- data.frame(
    type = ifelse(placed$level %in% c("error", "warning"), placed$level, "info"),
    file = normalizePath(placed$file), line = as.integer(placed$line), column = as.integer(placed$column),
    message = paste0(placed$code, ": ", placed$message, ifelse(nzchar(placed$help), paste0(" (", placed$help, ")"), ""))
  )
  show(name = "speczoo", markers = markers, autoSelect = "first")
  invisible()
}

# What shows them, or NULL outside RStudio; tests put a fake into the session.
rstudio_markers <- function() {
  if (!is.null(session$markers)) return(session$markers)
  if (!rlang::is_installed("rstudioapi")) return(NULL)
  api <- asNamespace("rstudioapi")
  if (isTRUE(api$isAvailable()) && isTRUE(api$hasFun("sourceMarkers"))) api$sourceMarkers
}
