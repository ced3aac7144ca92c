"""``python -m zoo.build.gallery --out FOLDER``."""

from __future__ import annotations

import sys

from zoo.build.gallery.write import main

sys.exit(main(sys.argv[1:]))
