"""``cite`` entries as BibTeX that every style and engine reads: plain ASCII, capitals of titles kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

_ACCENTS = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0308": '"', "\u0304": "=", "\u0307": ".",
    "\u0306": "u", "\u030c": "v", "\u030b": "H", "\u0327": "c", "\u0328": "k", "\u030a": "r", "\u0323": "d",
}  # fmt: skip
_LETTERS = {
    "ß": r"{\ss}", "æ": r"{\ae}", "Æ": r"{\AE}", "œ": r"{\oe}", "Œ": r"{\OE}", "ø": r"{\o}", "Ø": r"{\O}",
    "ł": r"{\l}", "Ł": r"{\L}", "ı": r"{\i}", "đ": r"{\dj}", "–": "--", "—": "---", "‘": "`", "’": "'",
    "“": "``", "”": "''", "…": r"{\ldots}", "\u00a0": "~",
}  # fmt: skip
_VERBATIM = ("url", "doi", "eprint", "file")  # styles print these as they are
_SPECIAL = re.compile(r"(?<!\\)([&%$#_])")


def entries(cited: Iterable[Mapping[str, Any]]) -> str:
    """Every entry, an empty line between them."""
    return "\n".join(entry(item) for item in cited)


def entry(cited: Mapping[str, Any]) -> str:
    """One entry: `type`, `key` and the fields in their order."""
    fields = {name: value for name, value in cited.items() if name not in ("type", "key")}
    wide = max((len(name) for name in fields), default=0)
    lines = [f"  {name.ljust(wide)} = {{{_field(name, value)}}}," for name, value in fields.items()]
    return "\n".join([f"@{cited.get('type', 'misc')}{{{cited.get('key', '')},", *lines, "}"]) + "\n"


def _field(name: str, value: Any) -> str:
    text = " and ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
    text = " ".join(text.split())
    if name in _VERBATIM:
        return text
    text = escaped(text)
    if name == "pages":
        return re.sub(r"(?<=\d)-(?=\d)", "--", text)
    # styles set titles in small letters: a second pair of braces keeps LOB from becoming lob
    return f"{{{text}}}" if name == "title" else text


def escaped(text: str) -> str:
    """Text that TeX sets as it reads here. Braces that match and commands that stand there stay."""
    text = _SPECIAL.sub(r"\\\1", text)
    text = re.sub(r"\\(?![A-Za-z&%$#_{}\"'`^~=.])", r"\\textbackslash{}", text)
    text = re.sub(r"(?<!\\)([~^])", lambda found: rf"\{found[1]}{{}}", text)
    if not _matched(text):
        text = re.sub(r"(?<!\\)([{}])", r"\\\1", text)
    return "".join(_ascii(char) for char in unicodedata.normalize("NFC", text))


def _matched(text: str) -> bool:
    depth = 0
    for char in re.sub(r"\\.", "", text):
        depth += (char == "{") - (char == "}")
        if depth < 0:
            return False
    return depth == 0


def _ascii(char: str) -> str:
    if char.isascii():
        return char
    if char in _LETTERS:
        return _LETTERS[char]
    letter, *marks = list(unicodedata.normalize("NFD", char))
    if not letter.isascii() or len(marks) != 1 or marks[0] not in _ACCENTS:
        return char
    accent = _ACCENTS[marks[0]]
    inner = rf"\{letter}" if letter in "ij" and accent not in "ck" else letter
    return f"{{\\{accent}{{{inner}}}}}"
