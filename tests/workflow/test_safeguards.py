"""Safeguards of running processes, switched off alone: here the harm is done that each keeps away."""

import pytest
from django.db.models import Q

from consular.accounts.models import Role, User
from consular.core.errors import Refused
from consular.missions.models import Mission
from consular.workflow import permission, publishing, sealing, store, tasks
from consular.workflow.models import Definition
from tests import factories
from tests.harm import without_trigger
from tests.workflow.transitions import XML, started

pytestmark = pytest.mark.django_db


def test_without_asking_whose_it_is_a_second_claim_would_take_the_task_away(
    definition: Definition, delhi: Mission, clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = started(definition, delhi).entered[0].token_id
    colleague = factories.official(Role.INTAKE_CLERK, mission=delhi)
    store.claim(token, by=clerk)
    with pytest.raises(Refused):
        store.claim(token, by=colleague)

    monkeypatch.setattr(permission, "require_free", lambda row, by: None)
    with pytest.raises(Refused):
        store.claim(token, by=colleague)

    monkeypatch.setattr(tasks, "Q", lambda **_condition: Q())
    store.claim(token, by=colleague)

    assert tasks._task(token).assignee == colleague


def test_only_the_seal_keeps_out_a_process_that_was_put_into_the_database(
    delhi: Mission, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = publishing.publish("p", 1, XML)
    forged = XML.replace(b'<zeebe:property name="fourEyesWith" value="examine" />', b"")
    with without_trigger("workflow.Definition:published_forever"):
        Definition.objects.update(xml=forged, sha256=sealing.digest(forged))
    changed = Definition.objects.get(pk=published.pk)
    with pytest.raises(Refused):
        store.graph(changed)

    monkeypatch.setattr(sealing, "holds", lambda signature, facts: True)

    assert store.graph(changed).node("decide").four_eyes_with == ""
