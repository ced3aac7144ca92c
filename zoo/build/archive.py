"""The container of a bundle: named parts ↔ the bytes of a plain zip, every byte of which is accounted for.

Parts are stored uncompressed with fixed dates, so the same parts give the same bytes. ``manifest.json``
holds the SHA-256 of each part; the zip's comment holds the SHA-256 of everything before it, so an altered
byte is found wherever it is, zip headers included. Reading executes nothing and reserves no more memory than
the file is long.
"""

from __future__ import annotations

import hashlib
import io
import json
import struct
import zipfile
import zlib
from typing import Any

from zoo.errors import BundleError

FORMAT = 1
MANIFEST = "manifest.json"
MEMBERS = ("spec.yaml", "weights.safetensors", "pipeline.json", "history.json", "metrics.json")
LARGEST = 4 * 2**30 - 1
LARGEST_TEXT = 64 * 2**20
_SEAL = b"speczoo bundle sha256="
_EPOCH = (1980, 1, 1, 0, 0, 0)
# 22 bytes: the zip's end record, which the comment follows.
_END = 22
_ALTERED = "copy the file again from where it was made, or train the model again"


def encode(parts: dict[str, bytes], manifest: dict[str, Any]) -> bytes:
    """Parts → the bytes of a bundle; ``manifest`` gains the format and the parts' hashes.

    Raises:
        BundleError: the parts are larger than a bundle may be.
    """
    if sum(map(len, parts.values())) > LARGEST - 2**20:
        raise BundleError(
            "the model is too large for a bundle: its parts hold more than 4 GiB",
            help="keep the weights with `model.save_weights` instead",
            code="bundle.size",
        )
    full = {
        "format": FORMAT,
        **manifest,
        "sha256": {name: hashlib.sha256(part).hexdigest() for name, part in parts.items()},
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED, allowZip64=False) as archive:
        for name, part in {MANIFEST: to_json(full), **parts}.items():
            member = zipfile.ZipInfo(name, _EPOCH)
            # The same bytes on every system: zipfile would write the system it runs on.
            member.create_system = 3
            member.external_attr = 0o100644 << 16
            archive.writestr(member, part)
        archive.comment = _SEAL + b"0" * 64
    blob = buffer.getvalue()[:-64]
    return blob + hashlib.sha256(blob).hexdigest().encode()


def decode(blob: bytes, members: tuple[str, ...], where: str) -> tuple[dict[str, bytes], dict[str, Any]]:
    """The bytes of a bundle → its parts and its manifest, all hashes checked.

    Args:
        blob: the whole file.
        members: names of the parts a bundle of this format has, no more and no less.
        where: what to call the bundle in messages ("`run.zoo`").

    Raises:
        BundleError: not a bundle, cut short, altered, of a newer format, or with parts missing.
    """
    _check_seal(blob, where)
    try:
        with zipfile.ZipFile(io.BytesIO(blob)) as archive:
            infos = archive.infolist()
            _check_members(infos, len(blob), where)
            manifest = _manifest(archive, where)
            _check_list([info.filename for info in infos], members, where)
            parts = {name: archive.read(name) for name in members}
    except BundleError:
        raise
    # zipfile reads attacker-chosen numbers: these are all the ways it says that they make no sense.
    except (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, RuntimeError) as failure:
        raise _altered(where, f"the zip inside cannot be read ({failure})") from None
    except (ValueError, KeyError, IndexError, NotImplementedError, OverflowError) as failure:
        raise _altered(where, f"the zip inside cannot be read ({failure})") from None
    for name, part in parts.items():
        if hashlib.sha256(part).hexdigest() != manifest["sha256"].get(name):
            raise _altered(where, f"`{name}` does not have the SHA-256 that the manifest states")
    return parts, manifest


