library(testthat)
library(speczoo)

test_check("speczoo")
