"""What tests of the verbs share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes import Broker


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """A real broker."""
    running = Broker(tmp_path)
    yield running
    running.stop()
