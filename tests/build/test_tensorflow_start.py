"""What a plain program sees on standard error, nothing of TensorFlow's start, and the memory that is kept."""

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


KEPT = """
import resource
import zoo
zoo.build(zoo.load("rnn_sine"))
import tensorflow as tf
large = tf.ones(2**24)
del large
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(5):
    large = tf.ones(2**24)
    del large
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def _pages(**settings: str) -> int:
    """That the system had to hand out for five tensors of 64 MB, one after the other."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("TF_CPU_")} | settings
    ran = subprocess.run([sys.executable, "-c", KEPT], env=env, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr
    return int(ran.stdout)


def test_tensorflow_keeps_its_memory_and_who_wants_it_back_says_so() -> None:
    given_back = _pages(TF_CPU_ALLOCATOR_USE_BFC="false")
    assert given_back > 100
    assert _pages() < given_back / 10


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
from zoo.build.tensorflow_start import _without_noise
with _without_noise():
    os.write(2, b"E0000 00:00:1.1 1 cuda_platform.cc:52] failed call to cuInit\\nE0000 something else\\n")
os.close(2)
with _without_noise():
    pass
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ran.returncode == 0 and ran.stderr == "E0000 something else\n"
