"""Each judgement of the verbs, switched off alone: here the harm is done that it keeps away."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from consular import casework
from consular.accounts.models import Role
from consular.cases.models import Case, CaseQuerySet
from consular.casework import administration, applicant, appointments, submission
from consular.casework.verb import verb
from consular.core import clock, jobs
from consular.core.errors import Refused
from consular.core.models import Job
from consular.missions.postings import Duties
from consular.workflow import permission
from consular.workflow.models import Instance
from tests import factories, stages
from tests.accounts.racing import race
from tests.meeting import Meeting

pytestmark = pytest.mark.django_db


def test_without_asking_whose_it_is_anybody_would_read_a_draft(monkeypatch: pytest.MonkeyPatch) -> None:
    draft = stages.draft(secret="the secret")
    monkeypatch.setattr(applicant, "_belongs_to", lambda case, actor, secret: True)

    assert casework.readable_draft(draft.reference, actor=factories.applicant()) == draft


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locked", [True, False])
def test_of_two_that_send_at_once_one_starts_a_process_because_of_the_lock(
    locked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    stages.ministry()
    draft = stages.draft(factories.applicant())
    meeting, read = Meeting(), submission._locked

    def late(*which: Any) -> Case:
        found = read(*which)
        meeting.arrive()
        return found

    monkeypatch.setattr(submission, "_locked", late)
    if not locked:
        monkeypatch.setattr(CaseQuerySet, "select_for_update", lambda cases, **_how: cases)

    sent = race(lambda: casework.submit(draft.pk, attested=stages.ATTESTED, actor=draft.owner), times=2)

    assert (sent, Instance.objects.count()) == ((1, 1) if locked else (2, 2))


def test_without_the_role_of_a_task_anybody_at_the_mission_would_complete_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    post = stages.ministry()
    case = stages.sent()
    monkeypatch.setattr(permission, "require_lane", lambda row, by, held=None: None)

    assert stages.do(case, post.decider, complete=True).pk == case.pk


def test_without_minding_who_has_taken_it_a_task_would_be_done_by_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    post = stages.ministry()
    case = stages.sent()
    casework.claim(case.reference, stages.open_task(case).pk, actor=post.clerk)
    colleague = factories.official(Role.INTAKE_CLERK, mission=post.mission)
    with pytest.raises(Refused) as refused:
        stages.do(case, colleague, complete=True)
    assert refused.value.code == "claimed"

    monkeypatch.setattr(permission, "require_free", lambda row, by: None)

    assert stages.do(case, colleague, complete=True).pk == case.pk


def test_only_knowing_the_person_keeps_officers_from_their_own_applications() -> None:
    post = stages.ministry()
    case = stages.sent()
    post.clerk.person = case.owner.person
    with pytest.raises(Refused) as refused:
        stages.do(case, post.clerk, complete=True)
    assert refused.value.code == "own_case"

    post.clerk.person = uuid4()

    assert stages.do(case, post.clerk, complete=True).pk == case.pk


def test_without_the_list_of_bookers_a_decider_would_book(monkeypatch: pytest.MonkeyPatch) -> None:
    post = stages.ministry()
    case = stages.sent()
    slot = stages.calendar(post.mission).slots.filter(starts_at__gt=clock.now()).last()
    with pytest.raises(Refused):
        casework.hold_slot(case.pk, slot.pk, actor=post.decider)

    monkeypatch.setattr(appointments, "BOOKERS", frozenset(Role))

    assert casework.hold_slot(case.pk, slot.pk, actor=post.decider).case_id == case.pk


def test_without_the_role_anybody_would_revive_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    jobs.promise("casework.acknowledge", key="one")
    Job.objects.update(dead_at=clock.now())
    job, clerk = Job.objects.get(), factories.official(Role.INTAKE_CLERK)
    with pytest.raises(Refused):
        casework.revive_job(job.pk, actor=clerk)

    held = Duties(everywhere=frozenset({Role.ADMINISTRATOR}))
    monkeypatch.setattr(administration, "duties", lambda user: held)

    assert casework.revive_job(job.pk, actor=clerk) == job


@verb
def promising(key: str) -> None:
    """A verb that promises one job."""
    jobs.promise("casework.acknowledge", key=key)


def test_a_verb_inside_another_transaction_fails_at_once() -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        promising("inner")

    promising("alone")
    assert Job.objects.get().key == "alone"


def test_without_that_what_a_verb_has_done_would_fall_with_the_transaction_around_it() -> None:
    with transaction.atomic():
        with transaction.atomic():
            jobs.promise("casework.acknowledge", key="inner")
        transaction.set_rollback(True)

    assert not Job.objects.exists()
