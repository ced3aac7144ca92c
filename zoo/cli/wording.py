"""Messages of the library said in the shell's words: arguments of Python calls become options and files."""

from __future__ import annotations

_PHRASES = (
    (
        "give data=(x, y), or data={'x': ..., 'y': ...}",
        "give --data FILE, or write a `data` section into the spec",
    ),
    ("give data=: a file, a frame, a book, or arrays (x, y)", "give --data FILE"),
    ("give arrays, (x, y), or add a `data` section to the spec", "add a `data` section to the spec"),
    ("give (x, y), a file, a book or a frame", "give --data FILE"),
    (
        "resume=True goes on with it, or returns it when it is finished; give another out=, "
        "or overwrite=True to lose it",
        "--resume goes on with it, or reports on it when it is finished; give another --out, "
        "or --overwrite to lose it",
    ),
    ("or overwrite=True to replace it", "or --overwrite to replace it"),
    ("baseline='zeros'", "--baseline zeros"),
    ("features= ", "--features "),
    ("or read it with clean='drop', which", "or write `clean: drop` under `data`, which"),
    ("choose one with symbol=", "read one of them into a file of its own, with symbol="),
)


def in_shell_words(text: str) -> str:
    """A message with its help as someone at a shell would act on it."""
    for before, after in _PHRASES:
        text = text.replace(before, after)
    return text
