"""R has what Python and the shell have, under the names of the table; and the other way round."""

from __future__ import annotations

import re

import pytest

import zoo
from r_bridge import counterparts, install
from r_bridge.counterparts import No
from zoo.cli.main import COMMANDS
from zoo.train.trained import Trained

NAMESPACE = (install.SOURCES / "NAMESPACE").read_text(encoding="utf-8")
EXPORTED = set(re.findall(r"^export\((zoo_\w+)\)", NAMESPACE, re.M))
METHODS = {
    f"{generic.rpartition('::')[2]}.{kind}"
    for generic, kind in re.findall(r"^S3method\(([\w:.]+),(\w+)\)", NAMESPACE, re.M)
}
TABLES = (counterparts.FACADE, counterparts.TRAINED, counterparts.COMMANDS)


def listed(value):
    return () if isinstance(value, No) else (value,) if isinstance(value, str) else value


NAMED = {name for table in TABLES for value in table.values() for name in listed(value)}


def test_the_table_holds_the_whole_facade():
    found = {*zoo.__all__, *(f"data.{name}" for name in zoo.data.__all__)}
    assert set(counterparts.FACADE) == found


def test_the_table_holds_all_that_a_trained_model_can_do():
    assert set(counterparts.TRAINED) == {name for name in dir(Trained) if not name.startswith("_")}


def test_the_table_holds_every_command():
    assert set(counterparts.COMMANDS) == {command.name for command in COMMANDS}


@pytest.mark.parametrize("name", sorted({*NAMED, *counterparts.R_ONLY}))
def test_r_has_it(name):
    assert name[:-2] in EXPORTED if name.endswith("()") else name in METHODS


def test_r_has_nothing_that_the_table_does_not_know():
    assert {f"{name}()" for name in EXPORTED} == {
        *(name for name in NAMED if name.endswith("()")),
        *counterparts.R_ONLY,
    }


def test_every_function_has_a_help_page():
    pages = "".join(page.read_text(encoding="utf-8") for page in (install.SOURCES / "man").glob("*.Rd"))
    assert [name for name in sorted(EXPORTED) if f"\\alias{{{name}}}" not in pages] == []


def test_a_reason_is_a_reason():
    reasons = [value.why for table in TABLES for value in table.values() if isinstance(value, No)]
    assert all(reasons) and all(counterparts.R_ONLY.values())
