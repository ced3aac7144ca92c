"""The container: every byte is accounted for, and nothing but a BundleError comes out of a bad one."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zoo.build import archive
from zoo.errors import BundleError

PARTS = {"spec.yaml": b"spec: 1\n", "weights": bytes(range(256)) * 4, "empty": b""}
NAMES = tuple(PARTS)
BLOB = archive.encode(PARTS, {"speczoo": "0.1.0"})


def _reseal(blob: bytes) -> bytes:
    """A bundle written by someone who knows how: hashes right, content not."""
    return blob[:-64] + hashlib.sha256(blob[:-64]).hexdigest().encode()


def _hand_made(
    members: list[tuple[str, bytes]], manifest: Any, compression: int = zipfile.ZIP_STORED
) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as made:
        made.writestr(archive.MANIFEST, manifest if isinstance(manifest, bytes) else json.dumps(manifest))
        for name, part in members:
            made.writestr(name, part)
        made.comment = archive._SEAL + b"0" * 64
    return _reseal(buffer.getvalue())


def _hashes(parts: dict[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(part).hexdigest() for name, part in parts.items()}


def test_round_trip_and_the_same_bytes_each_time() -> None:
    parts, manifest = archive.decode(BLOB, NAMES, "it")
    assert parts == PARTS
    assert manifest["format"] == archive.FORMAT
    assert manifest["speczoo"] == "0.1.0"
    assert archive.encode(PARTS, {"speczoo": "0.1.0"}) == BLOB


def test_any_zip_program_can_read_it() -> None:
    with zipfile.ZipFile(io.BytesIO(BLOB)) as opened:
        assert opened.testzip() is None
        assert opened.namelist() == [archive.MANIFEST, *NAMES]


@settings(max_examples=300, deadline=None)
@given(place=st.integers(0, len(BLOB) - 1), value=st.integers(1, 255))
def test_any_altered_byte_is_found(place: int, value: int) -> None:
    altered = bytearray(BLOB)
    altered[place] ^= value
    with pytest.raises(BundleError):
        archive.decode(bytes(altered), NAMES, "it")


@settings(max_examples=100, deadline=None)
@given(length=st.integers(0, len(BLOB) - 1))
def test_any_shorter_file_is_found(length: int) -> None:
    with pytest.raises(BundleError):
        archive.decode(BLOB[:length], NAMES, "it")


@settings(max_examples=200, deadline=None)
@given(place=st.integers(0, len(BLOB) - 90), junk=st.binary(min_size=1, max_size=8))
def test_a_resealed_bundle_is_read_or_refused_and_never_crashes(place: int, junk: bytes) -> None:
    altered = _reseal(BLOB[:place] + junk + BLOB[place + len(junk) :])
    try:
        parts, _ = archive.decode(altered, NAMES, "it")
    except BundleError:
        return
    assert parts == PARTS


@settings(max_examples=100, deadline=None)
@given(blob=st.binary(max_size=200))
def test_any_bytes_are_refused(blob: bytes) -> None:
    with pytest.raises(BundleError):
        archive.decode(blob, NAMES, "it")


@pytest.mark.parametrize(
    ("blob", "said"),
    [
        (b"", "is empty"),
        (b"%PDF-1.4 something else", "not a bundle"),
        (BLOB[:-200], "cut short"),
        (BLOB[:100], "cut short"),
    ],
)
def test_messages(blob: bytes, said: str) -> None:
    with pytest.raises(BundleError, match=said) as caught:
        archive.decode(blob, NAMES, "`run.zoo`")
    assert str(caught.value).startswith("`run.zoo`")
    assert caught.value.help


def test_a_zip_packed_by_something_else() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        made.writestr("model.keras", b"x" * 500)
    with pytest.raises(BundleError, match="without a bundle's seal"):
        archive.decode(buffer.getvalue(), NAMES, "it")


def test_a_newer_format_says_to_update() -> None:
    blob = _hand_made([("shape.of.things.to.come", b"")], {"format": 2, "speczoo": "9.1", "sha256": {}})
    with pytest.raises(BundleError, match="format 2, and this speczoo reads formats up to 1") as caught:
        archive.decode(blob, NAMES, "it")
    assert caught.value.code == "bundle.newer"
    assert "9.1" in caught.value.help


@pytest.mark.parametrize(
    ("members", "manifest", "said"),
    [
        (list(PARTS.items())[1:], {"format": 1, "sha256": _hashes(PARTS)}, "`spec.yaml` is missing"),
        (
            [*PARTS.items(), ("run.py", b"")],
            {"format": 1, "sha256": _hashes(PARTS)},
            "`run.py`, which is no part",
        ),
        (list(PARTS.items()), {"format": 1, "sha256": {}}, "does not have the SHA-256"),
        (list(PARTS.items()), {"format": 1}, "lists no hashes"),
        (list(PARTS.items()), {"format": "1"}, "states no format"),
        (list(PARTS.items()), b"[1, 2]", "holds no map"),
        (list(PARTS.items()), b"{not json", "is not JSON"),
        (list(PARTS.items()), b"[" * 100_000, "is not JSON"),
    ],
)
def test_bundles_made_by_hand(members: list[tuple[str, bytes]], manifest: Any, said: str) -> None:
    with pytest.raises(BundleError, match=said):
        archive.decode(_hand_made(members, manifest), NAMES, "it")


def test_a_zip_bomb_is_refused_unread() -> None:
    bomb = _hand_made([("weights", b"\0" * 10_000_000)], {"format": 1, "sha256": {}}, zipfile.ZIP_DEFLATED)
    assert len(bomb) < 20_000
    with pytest.raises(BundleError, match="is compressed"):
        archive.decode(bomb, NAMES, "it")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_member_twice_is_refused() -> None:
    blob = _hand_made([*PARTS.items(), ("weights", b"other")], {"format": 1, "sha256": _hashes(PARTS)})
    with pytest.raises(BundleError, match="occurs twice"):
        archive.decode(blob, NAMES, "it")
