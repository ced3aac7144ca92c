"""The console of a Python-hosted R on a real terminal: keys are typed, and Ctrl-C is a key."""

from __future__ import annotations

import fcntl
import os
import re
import select
import subprocess
import sys
import termios
import time

import pytest

from r_bridge import install

CTRL_C, CTRL_D, UP = "\x03", "\x04", "\x1b[A"


class Terminal:
    """A console on the other end of a pseudo-terminal."""

    def __init__(self, environment):
        self._keys, end = os.openpty()
        self._shown = ""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "r_bridge"],
            stdin=end,
            stdout=end,
            stderr=end,
            env=environment,
            cwd=install.SOURCES.parents[1],
            start_new_session=True,
            # Ctrl-C reaches those whose terminal this is.
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(end)
        self.wait_for("> ")

    def type(self, keys):
        os.write(self._keys, keys.encode())

    def interrupt(self):
        """Ctrl-C at the speed of a hand: readline shows a key a moment before it listens to signals."""
        time.sleep(0.5)
        self.type(CTRL_C)

    def wait_for(self, text, seconds=120):
        """What is shown before ``text`` comes, without escape sequences; what follows is kept for later."""
        until = time.monotonic() + seconds
        while text not in self._shown:
            ready, _, _ = select.select([self._keys], [], [], max(0.0, until - time.monotonic()))
            assert ready, f"no {text!r} came; shown was {self._shown!r}"
            shown = self._shown + os.read(self._keys, 4096).decode()
            self._shown = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown).replace("\r", "")
        before, self._shown = self._shown.split(text, 1)
        return before

    def line(self, text, prompt="> "):
        """Type a line; what is shown until the next prompt, without the line itself."""
        self.type(text + "\n")
        self.wait_for("\n")
        return self.wait_for(prompt)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._keys)


@pytest.fixture
def terminal(library, monkeypatch):
    opened = Terminal({**os.environ, "R_LIBS": str(library), "TERM": "dumb"})
    yield opened
    opened.close()


def test_empty_lines_incomplete_ones_mistakes_and_warnings_leave_the_console_alive(terminal):
    assert terminal.line("") == "" and terminal.line("   ") == ""
    assert terminal.line("x <- 40; x + 2") == "[1] 42\n"
    assert terminal.line("f <- function(n) {", "+ ") == ""
    assert terminal.line("", "+ ") == "" and terminal.line("warning('inside'); n + 1", "+ ") == ""
    assert terminal.line("}") == ""
    assert terminal.line("f(1)") == "Warning in f(1) : inside\n[1] 2\n"
    assert terminal.line("warning('look')") == "Warning: look\n"
    assert terminal.line("stop('oh')") == "Error: oh\n"
    assert terminal.line("1 + )").startswith("Error:")
    assert terminal.line("options(warn = 2)") == ""
    assert "converted from warning" in terminal.line("f(1)")


def test_ctrl_c_leaves_a_line_a_loop_and_a_sleep(terminal):
    terminal.type("stop('never')")
    terminal.wait_for("never')")
    terminal.interrupt()
    terminal.wait_for("\n> ")
    assert terminal.line("f <- function() {", "+ ") == ""
    terminal.interrupt()
    terminal.wait_for("\n> ")
    for waits in ("repeat i <- 1", "Sys.sleep(60)"):
        terminal.type(f"cat('go\\n'); {waits}\n")
        terminal.wait_for("\n")
        terminal.wait_for("go\n")
        terminal.interrupt()
        terminal.wait_for("> ", seconds=20)
    assert terminal.line("1 + 1") == "[1] 2\n"


def test_a_line_comes_back_by_its_key_readline_asks_and_ctrl_d_ends_with_status_0(terminal):
    assert terminal.line("21 * 2") == "[1] 42\n"
    terminal.type(UP + "\n")
    assert "21 * 2" in terminal.wait_for("[1] 42\n")
    terminal.wait_for("> ")
    terminal.type("readline('name? ')\n")
    terminal.wait_for("\n")
    terminal.wait_for("name? ")
    assert terminal.line("Ada") == '[1] "Ada"\n'
    terminal.type(CTRL_D)
    assert terminal.process.wait(timeout=60) == 0


def test_q_ends_with_the_status_it_is_given(terminal):
    terminal.type("q(status = 4)\n")
    assert terminal.process.wait(timeout=60) == 4