def to_json(value: Any) -> bytes:
    """JSON text, laid out for people, the same bytes for the same value."""
    return (json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def from_json(part: bytes, name: str, where: str) -> dict[str, Any]:
    """The map in a JSON part.

    Raises:
        BundleError: the part is too long, no JSON, or no map.
    """
    if len(part) > LARGEST_TEXT:
        raise _altered(where, f"`{name}` is longer than 64 MiB")
    try:
        value = json.loads(part.decode())
    except (ValueError, RecursionError) as failure:
        raise _altered(where, f"`{name}` is not JSON ({failure})") from None
    if not isinstance(value, dict):
        raise _altered(where, f"`{name}` holds no map")
    return value


def _check_seal(blob: bytes, where: str) -> None:
    if not blob:
        raise BundleError(f"{where} is empty", help=_ALTERED, code="bundle.empty")
    start = len(blob) - 64 - len(_SEAL)
    sealed = start > _END and blob[start : start + len(_SEAL)] == _SEAL
    if sealed and hashlib.sha256(blob[:-64]).hexdigest().encode() == blob[-64:]:
        return
    if sealed:
        raise _altered(where, "its SHA-256 is not the one it was written with")
    if not blob.startswith(b"PK"):
        raise BundleError(
            f"{where} is not a bundle: a bundle is a zip file, and this begins with {_first(blob)}",
            help="give a .zoo file written by `zoo train` or `Trained.save`",
            code="bundle.kind",
        )
    if _is_whole_zip(blob):
        raise BundleError(
            f"{where} is a zip file without a bundle's seal: another program's, packed again, or altered",
            help="give the .zoo file as `zoo train` or `Trained.save` wrote it",
            code="bundle.kind",
        )
    raise BundleError(f"{where} is cut short: its end is missing", help=_ALTERED, code="bundle.short")


def _first(blob: bytes) -> str:
    return repr(blob[:8].decode("ascii", "backslashreplace"))


def _is_whole_zip(blob: bytes) -> bool:
    # Unlike zipfile, hold a zip whose comment is cut short for cut short.
    end = blob.rfind(b"PK\5\6")
    comment = int.from_bytes(blob[end + 20 : end + _END], "little")
    return end >= 0 and len(blob) == end + _END + comment


def _check_members(infos: list[zipfile.ZipInfo], length: int, where: str) -> None:
    names = [info.filename for info in infos]
    if len(set(names)) != len(names):
        raise _altered(where, "a member occurs twice")
    for info in infos:
        if info.compress_type != zipfile.ZIP_STORED or info.file_size != info.compress_size:
            raise _altered(where, f"`{info.filename[:80]}` is compressed, and a bundle's members never are")
        if info.flag_bits & 0x1:
            raise _altered(where, f"`{info.filename[:80]}` is encrypted")
    if sum(info.file_size for info in infos) > length:
        raise _altered(where, "its members claim to be longer than the file")


def _manifest(archive: zipfile.ZipFile, where: str) -> dict[str, Any]:
    if MANIFEST not in archive.namelist():
        raise _altered(where, f"`{MANIFEST}` is missing")
    if archive.getinfo(MANIFEST).file_size > LARGEST_TEXT:
        raise _altered(where, f"`{MANIFEST}` is longer than 64 MiB")
    manifest = from_json(archive.read(MANIFEST), MANIFEST, where)
    version = manifest.get("format")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise _altered(where, f"`{MANIFEST}` states no format")
    if version > FORMAT:
        writer = manifest.get("speczoo")
        raise BundleError(
            f"{where} is a bundle of format {version}, and this speczoo reads formats up to {FORMAT}",
            help=f"update speczoo (the bundle was written by {str(writer)[:40]})"
            if writer
            else "update speczoo",
            code="bundle.newer",
        )
    if not isinstance(manifest.get("sha256"), dict):
        raise _altered(where, f"`{MANIFEST}` lists no hashes")
    return manifest


def _check_list(names: list[str], members: tuple[str, ...], where: str) -> None:
    missing = [name for name in members if name not in names]
    if missing:
        raise _altered(where, f"`{missing[0]}` is missing")
    foreign = sorted(set(names) - {MANIFEST, *members})
    if foreign:
        raise _altered(where, f"it holds `{foreign[0][:80]}`, which is no part of a bundle")


def _altered(where: str, what: str) -> BundleError:
    return BundleError(f"{where} is damaged or was altered: {what}", help=_ALTERED, code="bundle.altered")
