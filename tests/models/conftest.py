"""Many models in one process: what each leaves in TensorFlow goes with its test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import graphs


@pytest.fixture(autouse=True)
def _graphs_of_a_test_freed() -> Iterator[None]:
    with graphs.freed():
        yield
