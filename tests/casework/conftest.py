"""What tests of the verbs share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from consular.core import clock
from tests.processes import Broker


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """A real broker."""
    running = Broker(tmp_path)
    yield running
    running.stop()


@pytest.fixture
def noon() -> Iterator[None]:
    """Today at noon in UTC, when it is the same day in Asia: in the evening "today" would be two days."""
    with clock.at(clock.now().replace(hour=12)):
        yield
