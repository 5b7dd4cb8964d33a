"""Transitions as rows, on the Schengen process."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from consular.accounts.models import Role, User
from consular.core.errors import Refused
from consular.missions.models import Mission
from consular.workflow import store
from consular.workflow.models import Definition, Instance, Token
from tests import factories

NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
XML = (settings.FORMS_DIR / "schengen_visa" / "v1" / "process.bpmn").read_bytes()

pytestmark = pytest.mark.django_db


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


def started(definition: Definition, mission: Mission, **variables: object) -> store.Advance:
    return store.start(definition, mission=mission, variables=variables, now=NOW)


def done(advance: store.Advance, by: User, **variables: object) -> store.Advance:
    return store.complete(advance.entered[0].token_id, by=by, variables=variables, now=NOW)


def test_a_case_travels_from_the_form_to_the_hand_over(definition: Definition, delhi: Mission, officer: User) -> None:
    decider = factories.official(Role.DECIDER, mission=delhi)
    steps = [started(definition, delhi, booked=True)]
    steps.append(done(steps[-1], officer, complete=True))
    steps.append(done(steps[-1], officer))
    steps.append(done(steps[-1], officer, recommendation="grant"))
    steps.append(done(steps[-1], decider, approved=True))
    steps.append(store.finish_service(steps[-1].entered[0].token_id, variables={}, now=NOW))
    steps.append(done(steps[-1], officer))

    assert [[entered.node for entered in step.entered] for step in steps] == [
        ["check_completeness"], ["lodge"], ["examine"], ["decide"], ["issue_letter"], ["hand_over"], [],
    ]
    assert [step.phase for step in steps] == [
        "in_review", "in_review", "in_review", "in_review", "decided", "ready", "closed",
    ]
    assert [step.ended for step in steps] == [False] * 6 + [True]
    assert steps[4].entered[0].service_type == "casework.issue"
    instance = Instance.objects.get()
    assert (instance.phase, instance.revision, instance.ended_at) == ("closed", 7, NOW)
    assert not Token.objects.exists()
