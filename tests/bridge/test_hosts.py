"""Both ways in, each in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from r_bridge import install

TOY = """m <- zoo_model(text = "
spec: 1
name: toy
inputs: {a: {shape: [2]}}
graph: {y: [a, Dense: 1]}
outputs: {y: {loss: mse}}
")"""

BOTH = pytest.mark.parametrize("host", ["rscript", "hosted"])


@pytest.fixture
def run(request, host):
    return request.getfixturevalue(host)


def test_attaching_the_package_starts_nothing(rscript):
    done = rscript(
        'library(speczoo); cat("reticulate" %in% loadedNamespaces(), is.null(getOption("speczoo.dispatch")))'
    )
    assert done.stdout == "FALSE TRUE", done.stderr


@BOTH
def test_the_first_call_reaches_python_and_nothing_is_said_on_the_side(run):
    done = run('library(speczoo)\nmodels <- zoo_list()\ncat("hrnn_lob" %in% models$name, class(models)[[1]])')
    assert (done.stdout, done.stderr, done.returncode) == ("TRUE tbl_df", "", 0)


@BOTH
@pytest.mark.parametrize(
    "first",
    [
        f"{TOY}\nx <- predict(m, matrix(1:4, 2))",
        'x <- zoo_train("lstm_stateless", DAX ~ DAX + SMI, data = EuStockMarkets[1:60, ], epochs = 0)',
    ],
    ids=["model", "formula"],
)
def test_tensorflow_begins_in_silence(run, first, monkeypatch):
    monkeypatch.delenv("TF_CPP_MIN_LOG_LEVEL", raising=False)
    done = run(f"library(speczoo)\n{first}\ncat(class(x)[[1]])")
    assert done.stderr == "" and done.stdout


@BOTH
def test_an_error_is_a_condition_with_class_and_data(run):
    done = run(
        "library(speczoo)\n"
        'error <- tryCatch(zoo_spec("no_such_model"), speczoo_error = identity)\n'
        'cat(inherits(error, "rlang_error"), is.character(error$help))\n'
        'cat("", grepl("no_such_model", conditionMessage(error)))'
    )
    assert done.stdout == "TRUE TRUE TRUE", done.stderr


@BOTH
def test_an_uncaught_error_ends_the_script_with_status_1_and_no_traceback(run):
    done = run('library(speczoo)\ncat("before\\n")\nzoo_open("missing.zoo")\ncat("after\\n")')
    assert done.returncode == 1 and done.stdout == "before\n"
    assert "there is no file `missing.zoo`" in done.stderr and "Traceback" not in done.stderr


@BOTH
def test_arguments_values_warnings_and_status_are_those_of_rscript(run):
    done = run(
        'commandArgs(TRUE)\ninvisible(1)\nmessage("hello")\nwarning("look")\ncat("done\\n")\nq(status = 3)',
        "a b",
        "-c",
    )
    assert done.stdout == '[1] "a b" "-c" \ndone\n' and done.returncode == 3
    assert "hello\n" in done.stderr and "look" in done.stderr and "rpy2" not in done.stderr


@BOTH
def test_what_python_shows_is_seen_by_capture_output(run):
    done = run(
        "library(speczoo)\n"
        f"{TOY}\n"
        "lines <- capture.output(fit(m, matrix(1:8, 4), 1:4, epochs = 2, verbose = TRUE))\n"
        'cat(grepl("^epoch [12]/2  loss ", lines))'
    )
    assert done.stdout == "TRUE TRUE", done.stderr


def test_a_python_without_speczoo_is_named_with_the_command_to_run(rscript, tmp_path, monkeypatch):
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "bare")], check=True)
    monkeypatch.setenv("RETICULATE_PYTHON", str(tmp_path / "bare" / "bin" / "python"))
    monkeypatch.delenv("PYTHONPATH", raising=False)
    done = rscript('Sys.setenv(PYTHONPATH = ""); setwd(tempdir()); library(speczoo)\ntry(zoo_list())')
    assert "has no package speczoo" in done.stderr and "-m pip install 'speczoo[r]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_console_survives_empty_lines_and_mistakes(library):
    typed = '1 + 1\n\nf <- function(x) {\n\n  x + 1\n}\nf(2)\nstop("oh")\nreadline("name? ")\nAda\n'
    environment = {**os.environ, "R_LIBS": str(library)}
    done = subprocess.run(
        [sys.executable, "-m", "r_bridge"],
        input=typed,
        capture_output=True,
        text=True,
        env=environment,
        timeout=120,
        cwd=Path(install.__file__).parents[1],
    )
    assert done.returncode == 0
    assert "[1] 2\n" in done.stdout and "[1] 3\n" in done.stdout and '[1] "Ada"' in done.stdout
    assert done.stderr == "Error: oh\n"


