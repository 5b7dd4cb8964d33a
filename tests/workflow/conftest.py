"""A mission, its people and the published Schengen process."""

from datetime import UTC, datetime

import pytest

from consular.accounts.models import Role, User
from consular.missions.models import Mission
from consular.workflow import store
from consular.workflow.models import Definition
from tests import factories
from tests.workflow import bpmn

NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
XML = bpmn.VISA


@pytest.fixture
def definition() -> Definition:
    return store.publish("schengen_visa", 1, XML)


@pytest.fixture
def delhi() -> Mission:
    return factories.mission("DELH")


@pytest.fixture
def clerk(delhi: Mission) -> User:
    return factories.official(Role.INTAKE_CLERK, mission=delhi)


@pytest.fixture
def officer(delhi: Mission) -> User:
    """Somebody who may do everything at the mission."""
    return factories.official(Role.INTAKE_CLERK, Role.CASEWORKER, Role.DECIDER, mission=delhi)
