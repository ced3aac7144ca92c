"""R for Python code and notebooks: values, errors as exceptions, warnings as they happen, plots as PNG."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from r_bridge import install

PREPARE = "import r_bridge\nfrom r_bridge.errors import RError\nr = r_bridge.session()\n"


@pytest.fixture
def session(library, tmp_path):
    def run(code):
        return subprocess.run(
            [sys.executable, "-c", PREPARE + code],
            capture_output=True,
            text=True,
            env={**os.environ, "R_LIBS": str(library), "PYTHONPATH": str(install.SOURCES.parents[1])},
            cwd=tmp_path,
            timeout=120,
        )

    return run


def test_an_error_is_an_exception_with_rs_message_call_and_classes(session):
    done = session("""
def fails(code):
    try:
        r.run(code)
    except RError as error:
        return error.message, error.call, str(error), error.classes[0]
print(fails("f <- function(x) stop('oh ', x); f(3)"))
print(fails("stop('top')"))
print(fails("zoo_rule(5)"))
message, call, *_ = fails("1 +")
print((call, "unexpected end of input" in message))
print(fails("rlang::abort('mine', class = 'special', call = NULL)")[1:])
print(r.run("f <- 1; f + 1"), r.run("f <- mean"))
""")
    assert done.stdout.splitlines() == [
        repr(("oh 3", "f(3)", "oh 3\n  in f(3)", "simpleError")),
        repr(("top", "", "top", "simpleError")),
        repr(
            (
                "`code` must be one text, not 5",
                "zoo_rule(5)",
                "`code` must be one text, not 5\n  in zoo_rule(5)",
                "speczoo_argument_error",
            )
        ),
        "('', True)",
        repr(("", "mine", "special")),
        "2 None",
    ], done.stderr


def test_warnings_are_shown_when_they_happen_and_printing_is_seen(session):
    done = session("""
import sys
r.run("warning('first'); f <- function() warning('second'); f(); print(1:3)")
print("python", file=sys.stderr, flush=True)
r.run("options(warn = 2)")
try:
    r.run("as.integer('a')")
except RError as error:
    print("converted" in error.message)
""")
    assert done.stdout == "[1] 1 2 3\nTrue\n"
    assert done.stderr == "Warning: first\nWarning in f() : second\npython\n"


def test_what_is_drawn_comes_back_as_png_and_leaves_no_file(session, tmp_path):
    done = session("""
import struct
picture = r.plot("plot(1:10); hist(c(1, 2, 2, 3))", width=4, height=3, dpi=100)
print(picture._repr_png_()[1:4], struct.unpack(">II", picture.png[16:24]), len(r.plots))
picture.save("picture.png")
print(open("picture.png", "rb").read() == picture.png == r.plots[-1].png != r.plots[0].png)
print(len(r.plot("library(ggplot2); ggplot(cars, aes(speed, dist)) + geom_point()").png) > 1000)
print(r.run("barplot(1:3); 7"), len(r.plots), r.run("8"), len(r.plots))
try:
    r.run("plot(1:3); stop('late')")
except RError:
    print("late", len(r.plots))
try:
    r.plot("1 + 1")
except r_bridge.errors.BridgeError as error:
    print(error.code, r.plots)
print(r.run("length(dev.list())"))
""")
    assert done.stdout.splitlines() == [
        "b'PNG' (400, 300) 2",
        "True",
        "True",
        "7 1 8 0",
        "late 1",
        "[1] 2",
        "r.plot []",
        "0",
    ], done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["picture.png"]


def test_models_of_the_zoo_are_at_hand(session):
    done = session("""
r.run("m <- zoo_model('hrnn_lob', window = 10, seed = 1)")
print(r.run("m$num_parameters"), r.run("dim(predict(m, array(0, c(2, 10, 20, 1))))"))
print(len(r.plot("plot(m)").png) > 1000)
""")
    assert done.stdout == "12771 [2, 3]\nTrue\n", done.stderr


def test_a_missing_r_package_is_told_with_the_command(tmp_path):
    code = "import r_bridge\ntry:\n    r_bridge.session()\nexcept Exception as error:\n    print(error)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={
            **os.environ,
            "R_LIBS": str(tmp_path),
            "R_LIBS_USER": str(tmp_path),
            "R_LIBS_SITE": str(tmp_path),
            "PYTHONPATH": str(install.SOURCES.parents[1]),
        },
        timeout=120,
    )
    assert "speczoo cannot be attached" in done.stdout and "-m zoo.cli r-install" in done.stdout, done.stderr
