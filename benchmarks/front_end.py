"""How fast specs are checked: no Keras, one process, and the command as a whole.

    python benchmarks/front_end.py

Prints processor seconds beside wall-clock: on a shared machine only the first can be compared.
"""

from __future__ import annotations

import subprocess
import sys
import time
from itertools import cycle, islice

from zoo.spec import catalogue, check


def main() -> None:
    files = list(islice(cycle(catalogue.paths().values()), 100))
    check(files[0])
    wall, cpu = time.perf_counter(), time.process_time()
    for file in files:
        assert check(file).ok, file
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"100 specs checked in one process: {cpu:.2f} s of processor time, {wall:.2f} s of wall-clock")
    assert "keras" not in sys.modules and "tensorflow" not in sys.modules
    command = [sys.executable, "-m", "zoo.cli", "validate", str(catalogue.paths()["hrnn_lob"])]
    times = []
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    print(f"zoo validate hrnn_lob.yaml: {min(times):.2f} s of wall-clock, the best of 5")


if __name__ == "__main__":
    main()
