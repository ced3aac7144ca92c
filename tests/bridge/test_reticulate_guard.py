"""R's collector may drop reticulate's objects in the middle of a call from Python into R."""

from __future__ import annotations

from collections.abc import Callable
from subprocess import CompletedProcess

from r_bridge import reticulate_guard

COLLECT_INSIDE_A_CALL = """
library(speczoo)
invisible(zoo_list())
make <- function(i) reticulate::py_run_string("a = [{'b': object()}]", local = TRUE, convert = FALSE)
dead <- lapply(1:500, make)
reticulate::py_run_string("import rpy2.rinterface; rpy2.rinterface.evalr('rm(dead); invisible(gc()); 1')")
cat("alive", nrow(zoo_list()) > 0, "\\n")
"""


def test_collecting_inside_a_call_does_not_abort_r(rscript: Callable[..., CompletedProcess[str]]):
    ran = rscript(COLLECT_INSIDE_A_CALL)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.endswith("alive TRUE \n")


def test_a_library_without_the_variable_is_left_alone():
    assert not reticulate_guard.guard("no-such-library.so")
