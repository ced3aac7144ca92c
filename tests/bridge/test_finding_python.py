"""Which Python R starts, in real processes: nothing at first, then the right one, or the command to run."""

from __future__ import annotations

import subprocess
import sys

import pytest


def test_attaching_loads_little_and_brings_no_python_into_the_process(rscript):
    # how long that takes is in benchmarks/
    done = rscript("""
library(speczoo)
heavy <- intersect(loadedNamespaces(), c("reticulate", "ggplot2", "tibble", "knitr", "testthat"))
maps <- if (file.exists("/proc/self/maps")) readLines("/proc/self/maps") else character()
zoo_sitrep(start = FALSE) |> capture.output() |> invisible()
maps <- c(maps, if (file.exists("/proc/self/maps")) readLines("/proc/self/maps"))
cat(length(heavy), any(grepl("python", maps)), getOption("speczoo.dispatch"))
""")
    assert done.stdout == "0 FALSE", done.stderr


def test_the_first_call_waits_for_no_keras():
    code = "import sys, r_bridge.exports; print('keras' in sys.modules, 'tensorflow' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False False\n"


@pytest.fixture
def bare(tmp_path):
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "bare")], check=True)
    return tmp_path / "bare" / "bin" / "python"


def test_sitrep_names_a_python_without_speczoo_and_the_command(rscript, bare, monkeypatch):
    monkeypatch.setenv("RETICULATE_PYTHON", str(bare))
    done = rscript("""
Sys.setenv(PYTHONPATH = ""); setwd(tempdir()); library(speczoo)
for (start in c(FALSE, TRUE)) {
  found <- zoo_sitrep(start = start)
  stopifnot(found$python == Sys.getenv("RETICULATE_PYTHON"), !found$order$holds, !found$started)
  cat(found$problems$problem, sep = "\\n")
  stopifnot(grepl("-m pip install 'speczoo[r]'", found$problems$mend, fixed = TRUE))
}
""")
    assert done.stdout == f"{bare} has no package speczoo\n" * 2, done.stderr


def test_the_version_of_the_python_side_is_checked_at_the_first_call(rscript, hosted):
    differs = """
library(speczoo)
if (is.null(getOption("speczoo.dispatch"))) speczoo:::start_python()
options(speczoo.version = "0.99.0")
error <- tryCatch(zoo_list(), speczoo_version_error = identity)
cat(grepl("r-install", conditionMessage(error)), error$in_python, "")
options(speczoo.version = sub("[0-9]+$", "99", error$in_r))
warned <- 0
count <- function(w) { warned <<- warned + 1; invokeRestart("muffleWarning") }
models <- withCallingHandlers({ zoo_list(); zoo_list() }, speczoo_version_warning = count)
cat(warned, nrow(models) > 50)
"""
    for run in (rscript, hosted):
        done = run(differs)
        assert done.stdout == "TRUE 0.99.0 1 TRUE", done.stderr


def test_sitrep_in_a_python_hosted_r_names_that_python(hosted):
    done = hosted(
        "library(speczoo)\nfound <- zoo_sitrep()\n"
        "cat(found$python, found$started, nrow(found$problems), found$order$place)"
    )
    assert done.stdout == f"{sys.executable} TRUE 0 the Python that runs this R", done.stderr
