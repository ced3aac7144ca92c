"""What the README shows is what is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from zoo.cli.main import cli


@pytest.fixture(scope="module")
def readme(root: Path) -> str:
    return (root / "README.md").read_text()


def test_the_model_on_one_screen_is_the_zoos_own(readme: str, root: Path):
    shown = re.search(r"```yaml\n(spec: 1\n.*?)```", readme, re.DOTALL)
    assert shown
    lines = iter((root / "specs" / "orderbook" / "hrnn_lob.yaml").read_text().splitlines())
    # The README leaves the source section out, and nothing else.
    assert [line for line in shown[1].splitlines() if line not in lines] == []


def test_every_command_and_option_shown_exists(readme: str):
    shown = re.findall(r"^(?:\$ )?zoo ([a-z-]+)(.*)$", readme, re.MULTILINE)
    assert len(shown) >= 5
    for name, rest in shown:
        assert name in cli.commands
        options = {text for option in cli.commands[name].params for text in option.opts}
        assert set(re.findall(r"--[a-z-]+", rest)) <= options


def test_every_make_target_shown_exists(readme: str, root: Path):
    targets = set(re.findall(r"^([a-z]+):", (root / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)", readme)) <= targets
