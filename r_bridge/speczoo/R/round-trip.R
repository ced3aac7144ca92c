# A value to Python and back; with `dtype`, through an array of that type, as a model's inputs go.
round_trip <- function(value, dtype = NULL) ask_python("round_trip", value = value, dtype = dtype)
