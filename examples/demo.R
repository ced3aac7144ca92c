# The same bundle in R: `Rscript examples/demo.R demo` after `zoo demo --out demo`, or
# `python -m r_bridge examples/demo.R demo`. Stops with an error when R and Python disagree.

library(speczoo)

arguments <- commandArgs(trailingOnly = TRUE)
folder <- if (length(arguments) > 0) arguments[[1]] else "demo"

# The bundle that Python has trained and written.
model <- zoo_open(file.path(folder, "hrnn_lob.zoo"))
print(model)

# The same windows: the test part of the simulated book, as a 4-D array (window, snapshot, feature, 1).
test <- zoo_part(model, "test")
cat("\nwindows:", paste(dim(test$x), collapse = " x "), "\n")
cat("book, window 1, snapshot 2, feature 3:", test$x[1, 2, 3, 1], "\n")

in_r <- predict(model, test$x)
in_python <- as.matrix(read.csv(file.path(folder, "predictions.csv")))
difference <- max(abs(in_r - in_python))
cat("largest difference between R and Python:", format(difference), "\n\n")
stopifnot(identical(dim(in_r), dim(in_python)), difference <= 1e-6)

print(predict(model, test$x[1:5, , , , drop = FALSE], type = "prob"))
print(table(truth = test$y, predicted = predict(model, test$x, type = "class")$.pred_class))

# One more epoch from R arrays: numbers made in R, a factor for the classes. The model changes in place.
some <- seq(1, nrow(test$x), length.out = 256)
window <- array(as.numeric(test$x[some, , , ]), dim = c(256, dim(test$x)[-1]))
before <- evaluate(model, window, test$y[some])
history <- model |> fit(window, test$y[some], epochs = 1, batch_size = 64, seed = 7)
cat("\n")
print(history)
print(rbind(before = before, after = evaluate(model, window, test$y[some])))

# One mistake on purpose: time and feature swapped. R gets a condition, with its class and what to do.
mistake <- tryCatch(
  predict(model, aperm(window, c(1, 3, 2, 4))),
  speczoo_error = function(condition) condition
)
cat("\na mistake on purpose gives a condition of class\n ", paste(class(mistake), collapse = ", "), "\n")
cat("with the message\n", paste0("  ", strsplit(conditionMessage(mistake), "\n")[[1]], "\n"), sep = "")
stopifnot(inherits(mistake, "speczoo_value_error"))
