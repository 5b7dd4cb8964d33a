"""Applicants are told in good time that an application will lapse, with the day, and afterwards that it did."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format

from consular import casework
from consular.cases.models import Case, Phase, TaskEntry
from consular.casework import asking, record, worker
from consular.casework.officer import NotRight
from consular.core import clock, jobs
from consular.decisions import keys
from consular.notifications import sending
from consular.notifications.models import Notification
from consular.workflow import store
from consular.workflow import waiting as process_waiting
from consular.workflow.days import last_day
from tests import factories, stages
from tests.workflow import bpmn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("missions")]

MUMBAI = ZoneInfo("Asia/Kolkata")
BEGIN = datetime(2026, 11, 30, 18, 0, tzinfo=MUMBAI)
LAST_DAY = date(2027, 2, 28)
"""Three months after 30 November: February has no thirtieth."""


@pytest.fixture
def post() -> stages.Post:
    return stages.ministry()


@pytest.fixture
def waiting(post: stages.Post, monkeypatch: pytest.MonkeyPatch) -> Case:
    """A case whose applicant was asked something on the last of November."""
    monkeypatch.setattr(clock, "now", lambda: BEGIN)
    case = stages.sent()
    jobs.work()
    return stages.do(case, post.clerk, complete=False, request="A photograph, please.")


def on(monkeypatch: pytest.MonkeyPatch, day: date, hour: int = 12) -> None:
    """The clock strikes on this day at the mission, and the worker works."""
    moment = datetime(day.year, day.month, day.day, hour, tzinfo=MUMBAI)
    monkeypatch.setattr(clock, "now", lambda: moment)
    worker.wake(moment)
    jobs.work()


def mails() -> list[tuple[str, object]]:
    """The mails about the deadline, with the day they name."""
    told = Notification.objects.filter(kind__in=["reminder", "closed"]).order_by("pk")
    return [(row.kind, row.facts.get("day")) for row in told]


def test_two_mails_name_the_last_day_and_a_third_says_that_it_is_over(waiting: Case, monkeypatch) -> None:
    on(monkeypatch, LAST_DAY - timedelta(days=14), hour=8)
    assert mails() == []
    on(monkeypatch, LAST_DAY - timedelta(days=14))
    on(monkeypatch, LAST_DAY - timedelta(days=3))
    on(monkeypatch, LAST_DAY, hour=23)
    assert mails() == [("reminder", "2027-02-28"), ("reminder", "2027-02-28")]

    on(monkeypatch, LAST_DAY + timedelta(days=1), hour=1)

    waiting.refresh_from_db()
    assert (waiting.phase, waiting.outcome) == (Phase.CLOSED, "lapsed")
    assert mails()[2:] == [("closed", None)]
    told = waiting.events.filter(kind="applicant_reminded")
    assert told.count() == 2


def test_who_answers_after_the_first_reminder_is_left_in_peace(waiting: Case, monkeypatch) -> None:
    on(monkeypatch, LAST_DAY - timedelta(days=14))
    casework.reply(waiting.pk, "Here it is.", actor=waiting.owner)

    for days in (3, 0, -1):
        on(monkeypatch, LAST_DAY - timedelta(days=days))

    assert mails() == [("reminder", "2027-02-28")]
    assert Case.objects.get(pk=waiting.pk).outcome == ""


def test_the_officer_chooses_the_last_day_for_one_request_and_the_next_has_the_usual_one(
    post: stages.Post, monkeypatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: BEGIN)
    case, begun = stages.sent(), BEGIN.date()
    jobs.work()
    asked = {"complete": False, "request": "A photograph, please."}
    for days in (-1, 6, 200):
        with pytest.raises(NotRight):
            stages.do(case, post.clerk, **asked, answer_by=(begun + timedelta(days=days)).isoformat())
    chosen = begun + timedelta(days=10)
    case = stages.do(case, post.clerk, **asked, answer_by=chosen.isoformat())

    on(monkeypatch, begun, hour=19)
    assert mails() == [], "two weeks before it is over already: that is no reminder"
    on(monkeypatch, chosen - timedelta(days=3))
    assert mails() == [("reminder", chosen.isoformat())]
    assert until(case) == chosen
    casework.reply(case.pk, "Here it is.", actor=case.owner)
    case = stages.do(Case.objects.get(pk=case.pk), post.clerk, **asked)
    assert until(case) == date(2027, 3, 7)

    monkeypatch.setattr(asking, "terms", lambda _page, variables: variables)  # negative control
    casework.reply(case.pk, "Here it is again.", actor=case.owner)
    again = stages.do(Case.objects.get(pk=case.pk), post.clerk, **asked, answer_by="2026-12-31")
    casework.reply(case.pk, "And again.", actor=case.owner)
    again = stages.do(Case.objects.get(pk=again.pk), post.clerk, **asked)
    assert until(again) == date(2026, 12, 31)


def until(case: Case) -> date:
    """The last day on which the applicant can answer."""
    due = process_waiting.until(case.instance_id, asking.ANSWERED)
    return last_day(due, MUMBAI)


def test_a_reminder_whose_worker_comes_after_the_answer_mails_nothing(waiting: Case, monkeypatch) -> None:
    moment = datetime(2027, 2, 14, 12, tzinfo=MUMBAI)
    monkeypatch.setattr(clock, "now", lambda: moment)
    worker.wake(moment)
    casework.reply(waiting.pk, "Here it is.", actor=waiting.owner)

    jobs.work()

    assert mails() == []
    assert not waiting.instance.tokens.filter(node="remind_of_answer").exists()


def test_when_the_clock_was_down_nobody_is_reminded_of_a_day_that_has_passed(
    waiting: Case, monkeypatch
) -> None:
    on(monkeypatch, LAST_DAY + timedelta(days=40))

    assert mails() == [("closed", None)]


@pytest.mark.parametrize(
    ("language", "shown"), [("en", "28 February 2027"), ("de", "28. Februar 2027"), ("fr", "28 février 2027")]
)
def test_the_day_is_written_in_the_language_of_the_reader(
    waiting: Case, monkeypatch, language: str, shown: str
) -> None:
    waiting.owner.language = language
    waiting.owner.save()
    on(monkeypatch, LAST_DAY - timedelta(days=3))

    mail = sending.compose(Notification.objects.filter(kind="reminder").latest("pk"))

    assert shown in mail.body
    assert waiting.reference not in mail.body
    assert shown not in mail.subject


SLOW = bpmn.process(
    bpmn.start(),
    bpmn.receive("wait", phase="your_turn"),
    bpmn.on_timer("slow", "wait", "P30D", cancel="false"),
    bpmn.on_timer("late", "wait", "P60D", ends="day"),
    bpmn.element(
        "serviceTask",
        "write",
        "",
        '<zeebe:taskDefinition type="casework.write"/>'
        + bpmn.properties(letter="L04.reminder", deadline="late"),
    ),
    bpmn.end("reminded"),
    bpmn.end("over"),
    bpmn.end(),
    bpmn.path("start", "wait", "end"),
    bpmn.path("slow", "write", "reminded"),
    bpmn.path("late", "over"),
)
"""A letter reminds of an answer that may come for another thirty days."""


def test_a_letter_names_the_day_of_the_timer_that_its_step_names(monkeypatch) -> None:
    keys.make_local()
    case = factories.sent_case()
    officer = factories.official(mission=case.mission)
    TaskEntry.objects.create(
        case=case, form="completeness", by=officer, at=clock.now(), entries={"request": "A photograph"}
    )
    with transaction.atomic():
        definition = store.publish(f"p{case.pk}", 1, SLOW)
        step = store.start(definition, mission=case.mission, variables={}, now=clock.now())
        case.instance = step.instance
        case.save()
        record.advance(case, step, actor=None, at=clock.now())
    last = clock.today(case.mission.time_zone) + timedelta(days=60)

    moment = clock.now() + timedelta(days=31)
    monkeypatch.setattr(clock, "now", lambda: moment)
    worker.wake(moment)
    jobs.work()

    with translation.override("en"):
        assert date_format(last) in str(case.letters.get(kind="L04").values)
