"""Transitions in short words, for tests on rows."""

from datetime import UTC, datetime

import pytest
from django.db import transaction

from consular.accounts.models import User
from consular.core.errors import Refused
from consular.missions.models import Mission
from consular.workflow import store
from consular.workflow.models import Definition
from tests.workflow import bpmn

NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
XML = bpmn.VISA


def started(definition: Definition, mission: Mission, **variables: object) -> store.Advance:
    return store.start(definition, mission=mission, variables=variables, now=NOW)


def done(advance: store.Advance, by: User, **variables: object) -> store.Advance:
    return store.complete(advance.entered[0].token_id, by=by, variables=variables, now=NOW)


def refused(token_id: int, by: User, **variables: object) -> Refused:
    with pytest.raises(Refused) as raised, transaction.atomic():
        store.complete(token_id, by=by, variables=variables, now=NOW)
    return raised.value


def proposed(definition: Definition, mission: Mission, by: User) -> store.Advance:
    advance = done(started(definition, mission, booked=True), by, complete=True)
    return done(done(advance, by), by, recommendation="grant")
