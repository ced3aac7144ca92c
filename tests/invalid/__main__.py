"""``python -m tests.invalid``: which messages differ from their goldens; ``--write`` writes them anew."""

from __future__ import annotations

import sys

from tests.invalid import golden


def main() -> int:
    """Compares or writes every golden; 1 when some differ."""
    differ = 0
    for path in golden.cases():
        said = f"{golden.check(path)}\n"
        kept = golden.golden(path)
        if kept.exists() and kept.read_text("utf-8") == said:
            continue
        differ += 1
        print(f"=== {path.name}\n{said}")
        if "--write" in sys.argv:
            kept.write_text(said, "utf-8")
    for orphan in sorted(set(golden.FOLDER.glob("*.txt")) - {golden.golden(path) for path in golden.cases()}):
        differ += 1
        print(f"=== {orphan.name} has no spec")
        if "--write" in sys.argv:
            orphan.unlink()
    return int(differ > 0 and "--write" not in sys.argv)


if __name__ == "__main__":
    sys.exit(main())