def test_a_script_that_is_missing_is_status_1(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "r_bridge", "missing.R"],
        capture_output=True,
        text=True,
        cwd=Path(install.__file__).parents[1],
    )
    assert done.returncode == 1 and "there is no R script `missing.R`" in done.stderr


def test_python_started_by_a_python_that_hosts_r_is_undisturbed(rinterface):
    assert "/R/lib" not in os.environ.get("LD_LIBRARY_PATH", "")


def test_python_code_gets_an_r_session(library):
    code = (
        "import numpy as np, r_bridge\n"
        "r = r_bridge.session()\n"
        "r['x'] = np.arange(6.0).reshape(2, 3)\n"
        "print(r.run('x[2, 3]'), r['x'].shape, r.run('class(zoo_list())')[0])\n"
        "try:\n    r.run('zoo_spec(\"nothing_like_it\")')\n"
        "except r_bridge.errors.RError as error:\n    print('speczoo_error' in error.classes)\n"
    )
    environment = {**os.environ, "R_LIBS": str(library)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=environment,
        timeout=120,
        cwd=Path(install.__file__).parents[1],
    )
    assert done.stdout == "5 (2, 3) tbl_df\nTrue\n", done.stderr


CURVE = ("lstm_stateless", {"lookback": 4, "units": 3}, {"epochs": 3, "seed": 11})


@BOTH
def test_the_same_seed_gives_the_loss_curve_of_python(run, python_curve):
    done = run(
        """library(speczoo)
        model <- zoo_train("lstm_stateless", lookback = 4, units = 3, epochs = 3, seed = 11)
        cat(sprintf("%.12g", unlist(model$history$metrics)))"""
    )
    found = [float(number) for number in done.stdout.split()]
    assert found == pytest.approx(python_curve, abs=1e-6), done.stderr


@pytest.fixture(scope="module")
def python_curve():
    # In a process of its own: what this one has done before must not matter.
    name, params, settings = CURVE
    said = (
        f"import zoo; run = zoo.train({name!r}, params={params!r}, verbose=0, **{settings!r}); "
        "print(*[value for values in run.history.values() for value in values])"
    )
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    curve = [float(number) for number in done.stdout.split()]
    assert len(curve) == 6 and len(set(curve)) == 6
    return curve


@BOTH
def test_the_examples_of_the_course_run(run):
    done = run((install.SOURCES.parents[1] / "examples" / "course.R").read_text(encoding="utf-8"))
    assert done.stdout.endswith("all as it should be\n") and done.returncode == 0, done.stdout + done.stderr


# How values, errors and callbacks cross is what the host can change; all of it takes ten minutes.
_CROSSING = "arguments|callbacks|conditions|export|keep|markers|model|serving|values|windows"


@pytest.mark.parametrize("files", [_CROSSING, pytest.param(".", marks=pytest.mark.slow)], ids=["some", "all"])
def test_the_r_packages_own_tests_pass_in_a_python_hosted_r(hosted, files):
    folder = install.SOURCES / "tests" / "testthat"
    done = hosted(
        f'testthat::test_dir("{folder}", filter = "{files}", package = "speczoo", '
        'load_package = "installed", reporter = "summary", stop_on_failure = TRUE)'
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
