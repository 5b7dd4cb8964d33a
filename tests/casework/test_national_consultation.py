"""A national visa asks several authorities, each by its own rule of silence; one needs more time, one must answer."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from consular import casework
from consular.accounts.models import Role
from consular.cases.models import Case, Phase
from consular.casework import record, worker
from consular.core import clock, jobs
from consular.workflow import store
from consular.workflow.models import Token, TokenKind
from consular.workflow.publishing import Release, release
from tests import factories
from tests.casework import asking

pytestmark = pytest.mark.django_db

FOLDER = Path(settings.FORMS_DIR) / "national_visa" / "v1"
TABLES = {file.name: file.read_bytes() for file in FOLDER.glob("*.dmn")}
ROLES = (Role.INTAKE_CLERK, Role.CASEWORKER, Role.DECIDER, Role.HEAD_OF_SECTION)
ABH, SECURITY = "foreigners_authority", "security"


def begun(**facts: object) -> Case:
    """A case that was sent a moment ago."""
    case = factories.sent_case()
    asking.be_read(ABH, SECURITY, "employment_agency")
    with transaction.atomic():
        process = release(Release("national_visa", 1, (FOLDER / "process.bpmn").read_bytes(), tables=TABLES))
        variables = {"booked": True, **facts}
        step = store.start(process, mission=case.mission, variables=variables, now=clock.now())
        case.instance = step.instance
        case.save()
        record.advance(case, step, actor=None, at=clock.now())
    return case


def lodged(**facts: object) -> Case:
    """A case that was checked and lodged, its partners asked."""
    case = begun(**facts)
    do(case, complete=True)
    do(case)
    jobs.work()
    return case


def do(case: Case, task: str = "", **entered: Any) -> None:
    """Another officer each time completes the only open task, or the one named."""
    officer = factories.official(*ROLES, mission=case.mission)
    tokens = Token.objects.filter(instance=case.instance_id, kind=TokenKind.TASK)
    with transaction.atomic():
        token = tokens.get(node=task) if task else tokens.get()
        tokens.filter(pk=token.pk).update(assignee=officer)  # as if the queue had handed it out
        step = store.complete(token.pk, by=officer, variables=entered, now=clock.now())
        record.advance(case, step, actor=officer, at=clock.now())


def days_later(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    """So many days later the clock strikes and the worker works."""
    moment = clock.now() + timedelta(days=days)
    monkeypatch.setattr(clock, "now", lambda: moment)
    worker.wake(moment)
    jobs.work()


def test_more_time_ends_the_silence_that_counts_as_consent(monkeypatch) -> None:
    case = lodged(category="D_RESEARCH", prior_stay=True)
    before = asking.asked(case, ABH).silence

    asking.reply(case, "more_time", asking.member(ABH), partner=ABH)
    jobs.work()
    days_later(monkeypatch, 60)

    assert (before, asking.asked(case, ABH).silence) == ("consent", "none")
    assert asking.given(case, ABH) == [("more_time", False, False)]
    asking.reply(case, "objection", asking.member(ABH), partner=ABH)
    assert asking.given(case, ABH)[1:] == [("objection", False, False)]


def test_silence_of_the_foreigners_authority_counts_after_ten_days_and_security_is_reminded(
    monkeypatch,
) -> None:
    case = lodged(category="D_RESEARCH", prior_stay=True)

    days_later(monkeypatch, 12)
    assert asking.given(case, ABH) == [("consent", True, False)]
    assert asking.given(case, SECURITY) == []
    days_later(monkeypatch, 18)

    assert asking.told(case) == ["consulted", "consulted", "deemed", "reminded"]
    assert "await_explicit" in asking.nodes(case)


def test_a_reminder_names_the_same_day_again_and_not_that_of_the_next_reminder(monkeypatch) -> None:
    case = lodged(category="D_LANG")
    before = asking.asked(case, SECURITY).due_at

    days_later(monkeypatch, 30)

    assert asking.told(case) == ["consulted", "reminded"]
    assert asking.asked(case, SECURITY).due_at == before
    assert before - clock.now() > timedelta(days=50)


def test_who_never_answers_is_settled_by_the_head_of_section_and_counts_as_no_answer(monkeypatch) -> None:
    case = lodged(category="D_LANG")
    do(case, "search_registers")
    assert Case.objects.get(pk=case.pk).phase == Phase.WAITING

    for days in (30, 30, 30):
        days_later(monkeypatch, days)
    do(case, "settle_silence", wait_on=False)
    jobs.work()

    assert asking.given(case, SECURITY) == [("none", True, False)]
    assert asking.variables(case)["consents"] == "missing"
    do(case, recommendation="grant")
    assert "review_objection" in asking.nodes(case)


@pytest.mark.parametrize("wait_on", [True, False])
def test_an_answer_that_comes_while_the_silence_is_settled_counts_however_it_is(
    monkeypatch, wait_on: bool
) -> None:
    case = lodged(category="D_LANG")
    for days in (30, 30, 30):
        days_later(monkeypatch, days)
    asking.reply(case, "objection", asking.member(SECURITY), partner=SECURITY)
    jobs.work()
    assert "settle_silence" in asking.nodes(case)

    do(case, "settle_silence", wait_on=wait_on)
    jobs.work()

    assert asking.given(case, SECURITY) == [("objection", False, False)]
    assert asking.asked(case, SECURITY).closed_at is not None
    assert not {"await_explicit", "record_silence"} & set(asking.nodes(case))


@pytest.mark.django_db(transaction=True)
def test_the_back_office_takes_what_is_due_first_and_reads_the_case_as_long_as_it_has_the_task() -> None:
    office = factories.mission("BFAA", kind="back_office")
    officer = factories.official(Role.CASEWORKER, mission=office)
    case = begun(category="D_VOC")
    task = Token.objects.get(instance=case.instance_id, kind=TokenKind.TASK)
    assert (task.node, task.mission, task.allocation) == ("precheck_back_office", office, "oldest")
    assert Case.objects.visible_to(officer).filter(pk=case.pk).exists()

    assert casework.claim_next(office.pk, Role.CASEWORKER, actor=officer) == case.reference
    with transaction.atomic():
        step = store.complete(task.pk, by=officer, variables={"complete": True}, now=clock.now())
        record.advance(case, step, actor=officer, at=clock.now())

    lodge = Token.objects.get(instance=case.instance_id, kind=TokenKind.TASK)
    assert (lodge.node, lodge.mission) == ("lodge", case.mission)
    assert not Case.objects.visible_to(officer).filter(pk=case.pk).exists()
