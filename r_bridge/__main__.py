"""``python -m r_bridge script.R args...`` runs an R script in this Python; without a script, an R console."""

from __future__ import annotations

import sys

from r_bridge import host
from zoo.errors import ZooError


def main(arguments: list[str]) -> int:
    """Run what the command line asks for; returns the exit status."""
    if arguments and arguments[0] in ("-h", "--help"):
        print(__doc__)
        return 0
    if arguments and arguments[0].startswith("-"):
        print(f"python -m r_bridge has no option `{arguments[0]}`\n\n{__doc__}", file=sys.stderr)
        return 2
    try:
        return host.run_file(arguments[0], arguments[1:]) if arguments else host.run_console()
    except ZooError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
