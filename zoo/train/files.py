"""``zoo.files`` as a training writes them: what cannot be written is a ``TrainError``."""

from __future__ import annotations

from functools import partial

from zoo import files
from zoo.errors import TrainError

check_file = partial(files.check_file, error=TrainError)
write_atomic = partial(files.write_atomic, error=TrainError)
whole_file = partial(files.whole_file, error=TrainError)
whole_folder = partial(files.whole_folder, error=TrainError)
