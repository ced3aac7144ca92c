"""Exit statuses, help pages and how errors look, whatever the command."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest

from zoo.cli.main import cli
from zoo.errors import DataError

COMMANDS = sorted(cli.commands)


def test_the_commands_are_those_of_the_design():
    assert COMMANDS == sorted(
        (
            "list show new validate rule fill resolve diff fmt schema plot train audit evaluate predict demo "
            "explain export walk-forward sweep tune r-install import"
        ).split()
    )  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(run, command):
    ran = run(command, "--help")
    assert ran.status == 0
    assert f"Example: zoo {command}" in ran.out
    # click's mark of lines that stay as they are
    assert "\\b" not in ran.out


def test_no_command_at_all_shows_the_help(run):
    ran = run()
    assert ran.status == 2
    assert all(command in ran.out + ran.err for command in COMMANDS)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["vaildate"], "validate"),
        (["list", "--jsn"], "--json"),
        (["train"], "NAME|FILE"),
        (["train", "hrnn_lob", "--epochs", "many"], "many"),
        (["train", "hrnn_lob", "--epochs", "-1"], "-1"),
        (["show", "hrnn_lob", "--set", "row_units"], "PARAM=VALUE"),
    ],
)
def test_a_usage_mistake_is_status_2_and_says_what(run, args, said):
    ran = run(*args)
    assert ran.status == 2
    assert said in ran.err
    assert ran.out == ""


@pytest.fixture
def failing(monkeypatch):
    """Makes ``zoo list`` raise what it is given."""

    def _failing(error: BaseException) -> None:
        def fail(*_args, **_kwargs):
            raise error

        monkeypatch.setattr(cli.commands["list"], "callback", fail)

    return _failing


def test_an_error_of_the_zoo_is_its_message_and_its_help(run, failing):
    failing(DataError("row 7 of book.csv: the ask is below the bid", help="clean='drop' leaves it out"))
    ran = run("list")
    assert (ran.status, ran.out) == (1, "")
    assert (
        ran.err
        == "error: row 7 of book.csv: the ask is below the bid\n  = help: clean='drop' leaves it out\n"
    )


def test_an_error_of_the_system_names_the_file(run, failing):
    failing(PermissionError(13, "Permission denied", "runs/x"))
    ran = run("list")
    assert (ran.status, ran.err) == (1, "error: Permission denied: runs/x\n")


def test_ctrl_c_is_status_130_without_a_traceback(run, failing):
    failing(KeyboardInterrupt())
    ran = run("list")
    assert ran.status == 130
    assert "Traceback" not in ran.err


def test_a_mistake_of_ours_keeps_its_traceback(run, failing):
    failing(ZeroDivisionError("ours"))
    with pytest.raises(ZeroDivisionError):
        run("list")


def test_the_module_is_the_same_command():
    ran = subprocess.run([sys.executable, "-m", "zoo.cli", "--help"], capture_output=True, text=True)
    assert ran.returncode == 0
    assert ran.stdout == click.Context(cli, info_name="zoo", max_content_width=100).get_help() + "\n"


HEAVY = ["tensorflow", "keras", "pandas", "numpy", "sklearn", "matplotlib", "rich", "rpy2"]


@pytest.mark.parametrize(
    "args",
    [
        ["--help"],
        ["list"],
        ["list", "lstm", "--input", "orderbook", "--min-params", "1k", "--sort", "flops", "--json"],
        ["validate", "hrnn_lob"],
        ["show", "hrnn_lob"],
        ["show", "deeplob", "--json"],
    ],
)
def test_commands_that_only_read_text_load_nothing_heavy(args, root: Path):
    code = (
        "import sys; from zoo.cli.main import main; status = main(sys.argv[1:]);"
        f"print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr); sys.exit(status)"
    )
    ran = subprocess.run([sys.executable, "-c", code, *args], capture_output=True, text=True, cwd=root)
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == "[]\n"


@pytest.mark.parametrize("environment", [{"LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii"}, {"COLUMNS": "60"}])
def test_plain_terminals_get_plain_text(environment, root: Path):
    ran = subprocess.run(
        [sys.executable, "-m", "zoo.cli", "list"],
        capture_output=True,
        cwd=root,
        env={"PATH": "", **environment},
    )
    assert ran.returncode == 0, ran.stderr
    assert b"\x1b" not in ran.stdout
    if "COLUMNS" in environment:
        assert max(map(len, ran.stdout.decode().splitlines())) <= 60


def test_rule_shows_an_example_and_what_is_said_of_it(run):
    ran = run("rule", "g201", "--example")
    assert ran.status == 0
    assert "b: [book, encodr]" in ran.out and "error[G201]: no layer" in ran.out
    (found,) = json.loads(run("rule", "G201", "--example", "--format", "json").out)
    assert (found["code"], found["file"]) == ("G201", "G201_misspelt.yaml")
    assert json.loads(run("rule", "G201", "--format", "json").out)["page"].startswith("# G201: ")
