"""What the database itself keeps true of a case, and what would happen without it."""

import pgtrigger
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from consular.cases.models import Case, Event, Phase
from tests import factories, stages

pytestmark = pytest.mark.django_db

APPEND_ONLY = ["cases.Event:append_only", "cases.TaskEntry:append_only"]


@pytest.fixture
def case() -> Case:
    stages.ministry()
    return stages.sent()


def test_the_history_is_neither_changed_nor_deleted(case: Case) -> None:
    history = Event.objects.filter(case=case)

    for tamper in (lambda: history.update(kind="nothing"), history.delete):
        with pytest.raises(DatabaseError, match="append_only|Cannot update or delete"), transaction.atomic():
            tamper()

    assert history.filter(kind="submitted").exists()


def test_without_the_trigger_the_history_would_be_changed(case: Case) -> None:
    with pgtrigger.ignore(*APPEND_ONLY):
        Event.objects.filter(case=case).update(kind="nothing")

    assert set(Event.objects.filter(case=case).values_list("kind", flat=True)) == {"nothing"}


@pytest.mark.parametrize("lacks", ["owner", "mission", "instance", "submitted_at"])
def test_a_sent_case_has_an_owner_a_mission_a_process_and_a_day(case: Case, lacks: str) -> None:
    with pytest.raises(IntegrityError, match="a_sent_case_has"), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(**{lacks: None})


def test_without_the_constraint_a_case_could_be_sent_to_nobody() -> None:
    draft = stages.draft(factories.applicant())
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE cases_case DROP CONSTRAINT a_sent_case_has_owner_mission_and_process")

    assert Case.objects.filter(pk=draft.pk).update(phase=Phase.IN_REVIEW) == 1
