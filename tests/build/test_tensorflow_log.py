"""What a plain program sees on standard error: nothing of TensorFlow's start, and all of its own."""

from __future__ import annotations

import os
import subprocess
import sys

PROGRAM = """
import sys
import zoo
if "keras" in sys.modules or "tensorflow" in sys.modules:
    raise SystemExit("import zoo loads Keras")
import logging
level = logging.getLogger("tensorflow").level
model = zoo.build(zoo.loads('''
spec: 1
name: little
inputs: {x: {shape: [3]}}
graph: {y: [x, Dense: 2]}
outputs: {y: {loss: mse}}
'''))
assert logging.getLogger("tensorflow").level == level or level == 0
print("of its own", file=sys.stderr)
"""


def test_a_plain_program_is_not_told_of_missing_drivers() -> None:
    env = {name: value for name, value in os.environ.items() if name != "TF_CPP_MIN_LOG_LEVEL"}
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=env, capture_output=True, text=True, timeout=120
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == "of its own\n"


def test_what_is_no_known_noise_passes() -> None:
    program = """
import os
from zoo.build.tensorflow_log import _without_noise
with _without_noise():
    os.write(2, b"E0000 00:00:1.1 1 cuda_platform.cc:52] failed call to cuInit\\nE0000 something else\\n")
os.close(2)
with _without_noise():
    pass
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ran.returncode == 0 and ran.stderr == "E0000 something else\n"
