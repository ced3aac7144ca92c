"""How an export is known again: what speczoo did not write is never replaced."""

from __future__ import annotations

import json
from pathlib import Path

from zoo.serve.tensorflow_onnx import is_ours

# Where TensorFlow leaves room for what is not its own.
MARK_OF_SAVED_MODEL = Path("assets.extra") / "spec.yaml"
_SAVED_MODEL = frozenset({"saved_model.pb", "fingerprint.pb", "variables", "assets", "assets.extra"})
# Python keeps what it compiled of `predict.py`.
_FOLDER = frozenset({"model.onnx", "pipeline.json", "predict.py", "README.txt", "__pycache__"})


def why_not_ours(target: Path) -> str:
    """Why a file or folder may not be replaced, in words; empty for an export, or an empty folder."""
    if not target.is_dir():
        return "" if is_ours(target) else f"`{target}` is no export of speczoo"
    found = {item.name for item in target.iterdir()}
    if not found:
        return ""
    if (target / MARK_OF_SAVED_MODEL).is_file():
        known = _SAVED_MODEL
    elif _is_card(target / "pipeline.json"):
        known = _FOLDER
    else:
        return f"`{target}` is no export of speczoo"
    others = sorted(found - known)
    return f"`{target}` also holds `{others[0]}`, which no export wrote" if others else ""


def _is_card(file: Path) -> bool:
    try:
        card = json.loads(file.read_bytes())
        return "speczoo" in card["versions"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
