"""What tests of the verbs share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from consular.accounts.models import Role, User
from consular.core import clock
from consular.missions.models import Mission
from tests import factories
from tests.processes import Broker


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """A real broker."""
    running = Broker(tmp_path)
    yield running
    running.stop()


@pytest.fixture
def mission() -> Mission:
    """A mission of its own."""
    return factories.mission()


@pytest.fixture
def officer(mission: Mission) -> User:
    """A caseworker there."""
    return factories.official(Role.CASEWORKER, mission=mission)


@pytest.fixture
def noon() -> Iterator[None]:
    """Today at noon in UTC, when it is the same day in Asia: in the evening "today" would be two days."""
    with clock.at(clock.now().replace(hour=12)):
        yield
